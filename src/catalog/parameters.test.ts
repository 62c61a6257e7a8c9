/** Every parameter of every method survives its link, whatever it is set to. */
import { describe, expect, it } from 'vitest';
import { variations } from '../methods/testing/values';
import { canonical, decode, encode, hash, methods, parse } from './index';

// A layer that is not the default of any parameter.
const all = methods.flatMap(({ id, params }) =>
  variations(params, 'fc2').map(([name, values]) => [id, name, values] as const),
);
describe('links keep', () => {
  it.each(all)('%s: %s', (id, _, values) => {
    const parsed = parse({ v: 1, recipe: [{ do: id, with: values }] });
    if (!parsed.ok) throw new Error(parsed.problems[0].message);
    const { experiment, problems } = decode(encode(parsed.experiment));
    expect(problems).toEqual([]);
    expect(canonical(experiment)).toBe(canonical(parsed.experiment));
    expect(experiment.recipe[0]).toEqual({ do: id, with: values });
    expect(hash(experiment)).not.toBe(hash({ ...experiment, recipe: [{ do: id }] }));
  });
});

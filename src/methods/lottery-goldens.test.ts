/** Criteria of beginning and end, constants and narrow networks against NumPy (goldens/lottery.py). */
import { describe, expect, it } from 'vitest';
import { dense, network, weightLayers } from '../models/build';
import { tensorsOf } from '../models/tensors';
import type { Arch, NetState } from '../models/types';
import { withDefaults } from '../spec/defaults';
import { criteria } from './criteria/registry';
import { context, trainedState } from './fixtures';
import golden from './goldens/lottery.json';
import { prune } from './prune';
import { survivors } from './select';
import { smallDense } from './small-dense';
import { startValues } from './start-values';

const arch = network([1, 1, 20], [dense('fc1', 12, 'linear')]);
function state(): NetState {
  const of = (kernel: readonly number[]) =>
    Object.fromEntries(
      tensorsOf(arch).map(({ name, length, role }) => [
        name,
        role === 'kernel' ? Float32Array.from(kernel) : new Float32Array(length),
      ]),
    );
  return { ...trainedState(arch), tensors: of(golden.final), start: of(golden.initial) };
}

describe('criteria of beginning and end', () => {
  it.each(golden.criteria)('$id: three rounds', ({ id, rounds }) => {
    let now = state();
    for (const { removed, mask } of rounds) {
      const sparsity = removed / survivors(now.masks['fc1/kernel'], golden.final.length);
      const values = withDefaults(prune.params, { criterion: id, sparsity, outputHalf: false });
      now = prune.apply(now, values, context(arch));
      expect(now.masks['fc1/kernel'].join('')).toBe(mask);
    }
  });
  it('are all there', () => {
    const known = criteria.filter(({ drawsTies }) => drawsTies).map(({ id }) => id);
    expect(golden.criteria.map(({ id }) => id).sort()).toEqual(known.sort());
  });
});

it('constants are the standard deviation of the beginning, about zero', () => {
  const { std, aboutZero } = golden.constants;
  const made = startValues.apply(state(), withDefaults(startValues.params, {}), context(arch));
  for (const w of made.tensors['fc1/kernel']) expect(Math.abs(w)).toBeCloseTo(aboutZero, 7);
  expect(Math.abs(aboutZero / std - 1)).toBeLessThan(0.01);
});

describe('a dense network of equal size', () => {
  const chain = (inputs: number, hidden: readonly number[], classes: number): Arch =>
    network(
      [1, 1, inputs],
      [...hidden.map((units, i) => dense(`fc${i + 1}`, units)), dense('out', classes, 'linear')],
    );
  it.each(golden.narrow)('$inputs-$hidden-$classes with $left left', (wanted) => {
    const wide = chain(wanted.inputs, wanted.hidden, wanted.classes);
    const now = withLeft(trainedState(wide), wanted.left);
    const after = smallDense.apply(now, { draw: 0 }, context(wide));
    expect(after.arch).toEqual(chain(wanted.inputs, wanted.widths, wanted.classes));
    expect(after.removed).toBe(weights(wide) - wanted.weights);
  });
});
const weights = (of: Arch) =>
  weightLayers(of).reduce((sum, l) => (l.kind === 'dense' ? sum + l.in * l.out : sum), 0);
/** Masks, filled from the front, that leave so many weights in all. */
function withLeft(state: NetState, left: number): NetState {
  let more = left;
  const masks = weightLayers(state.arch).map((layer) => {
    const name = `${layer.name}/kernel`;
    const mask = state.tensors[name].map(() => (more-- > 0 ? 1 : 0));
    return [name, Uint8Array.from(mask)];
  });
  return { ...state, masks: Object.fromEntries(masks) };
}

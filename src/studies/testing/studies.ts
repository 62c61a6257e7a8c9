/** Any valid study, for properties. */
import fc from 'fast-check';
import { models } from '../../catalog';
import type { Param, Params, ParamTable } from '../../spec/params';
import { defaultStudy } from '../index';
import { kinds } from '../registry';
import type { Study } from '../types';

function value(param: Param): fc.Arbitrary<number | string | boolean> {
  switch (param.kind) {
    case 'number': {
      const { min, max, step, integer } = param;
      if (integer) return fc.integer({ min, max });
      return fc.integer({ min: 0, max: Math.round((max - min) / step) }).map((i) => {
        const n = Number((min + i * step).toPrecision(6));
        return Math.min(max, Math.max(min, n));
      });
    }
    case 'choice':
      return fc.constantFrom(...param.options);
    case 'flag':
      return fc.boolean();
    default:
      throw new Error(`studies have no parameters of kind ${param.kind}`);
  }
}
const paramsOf = (table: ParamTable): fc.Arbitrary<Params> =>
  fc.record(Object.fromEntries(Object.entries(table).map(([name, param]) => [name, value(param)])), {
    requiredKeys: [],
  }) as fc.Arbitrary<Params>;

const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });
export const studies = (kind?: string): fc.Arbitrary<Study> =>
  fc.constantFrom(...kinds.filter(({ id }) => !kind || id === kind)).chain(({ id, params }) =>
    fc.record({
      v: fc.constant(1 as const),
      kind: fc.constant(id),
      data: fc.constantFrom('mnist', 'fashion-mnist', 'cifar-10', 'own-0123456789ab'),
      model: fc.constantFrom(...models.map((m) => m.id), 'mlp-20-10'),
      with: paramsOf(params as ParamTable),
      seeds: fc.record({ init: seed, order: seed, method: seed }),
      replicates: fc.integer({ min: 1, max: 10 }),
    }),
  );
export const study = (values: Params, more: Partial<Study> = {}): Study => ({
  ...defaultStudy(),
  ...more,
  with: values,
});

/** Arbitrary valid experiments of a catalog, for property tests. Built from the tables, not by the schema. */
import fc from 'fast-check';
import { type Catalog, tableOf } from '../catalog';
import { guardRecipe } from '../guard';
import { LIMITS } from '../limits';
import type { NumberParam, Param, ParamTable } from '../params';
import { replaceCard, walkCards } from '../path';
import { type Experiment, isMethod, type Step } from '../types';

const LAYERS = ['fc1', 'fc2', 'out', 'conv1', 'fc1.u', 'fc1.v', 'A-b_c9', 'a'];

const numberOf = ({ min, max, integer }: NumberParam): fc.Arbitrary<number> =>
  integer
    ? fc.integer({ min, max })
    : fc.oneof(
        fc.double({ min, max, noNaN: true }).map((n) => n + 0),
        fc.constantFrom(min, max),
      );

function anyValue(param: Param, table: ParamTable): fc.Arbitrary<unknown> {
  switch (param.kind) {
    case 'number':
      return numberOf(param);
    case 'choice':
      return fc.constantFrom(...param.options);
    case 'flag':
      return fc.boolean();
    case 'layers':
      return fc.uniqueArray(fc.constantFrom(...LAYERS), { maxLength: 4 });
    case 'file':
      return fc.constantFrom('', 'file-0123456789ab', 'file-ffffffffffff');
    case 'perLayer':
      return fc.dictionary(fc.constantFrom(...LAYERS), numberOf(table[param.of] as NumberParam), {
        maxKeys: 3,
        noNullPrototype: true,
      });
  }
}

function methodCard(catalog: Catalog): fc.Arbitrary<Step> {
  const cards = Object.entries(catalog.methods).map(([id, table]) => {
    const fields = Object.fromEntries(Object.entries(table).map(([n, param]) => [n, anyValue(param, table)]));
    const values = fc.record(fields, { requiredKeys: [], noNullPrototype: true });
    return fc.tuple(fc.option(values), fc.boolean()).map(([given, off]) => ({
      do: id,
      ...(given && { with: given }),
      ...(off && { off: true as const }),
    }));
  });
  return fc.oneof(...cards) as fc.Arbitrary<Step>;
}

function cards(catalog: Catalog, depth: number): fc.Arbitrary<Step[]> {
  const method = methodCard(catalog);
  if (depth === LIMITS.depth) return fc.array(method, { maxLength: 3 });
  const inner: fc.Arbitrary<Step[]> = fc.oneof(fc.constant<Step[]>([]), cards(catalog, depth + 1));
  const off = fc.constantFrom<{ off?: true }>({}, {}, { off: true });
  const repeat = fc
    .tuple(fc.integer({ min: 1, max: depth === 1 ? 40 : 5 }), inner, off)
    .map(([rounds, steps, o]) => ({ repeat: rounds, steps, ...o }));
  const arm = fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/),
    fc.constantFrom('ticket', 'reinit', 'length', 'steps'),
  );
  const arms = fc
    .uniqueArray(fc.tuple(arm, inner), { minLength: 1, maxLength: 3, selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries));
  const fork = fc.tuple(arms, off).map(([f, o]) => ({ fork: f, ...o }));
  return fc.array(fc.oneof({ weight: 4, arbitrary: method }, repeat, fork), { maxLength: 4 });
}

/** Anything that `parseExperiment` must accept. */
export function experiments(catalog: Catalog): fc.Arbitrary<Experiment> {
  const seed = fc.oneof(fc.constant(1), fc.integer({ min: 0, max: 2 ** 31 - 1 }));
  const plain = fc.record(
    {
      v: fc.constant(1 as const),
      data: fc.constantFrom(...catalog.datasets.map(({ id }) => id), 'own-0123456789ab'),
      model: fc.constantFrom(...catalog.models.map(({ id }) => id)),
      recipe: cards(catalog, 1),
      seeds: fc.record({ init: seed, order: seed, method: seed }, { noNullPrototype: true }),
      replicates: fc.integer({ min: 1, max: 10 }),
    },
    { noNullPrototype: true },
  );
  return plain
    .filter(({ model, data }) => fits(catalog, model, data))
    .map((experiment) => withKnownLayers(experiment, catalog))
    .filter((experiment) => guardRecipe(experiment).length === 0)
    .chain((experiment) =>
      fc.option(sweeps(experiment, catalog)).map((sweep) => ({ ...experiment, ...sweep })),
    );
}

/** Whether the images are large enough for the network. */
function fits(catalog: Catalog, model: string, data: string): boolean {
  try {
    catalog.layersOf?.(model, data);
    return true;
  } catch {
    return false;
  }
}

/** Takes away layers that the drawn network does not have. */
function withKnownLayers(experiment: Experiment, catalog: Catalog): Experiment {
  const layers = catalog.layersOf?.(experiment.model, experiment.data);
  if (!layers) return experiment;
  const known = (name: string) => layers.some((l) => l.name === name.replace(/\.[uv]$/, ''));
  const dense = (name: string) => layers.some((l) => l.dense && l.name === name);
  let next = experiment;
  for (const { at, step } of walkCards(experiment)) {
    if (!isMethod(step) || !step.with) continue;
    const kept = Object.entries(step.with).map(([param, value]) => {
      if (Array.isArray(value)) return [param, value.filter(dense)];
      if (typeof value !== 'object') return [param, value];
      return [param, Object.fromEntries(Object.entries(value).filter(([name]) => known(name)))];
    });
    next = replaceCard(next, at, { ...step, with: Object.fromEntries(kept) });
  }
  return next;
}

function sweeps(experiment: Experiment, catalog: Catalog): fc.Arbitrary<Pick<Experiment, 'sweep'>> {
  const places = [...walkCards(experiment)].flatMap(({ at, step }) => {
    const sweepable = isMethod(step) && (catalog.live?.has(step.do) ?? true);
    const table = sweepable ? tableOf(catalog, step.do)! : {};
    return Object.entries(table).flatMap(([param, p]) => (p.kind === 'number' ? [{ at, param, p }] : []));
  });
  if (!places.length) return fc.constant({});
  return fc
    .constantFrom(...places)
    .chain(({ at, param, p }) =>
      fc
        .array(numberOf(p), { minLength: 1, maxLength: 6 })
        .map((values) => ({ sweep: { at, param, values } })),
    );
}

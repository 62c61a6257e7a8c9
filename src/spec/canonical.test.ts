import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, canonicalJson, effective, hashExperiment, hashOf } from './canonical';
import {
  defaultExperiment,
  fillDefaults,
  stripDefaults,
  stripParams,
  valuesOf,
  withDefaults,
} from './defaults';
import { testCatalog } from './testing/catalog';
import { experiments } from './testing/experiments';
import { type Experiment, isMethod } from './types';

const hash = (experiment: Experiment) => hashExperiment(experiment, testCatalog);
const [basic, rounds] = testCatalog.presets.map(({ experiment }) => experiment);

/** The same value with the fields of every object in reverse order, arms of forks excepted. */
function reversed(value: unknown, keep = false): unknown {
  if (Array.isArray(value)) return value.map((item) => reversed(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([k, v]) => [k, reversed(v, k === 'fork')]);
  return Object.fromEntries(keep ? entries : entries.reverse());
}

describe('canonical', () => {
  it('does not depend on the order of fields', () => {
    fc.assert(
      fc.property(experiments(testCatalog), (experiment) => {
        const other = reversed(experiment) as Experiment;
        expect(canonical(other, testCatalog)).toBe(canonical(experiment, testCatalog));
      }),
    );
  });

  it('does not depend on whether defaults are spelled out', () => {
    fc.assert(
      fc.property(experiments(testCatalog), (experiment) => {
        const full = fillDefaults(experiment, testCatalog);
        expect(hash(full)).toBe(hash(experiment));
        expect(stripDefaults(full, testCatalog)).toEqual(stripDefaults(experiment, testCatalog));
      }),
    );
  });

  it('says as little as possible', () => {
    expect(canonical(defaultExperiment(), testCatalog)).toBe('{"recipe":[],"v":1}');
    expect(canonical(basic, testCatalog)).toBe(
      '{"recipe":[{"do":"train"},{"do":"prune","with":{"scope":"global"}},{"do":"factorize","off":true}],' +
        '"sweep":{"at":"recipe.1","param":"sparsity","values":[0,0.5,0.9]},"v":1}',
    );
  });

  it('tells trunk from control: the order of arms is part of the meaning', () => {
    const arms = (names: string[]) => ({
      ...defaultExperiment(),
      recipe: [{ fork: Object.fromEntries(names.map((name) => [name, []])) }],
    });
    expect(hash(arms(['ticket', 'control']))).not.toBe(hash(arms(['control', 'ticket'])));
  });

  it('takes a set of layers as a set, and -0 as 0', () => {
    const layers = (names: string[]) => ({
      ...defaultExperiment(),
      recipe: [{ do: 'factorize', with: { layers: names } }],
    });
    expect(hash(layers(['fc2', 'fc1']))).toBe(hash(layers(['fc1', 'fc2'])));
    expect(canonicalJson({ b: -0, a: [null] })).toBe('{"a":[null],"b":0}');
  });

  it('tells apart what differs', () => {
    const variants: Experiment[] = [
      basic,
      rounds,
      { ...basic, seeds: { ...basic.seeds, order: 2 } },
      { ...basic, seeds: { ...basic.seeds, init: 2 } },
      { ...basic, replicates: 2 },
      { ...basic, model: 'lenet-5' },
      { ...basic, sweep: undefined },
      { ...basic, recipe: basic.recipe.map(({ off: _, ...step }) => step as (typeof basic.recipe)[0]) },
    ];
    expect(new Set(variants.map(hash)).size).toBe(variants.length);
  });

  it('refuses what JSON cannot hold, with its path', () => {
    expect(() => canonicalJson({ a: [1, Number.NaN] })).toThrow(/^a\.1: .*got NaN/);
  });

  // These must never change: results and links out there are named by them.
  it('gives the hashes it always gave', () => {
    expect(hash(defaultExperiment())).toBe('f05cc5796f1d1c7a');
    expect(hash(basic)).toBe('290509b0726dd044');
    expect(hash(rounds)).toBe('789fed270ce0dbf9');
    expect(hashOf({ b: [1, 2.5, 'x', true, null], a: {} })).toBe('bea6c4411466f514');
  });
});

describe('effective', () => {
  it('drops the sweep and what is off, at every depth', () => {
    const experiment: Experiment = {
      ...basic,
      recipe: [
        { do: 'train', off: true },
        { repeat: 2, steps: [{ do: 'prune' }, { fork: { a: [{ do: 'train', off: true }], b: [] } }] },
        { repeat: 2, steps: [{ do: 'prune' }], off: true },
      ],
    };
    expect(effective(experiment)).toEqual({
      ...defaultExperiment(),
      recipe: [{ repeat: 2, steps: [{ do: 'prune' }, { fork: { a: [], b: [] } }] }],
    });
  });
});

describe('defaults', () => {
  it('come back after being taken out', () => {
    fc.assert(
      fc.property(experiments(testCatalog), (experiment) => {
        for (const step of experiment.recipe) {
          if (!isMethod(step)) continue;
          const table = testCatalog.methods[step.do];
          const values = withDefaults(table, step.with);
          expect(withDefaults(table, stripParams(table, values))).toEqual(values);
          expect(Object.keys(values)).toEqual(Object.keys(table));
        }
        const stripped = stripDefaults(experiment, testCatalog);
        expect(stripDefaults(stripped, testCatalog)).toEqual(stripped);
      }),
    );
  });

  it('are copies, so that no value can change a table', () => {
    const values = valuesOf({ do: 'factorize' }, testCatalog);
    (values.layers as string[]).push('fc9');
    expect(valuesOf({ do: 'factorize' }, testCatalog).layers).toEqual(['fc1']);
  });
});

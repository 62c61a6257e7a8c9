import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultExperiment } from './defaults';
import { parseExperiment } from './parse';
import { repairExperiment } from './repair';
import { testCatalog } from './testing/catalog';
import { experiments } from './testing/experiments';
import type { Experiment } from './types';

const repair = (raw: unknown) => repairExperiment(raw, testCatalog);
const paths = (raw: unknown) => repair(raw).problems.map(({ path }) => path);

describe('repairExperiment', () => {
  it('leaves a valid experiment alone', () => {
    fc.assert(
      fc.property(experiments(testCatalog), (experiment) => {
        expect(repair(experiment)).toEqual({ experiment, problems: [] });
      }),
    );
  });

  it('puts refused fields back to their defaults and uses the rest', () => {
    const raw = {
      v: 1,
      model: 'lenet-9',
      recipe: [
        { do: 'train', with: { steps: 100, lr: 7 } },
        { do: 'prune', with: { sparsity: 0.5, layers: { fc1: 3, fc2: 0.2 } }, colour: 'red' },
      ],
      seeds: { init: -1, order: 7 },
      replicates: 99,
    };
    const { experiment, problems } = repair(raw);
    expect(experiment).toEqual({
      ...defaultExperiment(),
      recipe: [
        { do: 'train', with: { steps: 100 } },
        { do: 'prune', with: { sparsity: 0.5, layers: { fc2: 0.2 } } },
      ],
      seeds: { init: 1, order: 7, method: 1 },
    });
    expect(problems).toHaveLength(6);
  });

  it('leaves refused cards and arms out, and the sweep follows its card', () => {
    const raw = {
      v: 1,
      recipe: [
        { do: 'explode' },
        { repeat: 99, steps: [] },
        { fork: { ok: [{ do: 'nothing' }, { do: 'prune' }], 'Not Ok': [] } },
      ],
      sweep: { at: 'recipe.2.fork.ok.1', param: 'sparsity', values: [0.1, 5, 0.2] },
    };
    expect(repair(raw).experiment).toEqual({
      ...defaultExperiment(),
      recipe: [{ fork: { ok: [{ do: 'prune' }] } }],
      sweep: { at: 'recipe.0.fork.ok.0', param: 'sparsity', values: [0.1, 0.2] },
    });
    expect(paths(raw)).toContain('recipe.1.repeat');
  });

  it('drops a sweep whose card or values are gone', () => {
    const sweep = { at: 'recipe.0', param: 'sparsity', values: [9] };
    expect(repair({ v: 1, recipe: [{ do: 'prune' }], sweep }).experiment.sweep).toBeUndefined();
    expect(
      repair({ v: 1, recipe: [{ do: 'prun' }, { do: 'prune' }], sweep }).experiment.sweep,
    ).toBeUndefined();
  });

  it('reads on behind forbidden names', () => {
    const raw = JSON.parse('{"v":1,"recipe":[{"do":"prune","with":{"__proto__":{"x":1},"sparsity":5}}]}');
    expect(repair(raw).experiment.recipe).toEqual([{ do: 'prune', with: {} }]);
    expect(paths(raw)).toEqual(['recipe.0.with.__proto__', 'recipe.0.with.sparsity']);
  });

  it('falls back to what it is given when nothing can be used', () => {
    const fallback: Experiment = { ...defaultExperiment(), replicates: 3 };
    for (const raw of [null, 3, 'x', [], { v: 99 }]) {
      expect(repairExperiment(raw, testCatalog, fallback).experiment).toBe(fallback);
      expect(paths(raw)).toHaveLength(1);
    }
  });

  it('always ends in a valid experiment, and never in silence', () => {
    fc.assert(
      fc.property(
        experiments(testCatalog),
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.anything()), { maxLength: 6 }),
        (e, edits) => {
          const copy = structuredClone(e);
          for (const [where, key, value] of edits) {
            const places = objects(copy);
            const place = places[where % places.length] as Record<string, unknown>;
            const keys = [...Object.keys(place), 'extra'];
            place[keys[key % keys.length]] = value;
          }
          const valid = parseExperiment(copy, testCatalog).ok;
          const { experiment, problems } = repair(copy);
          expect(parseExperiment(experiment, testCatalog)).toEqual({ ok: true, experiment });
          expect(problems.length > 0).toBe(!valid);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function objects(value: unknown, depth = 0): object[] {
  if (typeof value !== 'object' || value === null || depth > 30) return [];
  return [value, ...Object.values(value).flatMap((inner) => objects(inner, depth + 1))];
}

import { describe, expect, it } from 'vitest';
import { defaultExperiment } from './defaults';
import { migrate, migrations, VERSION } from './migrate';
import { parseExperiment } from './parse';
import { testCatalog } from './testing/catalog';

/** For every version before this one: a document of then, and what it is now. A new migration needs a line here. */
const samples: { old: object; now: object }[] = [
  {
    old: {
      v: 0,
      seed: 7,
      recipe: [
        { do: 'train' },
        { do: 'prune', with: { amount: 0.8, scope: 'global' } },
        { repeat: 2, steps: [{ fork: { ticket: [{ do: 'prune', with: { amount: 0.2 } }], other: [] } }] },
      ],
      sweep: { at: 'recipe.1', param: 'amount', values: [0, 0.5] },
    },
    now: {
      ...defaultExperiment(),
      seeds: { init: 7, order: 7, method: 7 },
      recipe: [
        { do: 'train' },
        { do: 'prune', with: { sparsity: 0.8, scope: 'global' } },
        { repeat: 2, steps: [{ fork: { ticket: [{ do: 'prune', with: { sparsity: 0.2 } }], other: [] } }] },
      ],
      sweep: { at: 'recipe.1', param: 'sparsity', values: [0, 0.5] },
    },
  },
];

describe('migrations', () => {
  it('lead from every version to this one', () => {
    expect(migrations).toHaveLength(VERSION);
    expect(samples).toHaveLength(VERSION);
  });

  it.each(samples)('bring sample %# up to date without touching it', ({ old, now }) => {
    const before = structuredClone(old);
    expect(parseExperiment(old, testCatalog)).toEqual({ ok: true, experiment: now });
    expect(old).toEqual(before);
  });

  it.each(samples.map(({ old }, v) => ({ old, v })))('step $v goes up by exactly one', ({ old, v }) => {
    expect(migrations[v](old as Record<string, unknown>).v).toBe(v + 1);
  });

  it('take a document without a version for the oldest', () => {
    expect(migrate({ seed: 3, recipe: [] })).toEqual({
      ok: true,
      document: { v: 1, seeds: { init: 3, order: 3, method: 3 }, recipe: [] },
    });
  });

  it('leave broken values to the schema, which names them', () => {
    const parsed = parseExperiment(
      { v: 0, seed: 'x', recipe: [{ do: 'prune', with: { amount: 2 } }] },
      testCatalog,
    );
    const paths = parsed.ok ? [] : parsed.problems.map(({ path }) => path);
    expect(paths).toEqual(['recipe.0.with.sparsity', 'seeds.init', 'seeds.order', 'seeds.method']);
  });

  it('do not overwrite the new name with the old one', () => {
    const raw = { v: 0, recipe: [{ do: 'prune', with: { amount: 0.1, sparsity: 0.2 } }] };
    expect(parseExperiment(raw, testCatalog)).toMatchObject({
      ok: false,
      problems: [{ code: 'unknown-field', path: 'recipe.0.with.amount' }],
    });
  });

  it('refuse a version from the future', () => {
    expect(migrate({ v: VERSION + 1 })).toMatchObject({
      ok: false,
      problems: [{ code: 'newer-version', path: 'v', values: { known: VERSION, got: VERSION + 1 } }],
    });
  });
});

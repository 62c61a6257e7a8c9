import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { executable, fewestBySorting, fewestOf } from './select-nm';

const scoresOf = (n: number, seed: number) => Float32Array.from({ length: n }, (_, i) => (i * seed) % 5);
const kernel = fc
  .record({ rows: fc.integer({ min: 1, max: 19 }), columns: fc.integer({ min: 1, max: 6 }) })
  .chain(({ rows, columns }) => {
    const all = { minLength: rows * columns, maxLength: rows * columns };
    // Few values: ties and zeros of both signs are common.
    const score = fc.constantFrom(0, -0, 1, 2, -1, 0.5, 1e-45);
    return fc.record({
      columns: fc.constant(columns),
      scores: fc.array(score, all).map((s) => Float32Array.from(s)),
      mask: fc.option(
        fc.array(fc.constantFrom(0, 1, 1), all).map((m) => Uint8Array.from(m)),
        { nil: undefined },
      ),
      ties: fc.option(
        fc.integer().map((seed) => () => scoresOf(rows * columns, seed)),
        { nil: undefined },
      ),
      pattern: fc.record({ keep: fc.integer({ min: 0, max: 6 }), every: fc.integer({ min: 1, max: 9 }) }),
    });
  });

describe('fewestOf', () => {
  it('keeps what sorting every group keeps, at any size', () => {
    fc.assert(
      fc.property(kernel, ({ columns, pattern, ...scored }) => {
        const kept = fewestOf(scored, columns, pattern);
        expect(kept).toEqual(fewestBySorting(scored, columns, pattern));
      }),
      { numRuns: 300 },
    );
  });
  it('brings nothing back, and a second time changes nothing', () => {
    fc.assert(
      fc.property(kernel, ({ columns, scores, mask, pattern }) => {
        const once = fewestOf({ scores, mask }, columns, pattern);
        if (mask) for (let i = 0; i < mask.length; i++) expect(once[i]).toBeLessThanOrEqual(mask[i]);
        expect(fewestOf({ scores, mask: once }, columns, pattern)).toEqual(once);
      }),
    );
  });
  it('2:4 down the inputs of each output; the cut-off last group keeps two as well', () => {
    // [6, 2]: column 0 ascends, column 1 is constant.
    const scores = Float32Array.of(1, 5, 2, 5, 3, 5, 4, 5, 5, 5, 6, 5);
    const kept = fewestOf({ scores }, 2, { keep: 2, every: 4 });
    expect([...kept]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
  });
  it('refuses scores that are not finite, but not where already pruned', () => {
    const scores = Float32Array.of(1, Number.NaN, 2, 3);
    expect(() => fewestOf({ scores }, 1, { keep: 2, every: 4 })).toThrow(/finite.*index 1/);
    const mask = Uint8Array.of(1, 0, 1, 1);
    expect([...fewestOf({ scores, mask }, 1, { keep: 2, every: 4 })]).toEqual([0, 0, 1, 1]);
  });
});

describe('executable', () => {
  const pattern = (keep: number, every: number, rows = 48) =>
    fewestOf({ scores: Float32Array.from({ length: rows * 3 }, (_, i) => (i * 7919) % 101) }, 3, {
      keep,
      every,
    });
  it('is what keeps at most half of groups of 4, 8 or 16', () => {
    for (const [n, m] of [
      [2, 4],
      [1, 4],
      [1, 2],
      [4, 8],
      [8, 16],
      [1, 3],
      [3, 16],
    ]) {
      expect([n, m, executable(pattern(n, m), 3)]).toEqual([n, m, true]);
    }
    for (const [n, m] of [
      [3, 4],
      [2, 3],
      [5, 8],
      [4, 4],
    ]) {
      expect([n, m, executable(pattern(n, m), 3)]).toEqual([n, m, false]);
    }
  });
});

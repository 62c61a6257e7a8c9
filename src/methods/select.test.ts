import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  pruneCount,
  type Scored,
  SizeSelection,
  smallest,
  smallestBySorting,
  smallestOf,
  smallestWithin,
  smallestWithinBySorting,
  survivors,
} from './select';

// Few distinct values, so that ties, zeros of both signs and denormals are common.
const score = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.5, 1e-45, -1e-45, 3e38),
  fc.float({ noNaN: true, noDefaultInfinity: true }),
);
const part: fc.Arbitrary<Scored> = fc
  .array(fc.tuple(score, fc.constantFrom(0, 1)), { minLength: 0, maxLength: 60 })
  .chain((entries) =>
    fc.record({ withMask: fc.boolean(), drawn: fc.option(fc.integer()) }).map(({ withMask, drawn }) => ({
      scores: Float32Array.from(entries, ([s]) => s),
      mask: withMask ? Uint8Array.from(entries, ([, m]) => m) : undefined,
      // With ties among the ties.
      ...(drawn !== null && { ties: () => Float32Array.from(entries, (_, i) => ((i * drawn) % 7) / 8) }),
    })),
  );
const count = (parts: readonly Scored[]) =>
  parts.reduce((sum, { scores, mask }) => sum + survivors(mask, scores.length), 0);

describe('smallest', () => {
  it('removes what sorting by (score, index) removes, for every k and any number of tensors', () => {
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (parts, p) => {
          for (const k of [0, Math.round(p * count(parts)), count(parts)]) {
            expect(smallestOf(parts, k)).toEqual(smallestBySorting(parts, k));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
  it('removes exactly k and never brings a weight back', () => {
    fc.assert(
      fc.property(part, fc.double({ min: 0, max: 1, noNaN: true }), (p, rate) => {
        const before = count([p]);
        const k = pruneCount(rate, before);
        const kept = smallest(p.scores, p.mask, k);
        expect(survivors(kept, kept.length)).toBe(before - k);
        for (let i = 0; i < kept.length; i++) if (p.mask && p.mask[i] === 0) expect(kept[i]).toBe(0);
      }),
    );
  });
  it('breaks ties by index', () => {
    expect([...smallest(new Float32Array(6).fill(0.25), undefined, 4)]).toEqual([0, 0, 0, 0, 1, 1]);
    expect([...smallest(Float32Array.of(0, -0, 0, -0), undefined, 1)]).toEqual([0, 1, 1, 1]);
  });
  it('refuses scores that are not finite, but not where already pruned', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => smallest(Float32Array.of(1, bad), undefined, 1)).toThrow(/finite.*index 1/);
      expect([...smallest(Float32Array.of(1, bad, 2), Uint8Array.of(1, 0, 1), 1)]).toEqual([0, 0, 1]);
    }
  });
  it('refuses a count that is not there to take', () => {
    expect(() => smallest(Float32Array.of(1, 2), undefined, 3)).toThrow(/\[0, 2\], got 3/);
    expect(() => smallest(Float32Array.of(1, 2), undefined, -1)).toThrow(/got -1/);
  });
  it('leaves scores and mask alone', () => {
    const scores = Float32Array.of(3, 1, 2);
    const mask = Uint8Array.of(1, 1, 1);
    smallest(scores, mask, 2);
    expect([...scores, ...mask]).toEqual([3, 1, 2, 1, 1, 1]);
  });
});

describe('SizeSelection', () => {
  it('is smallest of the absolute values, call after call', () => {
    const selection = new SizeSelection();
    fc.assert(
      fc.property(part, fc.double({ min: 0, max: 1, noNaN: true }), ({ scores, mask }, p) => {
        const there = count([{ scores, mask }]);
        const ones = new Uint8Array(scores.length).fill(7);
        for (const k of [0, Math.round(p * there), there]) {
          selection.leaveLargest(scores, mask, k, ones);
          expect(ones).toEqual(smallest(scores.map(Math.abs), mask, k));
        }
      }),
      { numRuns: 300 },
    );
  });
  it('refuses what smallest refuses', () => {
    const selection = new SizeSelection();
    const ones = new Uint8Array(2);
    const bad = Float32Array.of(1, Number.NaN);
    expect(() => selection.leaveLargest(bad, undefined, 1, ones)).toThrow(/finite/);
    expect(() => selection.leaveLargest(bad, Uint8Array.of(1, 0), 1, ones)).not.toThrow();
    expect(() => selection.leaveLargest(Float32Array.of(1, 2), undefined, 3, ones)).toThrow(/integer in/);
  });
});

describe('smallestWithin', () => {
  const parts = fc.array(part, { minLength: 1, maxLength: 4 });
  const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 });
  it('goes down the ranking past those that are full', () => {
    fc.assert(
      fc.property(parts, shares, fc.double({ min: 0, max: 1, noNaN: true }), (all, limits, p) => {
        const most = all.map((one, i) => Math.round(limits[i] * count([one])));
        const k = Math.round(p * count(all));
        const { kept, capped } = smallestWithin(all, k, most);
        expect(kept).toEqual(smallestWithinBySorting(all, k, most));
        const free = smallestOf(all, k).map((mask, i) => count([all[i]]) - survivors(mask, mask.length));
        const over = all.map((_, i) => i).filter((i) => free[i] > most[i]);
        expect(capped).toEqual(expect.arrayContaining(over));
      }),
      { numRuns: 300 },
    );
  });
  it('without limits is smallestOf', () => {
    fc.assert(
      fc.property(parts, fc.double({ min: 0, max: 1, noNaN: true }), (all, p) => {
        const k = Math.round(p * count(all));
        const { kept, capped } = smallestWithin(
          all,
          k,
          all.map((one) => count([one])),
        );
        expect(kept).toEqual(smallestOf(all, k));
        expect(capped).toEqual([]);
      }),
    );
  });
});

describe('ties', () => {
  it('decide among equal scores only, and are not asked for where none of these stay', () => {
    const scores = Float32Array.of(2, 0, 0, 1, 0);
    const ties = () => Float32Array.of(0, 0.9, 0.1, 0, 0.5);
    expect([...smallestOf([{ scores, ties }], 1)[0]]).toEqual([1, 1, 0, 1, 1]);
    expect([...smallestOf([{ scores, ties }], 2)[0]]).toEqual([1, 1, 0, 1, 0]);
    const unasked = () => {
      throw new Error('asked');
    };
    expect([...smallestOf([{ scores, ties: unasked }], 3)[0]]).toEqual([1, 0, 0, 1, 0]);
    expect([...smallestOf([{ scores, ties: unasked }], 0)[0]]).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('pruneCount', () => {
  it('rounds to the nearest, halves up', () => {
    expect([
      pruneCount(0.2, 235_200),
      pruneCount(0.1, 1000),
      pruneCount(0.5, 5),
      pruneCount(0, 7),
      pruneCount(1, 7),
    ]).toEqual([47_040, 100, 3, 0, 7]);
  });
  it('refuses a rate outside [0, 1]', () => {
    for (const rate of [-0.1, 1.4, Number.NaN]) expect(() => pruneCount(rate, 10)).toThrow(/\[0, 1\]/);
  });
});

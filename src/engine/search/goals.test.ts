/** Which setting wins: by hand, and against going through all of them. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Goal, Tried } from '../../worker/api-search';
import { accuracyOf, bestOf, closestOf, scoreOf, share, violation, type Yardstick } from './goals';

const dense: Yardstick = {
  quick: { correct: 960, count: 1000 },
  full: { correct: 4900, count: 5000 },
  bytes: 1_000_000,
};
const tried = (number: number, bytes: number, correct: number, more: Partial<Tried> = {}): Tried => ({
  number,
  by: 'random',
  setting: { fc1: 0.5 },
  bytes,
  quick: { correct: 950, count: 1000 },
  full: { correct, count: 5000 },
  ...more,
});
const timed = (ms: number) => ({ ms, ratio: { median: 1, q1: 1, q3: 1 }, overlap: false });
const smallest: Goal = { kind: 'smallest', points: 0.5 };
const fastest: Goal = { kind: 'fastest', accuracy: 0.97 };
const accurate: Goal = { kind: 'accurate', bytes: 50_000 };

describe('bestOf', () => {
  it('smallest: the limit itself still counts, one image less does not', () => {
    // 98 % - 0.5 points = 97.5 % = 4875 images.
    const all = [tried(1, 300, 4900), tried(2, 200, 4875), tried(3, 100, 4874)];
    expect(bestOf(smallest, all, dense)).toBe(all[1]);
    expect(closestOf(smallest, [all[2]], dense)).toBe(all[2]);
    expect(bestOf(smallest, [all[2]], dense)).toBeUndefined();
  });

  it('smallest: of equally small ones the more accurate, of equal ones the first', () => {
    const all = [tried(1, 100, 4880), tried(2, 100, 4890), tried(3, 100, 4890)];
    expect(bestOf(smallest, all, dense)).toBe(all[1]);
  });

  it('fastest: only what was timed, and the least time', () => {
    const all = [
      tried(1, 100, 4880),
      tried(2, 300, 4880, { time: timed(0.2) }),
      tried(3, 400, 4880, { time: timed(0.1) }),
      tried(4, 50, 4000, { time: timed(0.01) }),
    ];
    expect(bestOf(fastest, all, dense)).toBe(all[2]);
    expect(bestOf(fastest, all.slice(0, 1), dense)).toBeUndefined();
  });

  it('most accurate: in at most so many bytes, of equal ones the smaller', () => {
    const all = [tried(1, 50_001, 4990), tried(2, 50_000, 4880), tried(3, 40_000, 4880)];
    expect(bestOf(accurate, all, dense)).toBe(all[2]);
    expect(closestOf(accurate, [all[0]], dense)).toBe(all[0]);
  });

  it('never takes what was seen on few images only', () => {
    const { full: _, ...few } = tried(1, 10, 0, { quick: { correct: 999, count: 1000 } });
    for (const goal of [smallest, fastest, accurate]) expect(bestOf(goal, [few], dense)).toBeUndefined();
  });

  it('is the minimum over all that keep to the goal', () => {
    const some = fc.array(
      fc.record({ bytes: fc.integer({ min: 1, max: 9 }), correct: fc.integer({ min: 4870, max: 4880 }) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(some, (list) => {
        const all = list.map(({ bytes, correct }, i) => tried(i + 1, bytes, correct));
        const able = all.filter((t) => t.full!.correct >= 4875);
        const least = Math.min(...able.map((t) => t.bytes));
        expect(bestOf(smallest, all, dense)?.bytes).toBe(able.length ? least : undefined);
      }),
    );
  });
});

describe('scoreOf', () => {
  it('is lower for less bytes at equal accuracy, and for more accuracy at equal bytes below the limit', () => {
    for (const goal of [smallest, fastest]) {
      expect(scoreOf(goal, tried(1, 100, 4890), dense)).toBeLessThan(
        scoreOf(goal, tried(2, 200, 4890), dense),
      );
      expect(scoreOf(goal, tried(1, 100, 4700), dense)).toBeLessThan(
        scoreOf(goal, tried(2, 100, 4600), dense),
      );
    }
    expect(scoreOf(accurate, tried(1, 100, 4890), dense)).toBeLessThan(
      scoreOf(accurate, tried(2, 100, 4880), dense),
    );
    expect(scoreOf(accurate, tried(1, 60_000, 4890), dense)).toBeLessThan(
      scoreOf(accurate, tried(2, 90_000, 4890), dense),
    );
  });

  it('does not trade a collapse for bytes', () => {
    for (const goal of [smallest, fastest, accurate]) {
      expect(scoreOf(goal, tried(1, 45_000, 4890), dense)).toBeLessThan(
        scoreOf(goal, tried(2, 2_000, 500), dense),
      );
    }
  });

  it('is finite for everything that can be tried', () => {
    for (const goal of [smallest, fastest, accurate]) {
      for (const bytes of [1, 10_000_000]) {
        for (const correct of [0, 5000])
          expect(Number.isFinite(scoreOf(goal, tried(1, bytes, correct), dense))).toBe(true);
      }
    }
  });
});

describe('accuracyOf', () => {
  it('is measured on many images where it was, else corrected by what few say of the dense network', () => {
    const { full: _, ...few } = tried(1, 10, 0);
    expect(accuracyOf(few, dense)).toBeCloseTo(0.95 + 0.02, 12);
    expect(accuracyOf(tried(1, 10, 4700), dense)).toBe(share({ correct: 4700, count: 5000 }));
    expect(violation(smallest, few, dense)).toBeCloseTo(0.005, 12);
  });
});

/** Dots and fronts of tried settings. */
import { describe, expect, it } from 'vitest';
import type { Seeker, Tried } from '../../worker/api-search';
import { limitOf, paretoOf, stairsOf } from './pareto';

const tried = (
  number: number,
  by: Seeker,
  bytes: number,
  correct: number,
  more: Partial<Tried> = {},
): Tried => ({
  number,
  by,
  setting: { fc1: number / 10 },
  bytes,
  quick: { correct: Math.round(correct / 5), count: 1000 },
  full: { correct, count: 5000 },
  ...more,
});
const time = { ms: 0.2, ratio: { median: 2, q1: 1.9, q3: 2.1 }, overlap: false };
const all = [
  tried(1, 'random', 300, 4800),
  tried(2, 'random', 200, 4700),
  tried(3, 'random', 250, 4600),
  tried(4, 'bayes', 100, 4750, { time }),
  tried(5, 'evolution', 50, 900, { full: undefined }),
];
const numbers = (dots: { tried: Tried }[]) => dots.map((d) => d.tried.number);

describe('paretoOf', () => {
  it('has a front of every strategy and one of all, of what is known on many images', () => {
    const { dots, fronts, front } = paretoOf(all, 'bytes');
    expect(numbers(dots)).toEqual([1, 2, 3, 4, 5]);
    expect(numbers(fronts.random)).toEqual([2, 1]);
    expect(numbers(fronts.bayes)).toEqual([4]);
    expect(fronts.evolution).toEqual([]);
    expect(numbers(front)).toEqual([4, 1]);
    expect(dots[4]).toMatchObject({ full: false, accuracy: 0.18 });
  });
  it('shows against time what was timed', () => {
    expect(paretoOf(all, 'time').dots.map((d) => [d.tried.number, d.x])).toEqual([[4, 0.2]]);
    expect(paretoOf([], 'time').front).toEqual([]);
  });
});

describe('limitOf', () => {
  it('is the goal as a line', () => {
    const measure = {
      dense: { correct: 4900, count: 5000 },
      denseBytes: 1e6,
      images: { quick: 1000, full: 5000 },
    };
    expect(limitOf({ kind: 'smallest', points: 0.5 }, measure).accuracy).toBeCloseTo(0.975, 12);
    expect(limitOf({ kind: 'fastest', accuracy: 0.97 }, measure)).toEqual({ accuracy: 0.97 });
    expect(limitOf({ kind: 'accurate', bytes: 5000 }, measure)).toEqual({ bytes: 5000 });
  });
});

describe('stairsOf', () => {
  it('goes right first, then up, and on to the end', () => {
    expect(
      stairsOf(
        [
          { x: 0, y: 9 },
          { x: 4, y: 5 },
        ],
        10,
      ),
    ).toEqual([
      { x: 0, y: 9 },
      { x: 4, y: 9 },
      { x: 4, y: 5 },
      { x: 10, y: 5 },
    ]);
    expect(stairsOf([], 10)).toEqual([]);
  });
});

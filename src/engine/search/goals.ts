/** What a search is for: who keeps to the goal, who serves it best, and one number that all strategies make small. */
import type { Goal, Hits, SearchMeasure, Tried } from '../../worker/api-search';

export const share = ({ correct, count }: Hits): number => correct / count;

/** Of the dense network: on the images of `quick` and on those of `full`. */
export interface Yardstick {
  quick: Hits;
  full: Hits;
  bytes: number;
}
export const measureOf = ({ quick, full, bytes }: Yardstick): SearchMeasure => ({
  dense: full,
  denseBytes: bytes,
  images: { quick: quick.count, full: full.count },
});

/**
 * Accuracy on many images: measured, or what the few images say, corrected by how much easier these few are for the
 * dense network.
 */
export const accuracyOf = ({ quick, full }: Pick<Tried, 'quick' | 'full'>, dense: Yardstick): number =>
  full ? share(full) : share(quick) + share(dense.full) - share(dense.quick);

/** Fraction that must not be undercut; of the smallest and fastest. */
const floorOf = (goal: Goal, dense: Yardstick): number =>
  goal.kind === 'smallest'
    ? share(dense.full) - goal.points / 100
    : goal.kind === 'fastest'
      ? goal.accuracy
      : Number.NEGATIVE_INFINITY;

/** How far a setting is from keeping to the goal: fraction of accuracy, or share of the allowed bytes; 0 where it does. */
export function violation(goal: Goal, tried: Tried, dense: Yardstick): number {
  if (goal.kind === 'accurate') return Math.max(0, tried.bytes / goal.bytes - 1);
  // Counts of equally many images are compared as such: a difference of fractions has rounding errors.
  const short = floorOf(goal, dense) - accuracyOf(tried, dense);
  return short > 1e-9 ? short : 0;
}

/** A quarter of a point too little, or a tenth too large, weighs as much as a file twice the size. */
const TOLERANCE = 0.0025;
const OVERSIZE = 0.1;
/**
 * The number that strategies make small: of the smallest and fastest the file's size in doublings, and more for every
 * miss of the accuracy; of the most accurate the share of wrong answers in points, and more for every byte too many.
 * (Time is measured for few settings only; what has fewer bytes has less to do.)
 */
export function scoreOf(goal: Goal, tried: Tried, dense: Yardstick): number {
  const miss = violation(goal, tried, dense);
  if (goal.kind !== 'accurate') {
    return Math.log2(tried.bytes / dense.bytes) + 4 * Math.log2(1 + miss / TOLERANCE);
  }
  return (
    4 * Math.log2(1 + (1 - accuracyOf(tried, dense)) / TOLERANCE / 4) + 4 * Math.log2(1 + miss / OVERSIZE)
  );
}

/** Lower is better; the first that tells two settings apart decides. */
function ranks(goal: Goal, tried: Tried): number[] {
  const wrong = tried.full ? -share(tried.full) : 0;
  if (goal.kind === 'smallest') return [tried.bytes, wrong, tried.number];
  if (goal.kind === 'fastest') return [tried.time?.ms ?? Number.POSITIVE_INFINITY, tried.bytes, tried.number];
  return [wrong, tried.bytes, tried.number];
}
const before = (a: readonly number[], b: readonly number[]): boolean => {
  const i = a.findIndex((v, k) => v !== b[k]);
  return i >= 0 && a[i] < b[i];
};

/**
 * The setting that serves the goal best of those that keep to it, known on many images; of the fastest only such as
 * were timed. Undefined where there is none (yet).
 */
export function bestOf(goal: Goal, all: readonly Tried[], dense: Yardstick): Tried | undefined {
  let best: Tried | undefined;
  for (const tried of all) {
    if (!tried.full || violation(goal, tried, dense) > 0) continue;
    if (goal.kind === 'fastest' && !tried.time) continue;
    if (!best || before(ranks(goal, tried), ranks(goal, best))) best = tried;
  }
  return best;
}

/** The one that misses the goal by least, for when none keeps to it. */
export function closestOf(goal: Goal, all: readonly Tried[], dense: Yardstick): Tried | undefined {
  let closest: Tried | undefined;
  for (const tried of all) {
    const ranked = (t: Tried) => [violation(goal, t, dense), t.full ? 0 : 1, t.bytes, t.number];
    if (!closest || before(ranked(tried), ranked(closest))) closest = tried;
  }
  return closest;
}

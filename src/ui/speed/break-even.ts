/** From which sparsity (or up to which rank) a series is faster than dense: from measured points, and no surer than they are. */
import type { SpeedAxis, SpeedPoint } from '../../worker/api';

export type Verdict =
  | { is: 'none' }
  /** At every measured place, beginning with the mildest compression `x`. */
  | { is: 'always'; x: number }
  /** From `x` on; where it is not sure, quartiles overlap somewhere between `low` and `high`. */
  | { is: 'from'; x: number; sure: boolean; low: number; high: number }
  /** Clearly faster at some places, but not from one on. */
  | { is: 'some'; xs: number[] }
  /** Quartiles overlap wherever it was measured. */
  | { is: 'same' }
  /** Nowhere clearly faster; at `unclear` it cannot be told. */
  | { is: 'never'; unclear: number[] };

export const faster = (p: SpeedPoint): boolean => !p.overlap && p.ratio.median > 1;
export const slower = (p: SpeedPoint): boolean => !p.overlap && p.ratio.median < 1;

/** From mild to strong compression. */
export function inOrder(points: readonly SpeedPoint[], axis: SpeedAxis): SpeedPoint[] {
  const sign = axis === 'sparsity' ? 1 : -1;
  return [...points].sort((a, b) => sign * (a.x - b.x));
}

/** @param points of one subject, series, axis and batch size */
export function breakEven(points: readonly SpeedPoint[], axis: SpeedAxis): Verdict {
  const all = inOrder(points, axis);
  if (all.length === 0) return { is: 'none' };
  if (all.every((p) => p.overlap)) return { is: 'same' };
  if (!all.some(faster)) return { is: 'never', unclear: all.filter((p) => p.overlap).map((p) => p.x) };
  if (all.every(faster)) return { is: 'always', x: all[0].x };
  // The strongest compressions that are all ahead, quartiles or not.
  let first = all.length;
  while (first > 0 && all[first - 1].ratio.median > 1) first--;
  if (!all.slice(first).some(faster)) return { is: 'some', xs: all.filter(faster).map((p) => p.x) };
  let low = first - 1;
  while (low >= 0 && !slower(all[low])) low--;
  let high = all.length;
  while (high > 0 && faster(all[high - 1])) high--;
  if (high === all.length) high = all.findLastIndex(faster);
  const x = first === 0 ? all[0].x : crossing(all[first - 1], all[first]);
  const sure = low === first - 1 && all.slice(first).every(faster);
  return { is: 'from', x, sure, low: all[Math.max(0, low)].x, high: all[high].x };
}

/**
 * Where between two points the ratio is 1. Time is a fixed part plus one in proportion to the weights (or the rank)
 * that are left, so the reciprocal of the ratio is what is straight in between.
 */
export function crossing(a: SpeedPoint, b: SpeedPoint): number {
  const [from, to] = [1 / a.ratio.median, 1 / b.ratio.median];
  if (from === to) return b.x;
  return a.x + ((from - 1) / (from - to)) * (b.x - a.x);
}

/** What the arithmetic promises. */
export const promised = (p: SpeedPoint): number => p.macs.dense / Math.max(1, p.macs.executed);

/** Order statistics of repeated measurements. */
import type { Spread } from '../../worker/api';

/** Median and quartiles, linear between neighbours (type 7 of Hyndman and Fan 1996). NaN of nothing. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number) => {
    const x = q * (sorted.length - 1);
    const low = Math.floor(x);
    return sorted[low] + (x - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
  };
  return sorted.length === 0
    ? { median: Number.NaN, q1: Number.NaN, q3: Number.NaN }
    : { median: at(0.5), q1: at(0.25), q3: at(0.75) };
}
/** Whether the quartiles of two times overlap: then neither may be called faster. */
export const overlap = (a: Spread, b: Spread): boolean => a.q1 <= b.q3 && b.q1 <= a.q3;

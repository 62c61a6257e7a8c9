import type { BenchRow } from './types';

/** Quantile by linear interpolation between order statistics. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.ceil(at)] - sorted[low]) * (at - low);
}

/** A row from repeated measurements: median, quartiles and how many. */
export function row(part: string, what: string, unit: string, values: number[], note?: string): BenchRow {
  const spread = values.length > 1 ? { q1: quantile(values, 0.25), q3: quantile(values, 0.75) } : {};
  return { part, what, value: quantile(values, 0.5), unit, ...spread, n: values.length, note };
}

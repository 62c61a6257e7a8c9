/** Numbers that only tiles, charts and tables need; the general ones are in src/i18n/format.ts. */
import { decimal, fixed, integer, percent, times } from '../../i18n/format';

const THIN = '\u202f';
const MINUS = '\u2212';

/** Signed difference of two fractions in percentage points: -0.0036 -> `−0.36`; exactly 0 has no sign. */
export function signedPoints(difference: number, digits = 2): string {
  const size = fixed(Math.abs(difference) * 100, digits);
  if (Number(Math.abs(difference * 100).toFixed(digits)) === 0) return fixed(0, digits);
  return `${difference < 0 ? MINUS : '+'}${size}`;
}
/** Always kilobytes of 1,000 bytes, so that two sizes can be compared at a glance: 31,400 -> `31.4 kB`. */
export const kilobytes = (bytes: number): string =>
  `${bytes < 100_000 ? fixed(bytes / 1000, 1) : integer(bytes / 1000)}${THIN}kB`;

/** Decimals that a share of `count` images can carry: 10,000 images -> 2, 1,000 -> 1. */
export const decimalsFor = (count: number): number =>
  Math.max(0, Math.round(Math.log10(Math.max(count, 1))) - 2);

/** Correct answers of `count` as percent with no more decimals than the count allows. */
export const accuracyText = (correct: number, count: number): string =>
  percent(count === 0 ? 0 : correct / count, decimalsFor(count));

/** A share with about three significant digits, more decimals near 0 and 1: 0.0123 -> `1.23 %`, 0.5 -> `50 %`. */
export function shareText(fraction: number): string {
  const edge = Math.min(Math.abs(fraction), Math.abs(1 - fraction));
  const digits =
    fraction === 0 || fraction === 1 ? 0 : edge < 0.001 ? 3 : edge < 0.02 ? 2 : edge < 0.3 ? 1 : 0;
  return `${decimal(fraction * 100, digits)}${THIN}%`;
}
/** A ratio with its quartiles: `2.7–3.0×`. */
export const rangeText = (q1: number, q3: number): string => `${fixed(q1, 2)}–${times(q3)}`;

/** Weight matrices as people write them: [784, 300] -> `784×300`. */
export const shapeText = (shape: readonly number[]): string => shape.map((n) => integer(n)).join('×');

/** A time per pass with three digits: 0.0312 ms -> `31.2 µs`, 4.7 -> `4.70 ms`. */
export function msText(ms: number): string {
  const [value, unit] = ms < 0.1 ? [ms * 1000, 'µs'] : [ms, 'ms'];
  return `${fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0)}${THIN}${unit}`;
}

/** Cases of penalty/contract.ts: odd sizes, ties with the threshold, zeros of both signs, NaN, infinities. */
import { noise, sparse } from '../testing/bench';
import { changed, given, type OpCase, planted, ROUNDING } from '../testing/suite';

export type PenaltyCase =
  | OpCase<'l1Gradient', { n: number; strength: number }>
  | OpCase<'softThreshold', { n: number; t: number }>
  | OpCase<'shrinkColumns', { rows: number; cols: number; t: number }>;

const SIZES = [1, 3, 4, 7, 60, 257];
/** Zeros of both signs, exactly +-t, NaN, infinities. */
const strange = (n: number, t: number) =>
  [0, -0, t, -t, Number.NaN, Infinity, -Infinity].reduce(
    (w, value, k) => planted(w, k, 11, Math.fround(value)),
    noise(n, 7),
  );

const gradient = (w: Float32Array, what: string, strength: number): PenaltyCase => ({
  op: 'l1Gradient',
  label: `${w.length} ${what}, strength ${strength}`,
  shape: { n: w.length, strength },
  operands: { g: changed(noise(w.length, 2)), w: given(w) },
  onMachine: (m, at) => void m.l1Gradient(at.g, at.w, w.length, strength),
  tolerance: ROUNDING,
});
const threshold = (w: Float32Array, what: string, t: number): PenaltyCase => ({
  op: 'softThreshold',
  label: `${w.length} ${what}, t ${t}`,
  shape: { n: w.length, t },
  operands: { w: changed(w) },
  onMachine: (m, at) => void m.softThreshold(at.w, w.length, t),
  tolerance: ROUNDING,
});
const columns = (w: Float32Array, rows: number, what: string, t: number): PenaltyCase => {
  const cols = w.length / rows;
  return {
    op: 'shrinkColumns',
    label: `${rows} x ${cols}${what}, t ${t}`,
    shape: { rows, cols, t },
    operands: { w: changed(w) },
    onMachine: (m, at) => void m.shrinkColumns(at.w, rows, cols, t),
    tolerance: ROUNDING,
  };
};
/** Columns of very different lengths: some below any threshold, some of zeros only. */
const uneven = (rows: number, cols: number) =>
  noise(rows * cols, 5).map((w, i) => w * [1, 0.1, 0, 0.01][(i % cols) % 4]);

export const penaltySuite: PenaltyCase[] = [
  ...SIZES.flatMap((n) => [
    gradient(sparse(n, 3, 0.6), 'weights, some zero', 0.01),
    gradient(strange(n, 0.25), 'strange weights', 0.5),
    threshold(noise(n, 4), 'weights', 0.3),
    threshold(noise(n, 4), 'weights', 0),
    threshold(strange(n, 0.25), 'strange weights', 0.25),
  ]),
  ...[1, 5, 16].flatMap((rows) =>
    [1, 3, 4, 9, 32].flatMap((cols) => [
      columns(uneven(rows, cols), rows, '', 0.05),
      columns(uneven(rows, cols), rows, '', 0),
    ]),
  ),
  columns(planted(uneven(6, 9), 4, 54, Number.NaN), 6, ', a NaN', 0.05),
  columns(noise(784 * 20, 6), 784, '', 0.1),
  columns(noise(6 * 8, 6), 6, ', all gone', 10),
];

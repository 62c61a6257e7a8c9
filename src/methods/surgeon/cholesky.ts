/**
 * Cholesky factors and what follows from them, in double precision. Own code because it sits under the slider of
 * Optimal Brain Surgeon, which solves hundreds of systems of hundreds of unknowns at every position: inner loops
 * multiply three rows by three rows, which is twice as fast as any plain loop. So all orders here are multiples of
 * three, see `roomFor`. Golub, Van Loan: Matrix Computations, 4th ed., 4.2.
 */
import { WinnowError } from '../../spec/problem';
import type { Work } from '../types';

/** Multiply-adds between two pieces: about 10 ms. */
const PIECE = 1e7;
/** Order of the matrix that holds one of order n; the rest is filled up by ones on the diagonal. */
export const roomFor = (n: number): number => 3 * Math.ceil(n / 3);

/** Sums of products of rows i.. of `a` with rows j.. of `b`, three each, over entries [from, to) of n: 3 x 3 of them. */
function tile(
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  n: number,
  from: number,
  to: number,
  out: Float64Array,
): void {
  let [s00, s01, s02, s10, s11, s12, s20, s21, s22] = ZEROS;
  const [a0, a1, a2] = [i * n, (i + 1) * n, (i + 2) * n];
  const [b0, b1, b2] = [j * n, (j + 1) * n, (j + 2) * n];
  for (let k = from; k < to; k++) {
    const x0 = a[a0 + k];
    const x1 = a[a1 + k];
    const x2 = a[a2 + k];
    const y0 = b[b0 + k];
    const y1 = b[b1 + k];
    const y2 = b[b2 + k];
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
  }
  out[0] = s00;
  out[1] = s01;
  out[2] = s02;
  out[3] = s10;
  out[4] = s11;
  out[5] = s12;
  out[6] = s20;
  out[7] = s21;
  out[8] = s22;
}
const ZEROS = [0, 0, 0, 0, 0, 0, 0, 0, 0];

/**
 * Adds x xᵀ over the columns x of a matrix to the upper triangle of `sums`, all in double precision.
 * @param columns [roomFor(n), count]
 * @param sums [n, n] from `offset` on
 */
export function addProducts(
  columns: Float64Array,
  count: number,
  sums: Float64Array,
  n: number,
  offset: number,
): void {
  const s = new Float64Array(9);
  for (let i = 0; i < n; i += 3) {
    for (let j = i; j < n; j += 3) {
      tile(columns, i, columns, j, count, 0, count, s);
      for (let t = 0; t < 9; t++) {
        const [r, c] = [i + Math.floor(t / 3), j + (t % 3)];
        if (r <= c && c < n) sums[offset + r * n + c] += s[t];
      }
    }
  }
}

/** Entries k, k + 1, k + 2 of a row x with L x = b, of which the sums over entries before k are known. */
function three(
  l: Float64Array,
  n: number,
  k: number,
  x: Float64Array,
  at: number,
  s: Float64Array,
  r: number,
) {
  const [l0, l1, l2] = [k * n + k, (k + 1) * n + k, (k + 2) * n + k];
  const x0 = (x[at] - s[3 * r]) / l[l0];
  const x1 = (x[at + 1] - s[3 * r + 1] - x0 * l[l1]) / l[l1 + 1];
  x[at] = x0;
  x[at + 1] = x1;
  x[at + 2] = (x[at + 2] - s[3 * r + 2] - x0 * l[l2] - x1 * l[l2 + 1]) / l[l2 + 2];
}

/**
 * Overwrites the lower triangle of a symmetric positive definite matrix by L with A = L Lᵀ; the rest is left as it is.
 * @param a row-major [n, n]
 * @throws WinnowError `weight` where a pivot is not positive: the matrix was made of numbers that are not finite
 */
export function* factor(a: Float64Array, n: number): Work<void> {
  const s = new Float64Array(9);
  let done = 0;
  for (let i = 0; i < n; i += 3) {
    for (let j = 0; j < i; j += 3) {
      tile(a, i, a, j, n, 0, j, s);
      for (let r = 0; r < 3; r++) three(a, n, j, a, (i + r) * n + j, s, r);
    }
    tile(a, i, a, i, n, 0, i, s);
    for (let r = 0; r < 3; r++) corner(a, n, i, r, s);
    done += 1.5 * i * i;
    if (done < PIECE) continue;
    done = 0;
    yield;
  }
}

/** Row r of the 3 x 3 block on the diagonal at i. */
function corner(a: Float64Array, n: number, i: number, r: number, s: Float64Array): void {
  const row = (i + r) * n + i;
  for (let c = 0; c <= r; c++) {
    const other = (i + c) * n + i;
    let x = a[row + c] - s[3 * r + c];
    for (let t = 0; t < c; t++) x -= a[row + t] * a[other + t];
    if (c === r && !(x > 0)) throw notFinite();
    a[row + c] = c === r ? Math.sqrt(x) : x / a[other + c];
  }
}

/** Solves L Lᵀ x = b in place, for one b. */
export function solve(l: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = x[i];
    for (let j = 0, at = i * n; j < i; j++) sum -= l[at + j] * x[j];
    x[i] = sum / l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    x[i] /= l[i * n + i];
    const value = x[i];
    for (let j = 0, at = i * n; j < i; j++) x[j] -= l[at + j] * value;
  }
}

/**
 * Solves L x = b in place for every row b of a matrix.
 * @param rows [count, n], count a multiple of three as well
 * @param upper true where row r has nothing but zeros before entry r
 */
export function* forward(l: Float64Array, n: number, rows: Float64Array, upper = false): Work<void> {
  const s = new Float64Array(9);
  const count = rows.length / n;
  let done = 0;
  for (let r = 0; r < count; r += 3) {
    const first = upper ? r : 0;
    for (let k = first; k < n; k += 3) {
      tile(rows, r, l, k, n, first, k, s);
      for (let t = 0; t < 3; t++) three(l, n, k, rows, (r + t) * n + k, s, t);
    }
    done += 1.5 * (n - first) ** 2;
    if (done < PIECE) continue;
    done = 0;
    yield;
  }
}

/** L⁻¹ transposed: row j is column j of L⁻¹, with zeros before entry j. */
export function* inverseFactor(l: Float64Array, n: number): Work<Float64Array> {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  yield* forward(l, n, out, true);
  return out;
}

/** A⁻¹ of a symmetric positive definite matrix, whole; in the place of A. */
export function* inverse(a: Float64Array, n: number): Work<Float64Array> {
  yield* factor(a, n);
  const u = yield* inverseFactor(a, n);
  const s = new Float64Array(9);
  let done = 0;
  for (let i = 0; i < n; i += 3) {
    for (let j = i; j < n; j += 3) {
      tile(u, i, u, j, n, j, n, s);
      for (let t = 0; t < 9; t++) {
        const [r, c] = [i + Math.floor(t / 3), j + (t % 3)];
        a[r * n + c] = s[t];
        a[c * n + r] = s[t];
      }
    }
    done += 1.5 * (n - i) ** 2;
    if (done < PIECE) continue;
    done = 0;
    yield;
  }
  return a;
}

const notFinite = () =>
  new WinnowError({
    code: 'weight',
    path: '',
    message: 'weights must be finite numbers: the training has probably diverged',
  });

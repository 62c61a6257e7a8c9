/**
 * Eigenvalues and eigenvectors of a dense symmetric matrix: Householder reduction to tridiagonal form,
 * then implicit QL with Wilkinson-like shifts (Golub, Van Loan: Matrix Computations, 4th ed., 8.3; Bowdler,
 * Martin, Reinsch, Wilkinson: The QR and QL algorithms for symmetric matrices, 1968). Own code because it
 * sits under the rank slider: eigenvectors lie in rows here, so every inner loop reads memory in order,
 * which is several times faster than the general-purpose library that the tests compare it with.
 */
import { WinnowError } from '../spec/problem';

export interface Eigen {
  /** Ascending or not: in no particular order. */
  values: Float64Array;
  /** Row j (at j * n) is the unit eigenvector of values[j]. */
  vectors: Float64Array;
}

/** The matrix is scaled to a largest entry of 1; beside it this is nothing, and its square is no underflow. */
const tiny = 1e-30;

/** @param matrix symmetric, row-major [n, n]; not changed. */
export function eigenSymmetric(matrix: Float64Array, n: number): Eigen {
  const size = matrix.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
  const a = matrix.map((x) => x / size);
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const betas = tridiagonalize(a, n, diagonal, beside);
  const vectors = accumulate(a, n, betas);
  implicitQl(diagonal, beside, vectors, n);
  return { values: diagonal.map((x) => x * size), vectors };
}

/**
 * H_k = I - beta_k v_k v_kᵀ brings column k to zero below its subdiagonal; v_k stays in row k of `a`, from
 * column k + 1 on. `beside[k]` couples k and k + 1.
 */
function tridiagonalize(a: Float64Array, n: number, diagonal: Float64Array, beside: Float64Array) {
  const betas = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    diagonal[k] = a[k * n + k];
    if (k === n - 1) break;
    // By symmetry the column below the diagonal is the row beside it, which is contiguous.
    const v = a.subarray(k * n, (k + 1) * n);
    const { beta, alpha } = reflector(v, k + 1, n);
    betas[k] = beta;
    beside[k] = alpha;
    if (beta === 0) continue;
    let dot = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) sum += a[at] * v[j];
      p[i] = beta * sum;
      dot += p[i] * v[i];
    }
    const half = (beta * dot) / 2;
    for (let i = k + 1; i < n; i++) p[i] -= half * v[i];
    for (let i = k + 1; i < n; i++) {
      const [vi, pi] = [v[i], p[i]];
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) a[at] -= vi * p[j] + pi * v[j];
    }
  }
  return betas;
}

/** Turns v[from..n) into the vector of the reflection that maps it to (alpha, 0, ..., 0). */
function reflector(v: Float64Array, from: number, n: number): { beta: number; alpha: number } {
  let rest = 0;
  for (let j = from + 1; j < n; j++) rest += v[j] * v[j];
  const first = v[from];
  if (rest <= tiny * tiny) return { beta: 0, alpha: first };
  const norm = Math.sqrt(first * first + rest);
  const alpha = first > 0 ? -norm : norm;
  v[from] = first - alpha;
  return { beta: 2 / (v[from] * v[from] + rest), alpha };
}

/** (H_0 H_1 ...)ᵀ, row-major: row j is the j-th basis vector of the tridiagonal form. */
function accumulate(a: Float64Array, n: number, betas: Float64Array): Float64Array {
  const z = new Float64Array(n * n);
  for (let i = 0; i < n; i++) z[i * n + i] = 1;
  // Last reflection first, so that only the trailing block is ever other than the identity.
  for (let k = n - 2; k >= 0; k--) {
    if (betas[k] === 0) continue;
    const v = a.subarray(k * n, (k + 1) * n);
    for (let i = k + 1; i < n; i++) {
      let dot = 0;
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) dot += z[at] * v[j];
      dot *= betas[k];
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) z[at] -= dot * v[j];
    }
  }
  return z;
}

/** Diagonalizes (d, e) by rotations and applies each to two rows of z. */
function implicitQl(d: Float64Array, e: Float64Array, z: Float64Array, n: number): void {
  for (let l = 0; l < n; l++) {
    for (let turn = 0; ; turn++) {
      const m = firstSplit(d, e, l, n);
      if (m === l) break;
      if (turn === 60) noConvergence();
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      let r = Math.hypot(g, 1);
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i];
        const b = c * e[i];
        r = Math.sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        rotate(z, i * n, n, c, s);
      }
      if (i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
}

/** The first m >= l whose coupling to m + 1 is negligible. */
function firstSplit(d: Float64Array, e: Float64Array, l: number, n: number): number {
  let m = l;
  const limit = (m: number) => Math.max(tiny, Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1])));
  while (m < n - 1 && Math.abs(e[m]) > limit(m)) m++;
  return m;
}

function rotate(z: Float64Array, at: number, n: number, c: number, s: number): void {
  for (let low = at, high = at + n; low < at + n; low++, high++) {
    const f = z[high];
    const g = z[low];
    z[high] = s * g + c * f;
    z[low] = c * g - s * f;
  }
}

function noConvergence(): never {
  throw new WinnowError({
    code: 'svd',
    path: '',
    message: 'the singular value decomposition did not converge',
  });
}

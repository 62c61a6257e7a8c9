/** For tests: matrices that have nothing to do with ours, and a solver that shares nothing with `cholesky.ts`. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Uniform in [-1, 1). */
export function numbers(n: number, seed: number): Float64Array {
  const rng = xoroshiro128plus(seed);
  return Float64Array.from({ length: n }, () => uniformFloat64(rng) * 2 - 1);
}

/** Mean of x xᵀ over `samples` random x, [n, n]. */
export function gram(n: number, samples: number, seed: number): Float64Array {
  const x = numbers(n * samples, seed);
  const out = new Float64Array(n * n);
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) out[i * n + j] += (x[s * n + i] * x[s * n + j]) / samples;
    }
  }
  return out;
}

/** x with A x = b, by Gaussian elimination with the largest pivot of each column. @param a [n, n] */
export function solveByElimination(a: ArrayLike<number>, n: number, b: ArrayLike<number>): number[] {
  const rows = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (_, j) => a[i * n + j]),
    b[i],
  ]);
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k; i < n; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[best][k])) best = i;
    [rows[k], rows[best]] = [rows[best], rows[k]];
    for (let i = k + 1; i < n; i++) {
      const f = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j++) rows[i][j] -= f * rows[k][j];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    let sum = rows[k][n];
    for (let j = k + 1; j < n; j++) sum -= rows[k][j] * x[j];
    x[k] = sum / rows[k][k];
  }
  return x;
}

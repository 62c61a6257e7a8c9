/** What `quadratic.ts` computes, in plain words: reference for criteria and tests. Shares nothing with it. */

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

/** A⁻¹ by Gauss-Jordan elimination, for symmetric positive definite A. @param a [n, n] */
export function plainInverse(a: ArrayLike<number>, n: number): number[][] {
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: 2 * n }, (_, j) => (j < n ? a[i * n + j] : j - n === i ? 1 : 0)),
  );
  for (let k = 0; k < n; k++) {
    const pivot = rows[k][k];
    for (let j = k; j < 2 * n; j++) rows[k][j] /= pivot;
    for (let i = 0; i < n; i++) {
      const f = rows[i][k];
      if (i === k || f === 0) continue;
      for (let j = k; j < 2 * n; j++) rows[i][j] -= f * rows[k][j];
    }
  }
  return rows.map((row) => row.slice(n));
}

/**
 * w_q² / (2 [H⁻¹]_qq) for every weight that is there; 0 for the others.
 * @param at entries of H, to whose diagonal `damping` is added
 * @param there places of H that are there; those beyond the weights always are (a bias)
 */
export function plainScores(
  at: (i: number, j: number) => number,
  damping: number,
  weights: ArrayLike<number>,
  there: readonly number[],
): number[] {
  const damped = there.flatMap((i) => there.map((j) => at(i, j) + (i === j ? damping : 0)));
  const inverse = plainInverse(damped, there.length);
  const out = new Array<number>(weights.length).fill(0);
  there.forEach((q, r) => {
    if (q < weights.length) out[q] = weights[q] ** 2 / (2 * inverse[r][r]);
  });
  return out;
}

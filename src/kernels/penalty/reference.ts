/** Penalties by their formulas. Contract: contract.ts. */
import type { PenaltyOps } from './contract';

export const penaltyOps = (view: () => Float32Array): PenaltyOps => ({
  l1Gradient(g, w, n, strength) {
    const f = view();
    for (let i = 0; i < n; i++) f[g / 4 + i] += strength * Math.sign(f[w / 4 + i]);
  },
  softThreshold(w, n, t) {
    const f = view();
    const least = Math.fround(t);
    for (let i = w / 4; i < w / 4 + n; i++) {
      f[i] = Math.abs(f[i]) <= least ? 0 : f[i] - Math.sign(f[i]) * least;
    }
  },
  shrinkColumns(w, rows, cols, t) {
    const f = view();
    for (let c = 0; c < cols; c++) {
      const at = (r: number) => w / 4 + r * cols + c;
      let squares = 0;
      for (let r = 0; r < rows; r++) squares += f[at(r)] ** 2;
      const norm = Math.sqrt(squares);
      const reach = t * Math.sqrt(rows);
      for (let r = 0; r < rows; r++) f[at(r)] = norm <= reach ? 0 : f[at(r)] * (1 - reach / norm);
    }
  },
});

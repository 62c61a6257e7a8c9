/** Gates, weight by weight. Contract: contract.ts. */
import type { GateOps } from './contract';

export const gateOps = (view: () => Float32Array): GateOps => ({
  scaleRows({ rows, cols, units }, x, z, y) {
    const f = view();
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < cols; c++) {
        const i = r * cols + c;
        f[y / 4 + i] = f[z / 4 + (r % units)] * f[x / 4 + i];
      }
    }
  },
  dotRows({ rows, cols, units }, g, w, dz) {
    const f = view();
    for (let u = 0; u < units; u++) {
      let sum = 0;
      for (let r = u; r < rows; r += units) {
        for (let c = 0; c < cols; c++) sum += f[g / 4 + r * cols + c] * f[w / 4 + r * cols + c];
      }
      f[dz / 4 + u] = sum;
    }
  },
});

/** A mask, weight by weight. Contract: contract.ts. */
import type { MaskOps } from './contract';

export const maskOps = (view: () => Float32Array, raw: () => Uint8Array): MaskOps => ({
  applyMask(x, mask, y, n) {
    const [f, u] = [view(), raw()];
    for (let i = 0; i < n; i++) f[y / 4 + i] = u[mask + i] ? f[x / 4 + i] : 0;
  },
});

/** Patches by their definition. Contract: contract.ts. */
import type { PatchesOps } from './contract';

export const patchesOps = (view: () => Float32Array): PatchesOps => ({
  patches(s, x, y, from, rows) {
    const f = view();
    let to = y / 4;
    for (let row = from; row < from + rows; row++) {
      const image = Math.floor(row / (s.oh * s.ow));
      const [oy, ox] = [Math.floor(row / s.ow) % s.oh, row % s.ow];
      for (let r = 0; r < s.k; r++) {
        for (let q = 0; q < s.k; q++) {
          const [iy, ix] = [oy * s.stride + r - s.pad, ox * s.stride + q - s.pad];
          const inside = iy >= 0 && ix >= 0 && iy < s.h && ix < s.w;
          for (let c = 0; c < s.c; c++) {
            f[to++] = inside ? f[x / 4 + ((image * s.h + iy) * s.w + ix) * s.c + c] : 0;
          }
        }
      }
    }
  },
});

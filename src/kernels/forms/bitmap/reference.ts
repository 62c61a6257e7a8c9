/** Products with a bitmap by plain loops; sums in double precision. Contract: contract.ts. */
import { clip } from '../../dense/reference';
import { type BitmapOps, GROUP, INPUTS } from './contract';

export const bitmapOps = (view: () => Float32Array): BitmapOps => ({
  scratchBitmap: () => 0,
  bitmapForward(s, x, w, bias, y, rows, relu) {
    const f = view();
    const u = new Uint32Array(f.buffer);
    const words = Math.ceil(s.in / INPUTS);
    const sums = new Float64Array(rows * s.out);
    for (let group = 0; group < Math.ceil(s.out / GROUP); group++) {
      let at = u[w.starts / 4 + group];
      for (let k = 0; k < s.in; k++) {
        const word = u[w.masks / 4 + group * words + Math.floor(k / INPUTS)];
        for (let lane = 0; lane < GROUP; lane++) {
          if (!((word >>> (GROUP * (k % INPUTS) + lane)) & 1)) continue;
          const value = f[w.values / 4 + at++];
          const o = group * GROUP + lane;
          for (let i = 0; i < rows; i++) sums[i * s.out + o] += f[x / 4 + i * s.in + k] * value;
        }
      }
    }
    sums.forEach((v, i) => {
      const sum = bias ? v + f[bias / 4 + (i % s.out)] : v;
      f[y / 4 + i] = relu ? clip(sum) : sum;
    });
  },
});

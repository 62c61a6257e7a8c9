/** Convolution by its definition; sums in double precision. Contract: contract.ts. */

import { clip } from '../dense/reference';
import type { ConvOps, ConvShape } from './contract';

/**
 * Calls `visit(xAt, wAt, yAt)` for every product of the convolution of one image: input element, kernel element
 * (of output channel 0) and output element (of channel 0), as indices from the start of each.
 */
function products(s: ConvShape, visit: (xAt: number, wAt: number, yAt: number) => void): void {
  for (let oy = 0; oy < s.oh; oy++) {
    for (let ox = 0; ox < s.ow; ox++) {
      for (let r = 0; r < s.k; r++) {
        for (let q = 0; q < s.k; q++) {
          const [y, x] = [oy * s.stride + r - s.pad, ox * s.stride + q - s.pad];
          if (y < 0 || x < 0 || y >= s.h || x >= s.w) continue;
          for (let c = 0; c < s.c; c++) {
            visit((y * s.w + x) * s.c + c, ((r * s.k + q) * s.c + c) * s.n, (oy * s.ow + ox) * s.n);
          }
        }
      }
    }
  }
}

export const convOps = (view: () => Float32Array): ConvOps => ({
  packConv() {},
  packedConvBytes: () => 0,
  scratchConv: () => 0,
  convForward(s, x, w, _packed, bias, y, batch, relu) {
    const f = view();
    const [image, out] = [s.h * s.w * s.c, s.oh * s.ow * s.n];
    const sums = new Float64Array(out);
    for (let i = 0; i < batch; i++) {
      sums.fill(0);
      products(s, (xAt, wAt, yAt) => {
        const v = f[x / 4 + i * image + xAt];
        for (let n = 0; n < s.n; n++) sums[yAt + n] += v * f[w / 4 + wAt + n];
      });
      for (let j = 0; j < out; j++) {
        const sum = bias ? sums[j] + f[bias / 4 + (j % s.n)] : sums[j];
        f[y / 4 + i * out + j] = relu ? clip(sum) : sum;
      }
    }
  },
  convBackwardWeights(s, x, dy, dw, batch) {
    const f = view();
    const [image, out] = [s.h * s.w * s.c, s.oh * s.ow * s.n];
    const sums = new Float64Array(s.k * s.k * s.c * s.n);
    for (let i = 0; i < batch; i++) {
      products(s, (xAt, wAt, yAt) => {
        const v = f[x / 4 + i * image + xAt];
        for (let n = 0; n < s.n; n++) sums[wAt + n] += v * f[dy / 4 + i * out + yAt + n];
      });
    }
    f.set(sums, dw / 4);
  },
  convBackwardInput(s, dy, w, dx, batch) {
    const f = view();
    const [image, out] = [s.h * s.w * s.c, s.oh * s.ow * s.n];
    const sums = new Float64Array(image);
    for (let i = 0; i < batch; i++) {
      sums.fill(0);
      products(s, (xAt, wAt, yAt) => {
        for (let n = 0; n < s.n; n++) sums[xAt] += f[dy / 4 + i * out + yAt + n] * f[w / 4 + wAt + n];
      });
      f.set(sums, dx / 4 + i * image);
    }
  },
});

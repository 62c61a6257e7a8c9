/** Depthwise convolution by its definition; sums in double precision. Contract: contract.ts. */
import { clip } from '../dense/reference';
import type { DepthwiseOps, DepthwiseShape } from './contract';

/** Calls `visit(xAt, wAt, yAt)` for every product of one image, as indices from the start of each. */
function products(s: DepthwiseShape, visit: (xAt: number, wAt: number, yAt: number) => void): void {
  for (let oy = 0; oy < s.oh; oy++) {
    for (let ox = 0; ox < s.ow; ox++) {
      for (let r = 0; r < s.k; r++) {
        for (let q = 0; q < s.k; q++) {
          const [y, x] = [oy * s.stride + r - s.pad, ox * s.stride + q - s.pad];
          if (y < 0 || x < 0 || y >= s.h || x >= s.w) continue;
          for (let c = 0; c < s.c; c++) {
            visit((y * s.w + x) * s.c + c, (r * s.k + q) * s.c + c, (oy * s.ow + ox) * s.c + c);
          }
        }
      }
    }
  }
}

export const depthwiseOps = (view: () => Float32Array): DepthwiseOps => ({
  depthwiseForward(s, x, w, bias, y, batch, relu) {
    const f = view();
    const [image, out] = [s.h * s.w * s.c, s.oh * s.ow * s.c];
    const sums = new Float64Array(out);
    for (let i = 0; i < batch; i++) {
      sums.fill(0);
      products(s, (xAt, wAt, yAt) => {
        sums[yAt] += f[x / 4 + i * image + xAt] * f[w / 4 + wAt];
      });
      for (let j = 0; j < out; j++) {
        const sum = bias ? sums[j] + f[bias / 4 + (j % s.c)] : sums[j];
        f[y / 4 + i * out + j] = relu ? clip(sum) : sum;
      }
    }
  },
  depthwiseBackwardWeights(s, x, dy, dw, batch) {
    const f = view();
    const [image, out] = [s.h * s.w * s.c, s.oh * s.ow * s.c];
    const sums = new Float64Array(s.k * s.k * s.c);
    for (let i = 0; i < batch; i++) {
      products(s, (xAt, wAt, yAt) => {
        sums[wAt] += f[x / 4 + i * image + xAt] * f[dy / 4 + i * out + yAt];
      });
    }
    f.set(sums, dw / 4);
  },
  depthwiseBackwardInput(s, dy, w, dx, batch) {
    const f = view();
    const [image, out] = [s.h * s.w * s.c, s.oh * s.ow * s.c];
    const sums = new Float64Array(image);
    for (let i = 0; i < batch; i++) {
      sums.fill(0);
      products(s, (xAt, wAt, yAt) => {
        sums[xAt] += f[dy / 4 + i * out + yAt] * f[w / 4 + wAt];
      });
      f.set(sums, dx / 4 + i * image);
    }
  },
});

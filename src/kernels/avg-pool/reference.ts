/** Means over windows and over the whole image; sums in double precision. Contract: contract.ts. */
import type { PoolShape } from '../max-pool/contract';
import type { AvgPoolOps } from './contract';

/** Calls `visit(at, from)` for every input element `from` that counts towards output `at`. */
function members(s: PoolShape, batch: number, visit: (at: number, from: number) => void): void {
  let at = 0;
  for (let i = 0; i < batch; i++) {
    for (let oy = 0; oy < s.oh; oy++) {
      for (let ox = 0; ox < s.ow; ox++) {
        for (let c = 0; c < s.c; c++, at++) {
          for (let r = 0; r < s.size; r++) {
            for (let q = 0; q < s.size; q++) {
              visit(at, ((i * s.h + oy * s.stride + r) * s.w + ox * s.stride + q) * s.c + c);
            }
          }
        }
      }
    }
  }
}

export const avgPoolOps = (view: () => Float32Array): AvgPoolOps => ({
  avgPoolForward(s, x, y, batch) {
    const f = view();
    const sums = new Float64Array(batch * s.oh * s.ow * s.c);
    members(s, batch, (at, from) => {
      sums[at] += f[x / 4 + from];
    });
    for (let i = 0; i < sums.length; i++) f[y / 4 + i] = sums[i] / s.size ** 2;
  },
  avgPoolBackward(s, dy, dx, batch) {
    const f = view();
    const sums = new Float64Array(batch * s.h * s.w * s.c);
    members(s, batch, (at, from) => {
      sums[from] += f[dy / 4 + at] / s.size ** 2;
    });
    f.set(sums, dx / 4);
  },
  globalPoolForward({ h, w, c }, x, y, batch) {
    const f = view();
    for (let i = 0; i < batch; i++) {
      for (let j = 0; j < c; j++) {
        let sum = 0;
        for (let p = 0; p < h * w; p++) sum += f[x / 4 + (i * h * w + p) * c + j];
        f[y / 4 + i * c + j] = sum / (h * w);
      }
    }
  },
  globalPoolBackward({ h, w, c }, dy, dx, batch) {
    const f = view();
    for (let i = 0; i < batch; i++) {
      for (let p = 0; p < h * w; p++) {
        for (let j = 0; j < c; j++) f[dx / 4 + (i * h * w + p) * c + j] = f[dy / 4 + i * c + j] / (h * w);
      }
    }
  },
});

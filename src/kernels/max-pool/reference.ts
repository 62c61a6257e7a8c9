/** Max pooling by its definition. Contract: ../contract.ts. */
import type { MaxPoolOps, PoolShape } from './contract';

/** Calls `visit(first, at, c)` per output: index of its window's first element of channel c, and of the output. */
function windows(s: PoolShape, batch: number, visit: (first: number, at: number) => void): void {
  let at = 0;
  for (let i = 0; i < batch; i++) {
    for (let oy = 0; oy < s.oh; oy++) {
      for (let ox = 0; ox < s.ow; ox++) {
        for (let c = 0; c < s.c; c++) {
          visit(((i * s.h + oy * s.stride) * s.w + ox * s.stride) * s.c + c, at++);
        }
      }
    }
  }
}

/** Distance of tap r * size + q from the window's first element. */
const offset = (s: PoolShape, tap: number): number => (Math.floor(tap / s.size) * s.w + (tap % s.size)) * s.c;

export const maxPoolOps = (view: () => Float32Array): MaxPoolOps => ({
  poolForward(s, x, y, taps, batch) {
    const f = view();
    const u = new Uint32Array(f.buffer);
    windows(s, batch, (first, at) => {
      let best = f[x / 4 + first];
      let tap = 0;
      for (let t = 1; t < s.size * s.size; t++) {
        const v = f[x / 4 + first + offset(s, t)];
        if (v > best || Number.isNaN(v)) [best, tap] = [v, t];
      }
      f[y / 4 + at] = best;
      u[taps / 4 + at] = tap;
    });
  },
  poolBackward(s, dy, taps, dx, batch) {
    const f = view();
    const u = new Uint32Array(f.buffer);
    f.fill(0, dx / 4, dx / 4 + batch * s.h * s.w * s.c);
    windows(s, batch, (first, at) => {
      f[dx / 4 + first + offset(s, u[taps / 4 + at])] += f[dy / 4 + at];
    });
  },
});

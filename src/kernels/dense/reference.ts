/** Dense layers by plain loops; sums in double precision. Contract: contract.ts. */
import type { Ptr } from '../memory';
import type { DenseOps, DenseShape } from './contract';

/** Not Math.max: NaN must stay NaN and so must -0, as a comparison leaves them. */
export const clip = (x: number): number => (x < 0 ? 0 : x);

export const denseOps = (view: () => Float32Array): DenseOps => ({
  scratchDense: () => 0,
  denseForward(s: DenseShape, x: Ptr, w: Ptr, bias: Ptr, y: Ptr, batch: number, relu: boolean) {
    const f = view();
    for (let i = 0; i < batch; i++) {
      for (let o = 0; o < s.out; o++) {
        let sum = 0;
        for (let k = 0; k < s.in; k++) sum += f[x / 4 + i * s.in + k] * f[w / 4 + k * s.out + o];
        if (bias) sum += f[bias / 4 + o];
        f[y / 4 + i * s.out + o] = relu ? clip(sum) : sum;
      }
    }
  },
  denseBackwardWeights(s, x, dy, dw, batch) {
    const f = view();
    for (let k = 0; k < s.in; k++) {
      for (let o = 0; o < s.out; o++) {
        let sum = 0;
        for (let i = 0; i < batch; i++) sum += f[x / 4 + i * s.in + k] * f[dy / 4 + i * s.out + o];
        f[dw / 4 + k * s.out + o] = sum;
      }
    }
  },
  denseBackwardInput(s, dy, w, dx, batch) {
    const f = view();
    for (let i = 0; i < batch; i++) {
      for (let k = 0; k < s.in; k++) {
        let sum = 0;
        for (let o = 0; o < s.out; o++) sum += f[dy / 4 + i * s.out + o] * f[w / 4 + k * s.out + o];
        f[dx / 4 + i * s.in + k] = sum;
      }
    }
  },
  biasGrad(dy, db, rows, n) {
    const f = view();
    for (let o = 0; o < n; o++) {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += f[dy / 4 + i * n + o];
      f[db / 4 + o] = sum;
    }
  },
  reluBackward(dy, y, n) {
    const f = view();
    for (let i = 0; i < n; i++) if (f[y / 4 + i] <= 0) f[dy / 4 + i] = 0;
  },
});

/** Sparse products by plain loops; sums in double precision. Contract: contract.ts. */
import { clip } from '../../dense/reference';
import { type CsrOps, LANES } from './contract';

export const csrOps = (view: () => Float32Array): CsrOps => ({
  scratchCsr: () => 0,
  csrForward(s, x, w, bias, y, rows, relu) {
    const f = view();
    const u32 = new Uint32Array(f.buffer);
    const u16 = new Uint16Array(f.buffer);
    for (let i = 0; i < rows; i++) {
      for (let o = 0; o < s.out; o++) {
        const slot = u32[w.places / 4 + o];
        const first = u32[w.slices / 4 + Math.floor(slot / LANES)];
        const length = u32[w.slots / 4 + slot * 2 + 1];
        let sum = 0;
        for (let j = 0; j < length; j++) {
          const at = (first + j) * LANES + (slot % LANES);
          sum += f[x / 4 + i * s.in + u16[w.index / 2 + at]] * f[w.values / 4 + at];
        }
        if (bias) sum += f[bias / 4 + o];
        f[y / 4 + i * s.out + o] = relu ? clip(sum) : sum;
      }
    }
  },
});

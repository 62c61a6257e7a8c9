/** 4x1 blocks by plain loops; sums in double precision. Contract: contract.ts. */
import { clip } from '../../dense/reference';
import { BLOCK4, type Block4Ops, groupsOf } from './contract';

export const block4Ops = (view: () => Float32Array, raw: () => Uint8Array): Block4Ops => ({
  scratchBlock4: () => 0,
  block4Forward(s, x, packed, bias, y, rows, relu) {
    const f = view();
    const u = new Uint32Array(f.buffer);
    const bytes = raw();
    const column = (i: number) => bytes[packed.columns + 2 * i] + 256 * bytes[packed.columns + 2 * i + 1];
    for (let i = 0; i < rows; i++) {
      for (let p = 0; p < groupsOf(s.out); p++) {
        const first = BLOCK4 * u[packed.order / 4 + p];
        for (let o = first; o < Math.min(first + BLOCK4, s.out); o++) {
          let sum = 0;
          for (let b = u[packed.starts / 4 + p]; b < u[packed.starts / 4 + p + 1]; b++) {
            sum += f[x / 4 + i * s.in + column(b)] * f[packed.values / 4 + BLOCK4 * b + (o - first)];
          }
          if (bias) sum += f[bias / 4 + o];
          f[y / 4 + i * s.out + o] = relu ? clip(sum) : sum;
        }
      }
    }
  },
});

/** Products of signs, weight by weight. Contract: contract.ts. */
import { clip } from '../../dense/reference';
import type { XnorOps } from './contract';
import { signAt } from './layout';

export const xnorOps = (view: () => Float32Array, raw: () => Uint8Array): XnorOps => ({
  scratchXnor: () => 0,
  xnorForward(s, x, { signs, scales }, bias, y, rows, relu) {
    const f = view();
    const words = new Uint32Array(raw().buffer, signs);
    const positive = (k: number, o: number) => {
      const { word, bit } = signAt(s.in, k, o);
      return ((words[word] >>> bit) & 1) === 1;
    };
    for (let i = 0; i < rows; i++) {
      const row = f.subarray(x / 4 + i * s.in, x / 4 + (i + 1) * s.in);
      const mean = Math.fround(row.reduce((sum, v) => sum + Math.abs(v), 0) / s.in);
      for (let o = 0; o < s.out; o++) {
        let agree = 0;
        for (let k = 0; k < s.in; k++) agree += row[k] >= 0 === positive(k, o) ? 1 : -1;
        const value = agree * mean * f[scales / 4 + o] + (bias ? f[bias / 4 + o] : 0);
        f[y / 4 + i * s.out + o] = relu ? clip(value) : value;
      }
    }
  },
});

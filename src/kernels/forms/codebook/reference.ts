/** Shared values by plain loops, in double precision. Contract: contract.ts. */
import { clip } from '../../dense/reference';
import type { CodebookOps } from './contract';
import { indexAt } from './layout';

export const codebookOps = (view: () => Float32Array, raw: () => Uint8Array): CodebookOps => ({
  scratchCodebook: () => 0,
  codebookForward(s, x, { table, indices, bits }, bias, y, rows, relu) {
    const f = view();
    const weight = (k: number, o: number) => {
      const { index, shift } = indexAt(s.in, k, o, bits);
      return f[table / 4 + ((raw()[indices + index] >> shift) & (2 ** bits - 1))];
    };
    for (let i = 0; i < rows; i++) {
      for (let o = 0; o < s.out; o++) {
        let sum = 0;
        for (let k = 0; k < s.in; k++) sum += f[x / 4 + i * s.in + k] * weight(k, o);
        if (bias) sum += f[bias / 4 + o];
        f[y / 4 + i * s.out + o] = relu ? clip(sum) : sum;
      }
    }
  },
});

/** Sums, element by element. Contract: contract.ts. */
import { clip } from '../dense/reference';
import type { AddOps } from './contract';

export const addOps = (view: () => Float32Array): AddOps => ({
  add(a, b, y, n, relu) {
    const f = view();
    for (let i = 0; i < n; i++) {
      const sum = f[a / 4 + i] + f[b / 4 + i];
      f[y / 4 + i] = relu ? clip(sum) : sum;
    }
  },
});

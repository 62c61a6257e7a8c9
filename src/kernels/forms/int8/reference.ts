/** 8-bit products by plain loops. Contract: contract.ts. */
import { clip } from '../../dense/reference';
import { quadIndex } from '../coded';
import type { Int8Ops } from './contract';

/** 1.5 * 2^52: adding and taking it away leaves the nearest integer, halves to even. */
const MAGIC = 6755399441055744;
const nearest = (x: number): number => x + MAGIC - MAGIC;

/** A row of x as codes in [-127, 127] and their scale. */
export function quantizeRow(x: Float32Array): { codes: Int8Array; scale: number } {
  const codes = new Int8Array(x.length);
  if (x.some((v) => !Number.isFinite(v))) return { codes, scale: Number.NaN };
  const scale = Math.fround(x.reduce((most, v) => Math.max(most, Math.abs(v)), 0) / 127);
  if (scale === 0) return { codes, scale };
  x.forEach((v, k) => {
    codes[k] = Math.max(-127, Math.min(127, nearest(Math.fround(v / scale))));
  });
  return { codes, scale };
}

export const int8Ops = (view: () => Float32Array, raw: () => Uint8Array): Int8Ops => ({
  scratchInt8: () => 0,
  int8Forward(s, x, w, bias, y, rows, relu) {
    const f = view();
    const codes = new Int8Array(raw().buffer, w.codes);
    const offsets = new Int32Array(raw().buffer, w.offsets, s.out);
    for (let i = 0; i < rows; i++) {
      const row = quantizeRow(f.subarray(x / 4 + i * s.in, x / 4 + (i + 1) * s.in));
      for (let o = 0; o < s.out; o++) {
        let sum = 0;
        for (let k = 0; k < s.in; k++) sum += row.codes[k] * (codes[quadIndex(s.in, k, o)] - offsets[o]);
        const scaled = Math.fround(sum) * Math.fround(row.scale * f[w.scales / 4 + o]);
        const value = Math.fround(Math.fround(scaled) + (bias ? f[bias / 4 + o] : 0));
        f[y / 4 + i * s.out + o] = relu ? clip(value) : value;
      }
    }
  },
});

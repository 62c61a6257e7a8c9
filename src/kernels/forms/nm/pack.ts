/** Finds the pattern of a kernel and fills its slots. */
import type { DenseShape } from '../../dense/contract';
import type { Buffers, PackSource } from '../types';
import { GROUP_SIZES, type GroupSize, indexBits, LANES, type Pattern, quadsOf, slotsOf } from './contract';

/** Most weights that are not zero in any group of m inputs of any output. */
function fullest({ in: inn, out }: DenseShape, values: Float32Array, m: number): number {
  let most = 0;
  const counts = new Uint8Array(out);
  for (let k = 0; k < inn; k++) {
    if (k % m === 0) counts.fill(0);
    for (let o = 0; o < out; o++) {
      if (values[k * out + o] === 0) continue;
      counts[o]++;
      if (counts[o] > most) most = counts[o];
    }
  }
  return most;
}

/** Work of a slot: inputs of larger groups are brought together by more shuffles. */
const COST: Readonly<Record<GroupSize, number>> = { 4: 1, 8: 2, 16: 3 };

/** The pattern with least work, of equal ones that with the smallest groups; undefined if none has N <= M / 2. */
export function findPattern(shape: DenseShape, values: Float32Array): Pattern | undefined {
  let best: Pattern | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const m of GROUP_SIZES) {
    const pattern = { n: Math.max(1, fullest(shape, values, m)), m };
    const work = slotsOf(shape.in, pattern) * COST[m];
    if (pattern.n > m / 2 || work >= least) continue;
    [best, least] = [pattern, work];
  }
  return best;
}

/** As in contract.ts; undefined where there is no such pattern. */
export function packNm({ shape, values }: PackSource): Buffers | undefined {
  const pattern = findPattern(shape, values);
  if (!pattern) return undefined;
  const { n, m } = pattern;
  const slots = slotsOf(shape.in, pattern);
  const bits = indexBits(m);
  const packed = new Float32Array(quadsOf(shape.out) * slots * LANES);
  const indices = new Uint8Array(Math.ceil((quadsOf(shape.out) * slots * bits * LANES) / 32) * 4);
  for (let o = 0; o < shape.out; o++) {
    const lane = o % LANES;
    const first = Math.floor(o / LANES) * slots;
    let filled = 0;
    for (let k = 0; k < shape.in; k++) {
      if (k % m === 0) filled = 0;
      const value = values[k * shape.out + o];
      if (value === 0) continue;
      const slot = first + Math.floor(k / m) * n + filled;
      filled++;
      packed[slot * LANES + lane] = value;
      const bit = (slot * LANES + lane) * bits;
      indices[bit >> 3] |= (k % m) << (bit & 7);
    }
  }
  return { pattern: Uint32Array.of(n, m), values: packed, indices: new Uint32Array(indices.buffer) };
}

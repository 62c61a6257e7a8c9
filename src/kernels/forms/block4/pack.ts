/** Finds the blocks of a kernel. */
import type { Buffers, PackSource } from '../types';
import { BLOCK4, groupsOf } from './contract';

/** Input indices are 16 bits. */
const MOST_INPUTS = 65536;

/** As in contract.ts; undefined where input indices would not fit. A block is kept if any of its weights is not zero. */
export function packBlock4({ shape, values }: PackSource): Buffers | undefined {
  if (shape.in > MOST_INPUTS) return undefined;
  const kept = blocksOf(shape.in, shape.out, values);
  const order = kept.map((_, g) => g).sort((a, b) => kept[b].length - kept[a].length || a - b);
  const blocks = kept.reduce((sum, list) => sum + list.length, 0);
  const starts = new Uint32Array(order.length + 1);
  // Where nothing is kept there is still something to bind.
  const columns = new Uint16Array(Math.max(2, Math.ceil(blocks / 2) * 2));
  const packed = new Float32Array(Math.max(1, blocks) * BLOCK4);
  let at = 0;
  order.forEach((g, p) => {
    starts[p] = at;
    for (const k of kept[g]) {
      columns[at] = k;
      const from = k * shape.out + g * BLOCK4;
      packed.set(values.subarray(from, from + Math.min(BLOCK4, shape.out - g * BLOCK4)), at * BLOCK4);
      at++;
    }
  });
  starts[order.length] = at;
  return {
    order: Uint32Array.from(order),
    starts,
    columns: new Uint32Array(columns.buffer),
    values: packed,
  };
}

/** By group of outputs, the inputs of its blocks. */
function blocksOf(inn: number, out: number, values: Float32Array): number[][] {
  return Array.from({ length: groupsOf(out) }, (_, g) => {
    const first = g * BLOCK4;
    const last = Math.min(first + BLOCK4, out);
    const kept: number[] = [];
    for (let k = 0; k < inn; k++) {
      let any = false;
      for (let o = first; o < last; o++) any ||= values[k * out + o] !== 0;
      if (any) kept.push(k);
    }
    return kept;
  });
}

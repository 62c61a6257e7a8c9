/** Lists of nonzeros, as contract.ts lays them out. */
import type { DenseShape } from '../../dense/contract';
import type { Values } from '../../testing/suite';
import { LANES } from './contract';

export interface CsrBuffers extends Readonly<Record<string, Values>> {
  readonly slices: Uint32Array;
  readonly slots: Uint32Array;
  readonly places: Uint32Array;
  /** Two 16-bit indices per word, the first in the low half. */
  readonly index: Uint32Array;
  readonly values: Float32Array;
}
/** Indices up to `in` itself, which stands for none, have 16 bits. */
const MOST_INPUTS = 65535;

/** @param w [in, out]; what is not 0 is kept, NaN too. Undefined where an index would not fit. */
export function packCsr({ in: inn, out }: DenseShape, w: Float32Array): CsrBuffers | undefined {
  if (inn > MOST_INPUTS) return undefined;
  const lengths = new Uint32Array(out);
  for (let i = 0; i < inn * out; i++) if (w[i] !== 0) lengths[i % out]++;
  const order = Array.from(lengths.keys()).sort((a, b) => lengths[b] - lengths[a] || a - b);
  const { slices, slots, places } = slotsOf(order, lengths);
  const steps = slices[slices.length - 1];
  const index = new Uint16Array(steps * LANES).fill(inn);
  const values = new Float32Array(steps * LANES);
  const next = Uint32Array.from(places, (slot) => slices[Math.floor(slot / LANES)] * LANES + (slot % LANES));
  for (let k = 0; k < inn; k++) {
    for (let o = 0; o < out; o++) {
      const v = w[k * out + o];
      if (v === 0) continue;
      index[next[o]] = k;
      values[next[o]] = v;
      next[o] += LANES;
    }
  }
  return { slices, slots, places, index: new Uint32Array(index.buffer), values };
}

function slotsOf(order: readonly number[], lengths: Uint32Array) {
  const out = order.length;
  const count = Math.ceil(out / LANES);
  const slices = new Uint32Array(count + 1);
  const slots = new Uint32Array(count * LANES * 2);
  const places = new Uint32Array(out);
  for (let slot = 0; slot < count * LANES; slot++) {
    const length = slot < out ? lengths[order[slot]] : 0;
    slots.set([slot < out ? order[slot] : out, length], slot * 2);
    if (slot < out) places[order[slot]] = slot;
    const slice = Math.floor(slot / LANES);
    if (slot % LANES === 0) slices[slice + 1] = slices[slice] + length;
  }
  return { slices, slots, places };
}

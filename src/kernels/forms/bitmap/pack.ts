/** Masks and values, as contract.ts lays them out. */
import type { DenseShape } from '../../dense/contract';
import type { Values } from '../../testing/suite';
import { GROUP, INPUTS } from './contract';

export interface BitmapBuffers extends Readonly<Record<string, Values>> {
  readonly masks: Uint32Array;
  readonly starts: Uint32Array;
  readonly values: Float32Array;
}

/** @param w [in, out]; what is not 0 is kept, NaN too. */
export function packBitmap({ in: inn, out }: DenseShape, w: Float32Array): BitmapBuffers {
  const groups = Math.ceil(out / GROUP);
  const words = Math.ceil(inn / INPUTS);
  const masks = new Uint32Array(groups * words);
  const starts = new Uint32Array(groups + 1);
  const values = new Float32Array(w.reduce((n, v) => (v !== 0 ? n + 1 : n), 0));
  let at = 0;
  for (let group = 0; group < groups; group++) {
    for (let k = 0; k < inn; k++) {
      for (let o = group * GROUP; o < Math.min(out, (group + 1) * GROUP); o++) {
        const v = w[k * out + o];
        if (v === 0) continue;
        masks[group * words + Math.floor(k / INPUTS)] |= 1 << (GROUP * (k % INPUTS) + (o % GROUP));
        values[at++] = v;
      }
    }
    starts[group + 1] = at;
  }
  return { masks, starts, values };
}

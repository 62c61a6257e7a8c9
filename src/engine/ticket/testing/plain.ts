/** The same as the code under test, in the most obvious way. */
import { kernelName, weightLayers } from '../../../models/build';
import type { Arch, Masks } from '../../../models/types';

/** Walks every way from input `i` of layer `l` through a dense chain. @returns how many end at class `c` */
export function waysFrom(arch: Arch, masks: Masks, l: number, i: number, c: number): number {
  const layers = weightLayers(arch);
  if (l === layers.length) return i === c ? 1 : 0;
  const layer = layers[l];
  if (layer.kind !== 'dense') throw new Error('dense layers only');
  let ways = 0;
  for (let j = 0; j < layer.out; j++)
    if (masks[kernelName(layer)]?.[i * layer.out + j] !== 0) ways += waysFrom(arch, masks, l + 1, j, c);
  return ways;
}

/** Weights with lower <= w < upper (the last bin has its upper end too) among those with this bit. */
export function countBetween(
  values: Float32Array,
  mask: Uint8Array,
  bit: number,
  lower: number,
  upper: number,
  last: boolean,
): number {
  return [...values].filter((w, i) => mask[i] === bit && w >= lower && (w < upper || (last && w <= upper)))
    .length;
}

/**
 * Removed units as masks only: the network keeps its size, its arithmetic and its time, and computes what the rebuilt one
 * does. Columns of the producers, depthwise filters and rows of the readers are masked. Biases and norms of such a unit
 * stay, and may give a constant, but nobody reads it.
 */
import { placed } from './axes';
import { INPUT, isWeightLayer, kernelName } from './build';
import { checkKept, type KeptUnits } from './kept-units';
import type { Arch, Weights } from './types';

/**
 * @param state tensors and masks of the sizes that `arch` gives; those that are untouched are shared with the result
 * @throws WinnowError `rebuild.*` as checkKept
 */
export function maskUnits<S extends Weights & { readonly arch: Arch }>(state: S, kept: KeptUnits): S {
  const left = checkKept(state.arch, kept);
  const tensors: Record<string, Float32Array> = { ...state.tensors };
  const masks: Record<string, Uint8Array> = { ...state.masks };
  const held: Record<string, Uint8Array> = { ...state.held };
  for (const { layer, reads, gives, tensors: all } of placed(state.arch)) {
    const [rows, columns] = [left.get(reads?.id ?? INPUT), left.get(gives?.id ?? INPUT)];
    if (!isWeightLayer(layer) || (!rows && !columns)) continue;
    const name = kernelName(layer);
    const [[, [, inputs, outputs]]] = all;
    const [row, column] = [
      alive(inputs, layer.kind === 'depthwise' ? undefined : rows),
      alive(outputs, columns),
    ];
    const tensor = tensors[name].slice();
    const mask = masks[name]?.slice() ?? new Uint8Array(tensor.length).fill(1);
    for (let i = 0; i < tensor.length; i++) {
      if (column[i % outputs] === 1 && row[Math.floor(i / outputs) % inputs] === 1) continue;
      tensor[i] = 0;
      mask[i] = 0;
    }
    tensors[name] = tensor;
    masks[name] = mask;
    if (held[name]) held[name] = held[name].map((h, i) => h & mask[i]);
  }
  return { ...state, tensors, masks, ...(state.held && { held }) };
}

/** 1 for the units on the list, for all where there is none. */
function alive(units: number, kept: readonly number[] | undefined): Uint8Array {
  if (!kept) return new Uint8Array(units).fill(1);
  const flags = new Uint8Array(units);
  for (const unit of kept) flags[unit] = 1;
  return flags;
}

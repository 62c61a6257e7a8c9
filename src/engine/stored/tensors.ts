/** Which tensors a file has, as follows from the network alone. */
import {
  kernelName,
  kernelShape,
  kernelSize,
  originalName,
  thinNames,
  weightLayers,
} from '../../models/build';
import { type TensorInfo, tensorsOf } from '../../models/tensors';
import type { Arch, WeightLayer } from '../../models/types';

export interface KernelSlot {
  name: string;
  /** Of the tensor with the values that pruned entries began with. */
  pruned: string;
  layer: WeightLayer;
  shape: number[];
  length: number;
  /** Length of the last axis: output channels. */
  columns: number;
}
export const kernelSlots = (arch: Arch): KernelSlot[] =>
  weightLayers(arch).map((layer) => {
    const shape = kernelShape(layer);
    return {
      name: kernelName(layer),
      pruned: `${layer.name}/pruned`,
      layer,
      shape,
      length: kernelSize(layer),
      columns: shape[shape.length - 1],
    };
  });

/** Tensors that are stored in full, all of a kind one after another. */
export function plainTensors(
  arch: Arch,
): { name: 'biases' | 'norms'; tensors: TensorInfo[]; length: number }[] {
  const all = tensorsOf(arch).filter(({ role }) => role !== 'kernel');
  return (['biases', 'norms'] as const).map((name) => {
    const tensors = all.filter(({ role }) => (role === 'bias') === (name === 'biases'));
    return { name, tensors, length: tensors.reduce((sum, { length }) => sum + length, 0) };
  });
}

/** Kernels of two thin layers that stand for one, by its name. */
export function pairsOf(arch: Arch): Record<string, [string, string]> {
  const kernels = new Set(weightLayers(arch).map(({ name }) => name));
  const pairs: Record<string, [string, string]> = {};
  for (const layer of kernels) {
    const [u, v] = thinNames(originalName(layer));
    if (layer === u && kernels.has(v))
      pairs[originalName(layer)] = [kernelName({ name: u }), kernelName({ name: v })];
  }
  return pairs;
}

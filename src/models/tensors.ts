/** Every tensor of a network, in one order, for whoever draws, stores or checks them all. */
import { biasName, channels, isWeightLayer, kernelName, kernelSize, normNames } from './build';
import type { Arch, BatchNormLayer, WeightLayer } from './types';

/** What a tensor is to its layer. Kernels alone are prunable; mean and variance are not trained by the optimizer. */
export type Role = 'kernel' | 'bias' | 'gamma' | 'beta' | 'mean' | 'variance';
export type TensorInfo = { readonly name: string; readonly length: number } & (
  | { readonly role: 'kernel' | 'bias'; readonly layer: WeightLayer }
  | { readonly role: 'gamma' | 'beta' | 'mean' | 'variance'; readonly layer: BatchNormLayer }
);

/** In layer order: kernel before bias; gamma, beta, mean, variance. */
export const tensorsOf = (arch: Arch): TensorInfo[] =>
  arch.layers.flatMap((layer): TensorInfo[] => {
    if (layer.kind === 'batchnorm') return ofNorm(layer);
    if (!isWeightLayer(layer)) return [];
    const kernel: TensorInfo = { name: kernelName(layer), length: kernelSize(layer), role: 'kernel', layer };
    const bias: TensorInfo = { name: biasName(layer), length: channels(layer), role: 'bias', layer };
    return layer.bias ? [kernel, bias] : [kernel];
  });

function ofNorm(layer: BatchNormLayer): TensorInfo[] {
  const names = normNames(layer);
  const roles = ['gamma', 'beta', 'mean', 'variance'] as const;
  return roles.map((role) => ({ name: names[role], length: layer.out[2], role, layer }));
}

/** Value of all elements of a norm's tensor before training: it then passes its input on, normalised and no more. */
export const NORM_START = { gamma: 1, beta: 0, mean: 0, variance: 1 } as const;

/** Small helpers that several methods share. */
import { kernelName, weightLayers } from '../models/build';
import type { NetState, Tensors, WeightLayer } from '../models/types';
import { WinnowError } from '../spec/problem';

/**
 * The layers a `layers` or `perLayer` parameter names, checked against the network as it is now.
 * @param card path of the card, where nobody further out puts it in front
 * @throws WinnowError with the path of the first name that is not there.
 */
export function requireLayers(
  { arch }: Pick<NetState, 'arch'>,
  param: string,
  names: readonly string[],
  card = '',
): void {
  const known = weightLayers(arch).map((l) => l.name);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new WinnowError({
      code: 'layer.unknown',
      path: `${card && `${card}.`}with.${param}.${name}`,
      message: `must be one of the network’s layers ${known.join(', ')}, got ${name}`,
      values: { allowed: known.join(', '), found: name },
    });
  }
}

/**
 * For whoever compares a layer with where it began.
 * @throws WinnowError `start.none` for a layer that has no initial weights, because it was factorized
 */
export function requireStart({ arch, tensors, start }: NetState): void {
  for (const layer of weightLayers(arch)) {
    const name = kernelName(layer);
    if (start[name]?.length === tensors[name].length) continue;
    throw new WinnowError({
      code: 'start.none',
      path: '',
      message: `${layer.name} has no initial weights: it was factorized; put this card before factorize`,
      values: { name: layer.name },
    });
  }
}

/** Copy of a tensor with exact zeros where the mask is 0; the tensor itself if there is no mask. */
export function masked(tensor: Float32Array, mask: Uint8Array | undefined): Float32Array {
  if (!mask) return tensor;
  const out = new Float32Array(tensor.length);
  for (let i = 0; i < out.length; i++) if (mask[i] === 1) out[i] = tensor[i];
  return out;
}

/** All tensors with their masks applied. */
export function maskedAll(tensors: Tensors, masks: NetState['masks']): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, masked(t, masks[name])]));
}

export const kernelOf = (state: NetState, layer: WeightLayer): Float32Array =>
  state.tensors[kernelName(layer)];

/** Copy of a record without the given keys. */
export function without<T>(record: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

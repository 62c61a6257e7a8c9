/** Which layers can give up output units: those whose channels no sum and no class needs as they are. */
import { INPUT, sourcesOf, weightLayers } from './build';
import type { Arch } from './types';

/**
 * For every value of the network the dense layer or convolution whose units its channels are: depthwise filters, norms
 * and pools pass channels on. Sums are not listed, they have as many owners as terms; the image is its own.
 */
export function owners(arch: Arch): Map<string, string> {
  const owner = new Map([[INPUT, INPUT]]);
  arch.layers.forEach((layer, i) => {
    if (layer.kind === 'add') return;
    const [source] = sourcesOf(arch, i);
    const passed = layer.kind === 'dense' || layer.kind === 'conv' ? layer.name : owner.get(source);
    if (passed !== undefined) owner.set(layer.name, passed);
  });
  return owner;
}

export interface Shrinkable {
  /** Names of the dense layers and convolutions that can, in layer order. */
  readonly able: readonly string[];
  /** Of those that cannot: the first sum that each feeds, if any. */
  readonly sums: ReadonlyMap<string, string>;
}

export function shrinkable(arch: Arch): Shrinkable {
  const owner = owners(arch);
  const sums = new Map<string, string>();
  arch.layers.forEach((layer, i) => {
    if (layer.kind !== 'add') return;
    for (const term of sourcesOf(arch, i)) {
      const name = owner.get(term);
      if (name !== undefined && !sums.has(name)) sums.set(name, layer.name);
    }
  });
  const logits = owner.get(arch.layers[arch.layers.length - 1].name);
  const able = weightLayers(arch)
    .filter(({ kind, name }) => kind !== 'depthwise' && name !== logits && !sums.has(name))
    .map(({ name }) => name);
  return { able, sums };
}

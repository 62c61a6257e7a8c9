/**
 * Networks with seeded random weights whose zeros lie as a way of pruning would leave them. How long a kernel
 * takes depends on where the zeros are and not on what the network has learned, so nothing is trained here.
 */
import {
  conv,
  dense,
  kernelName,
  kernelShape,
  kernelSize,
  type LayerSpec,
  maxpool,
  network,
  thinNames,
  weightLayers,
} from '../../models/build';
import { shrinkable } from '../../models/groups';
import { rebuild } from '../../models/rebuild';
import { tensorsOf } from '../../models/tensors';
import type { Arch, Layer, QuantSpec, Tensors, WeightLayer, Weights } from '../../models/types';
import { stream } from '../rng';

/**
 * Uniform in [0, 1) from a name: Marsaglia's xorshift. Millions of numbers per contestant are drawn, and nothing but
 * their being the same every time and without pattern matters.
 */
function drawer(...names: (string | number)[]): () => number {
  let state = stream(1, 'speed', ...names).next() | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Tensors of the subject that was asked for last, and of its variants. */
const drawn = new Map<string, Float32Array>();
const KEPT = 24;

/** Of the size of a trained network's, either sign, none of them zero. Shared: not to be written to. */
export function randomTensors(arch: Arch): Tensors {
  const named = tensorsOf(arch).map(({ name, length }): [string, Float32Array] => {
    const key = `${name} ${length}`;
    const values = drawn.get(key) ?? draw(key, length);
    drawn.delete(key);
    drawn.set(key, values);
    for (const oldest of drawn.keys()) {
      if (drawn.size <= KEPT) break;
      drawn.delete(oldest);
    }
    return [name, values];
  });
  return Object.fromEntries(named);
}
function draw(key: string, length: number): Float32Array {
  const next = drawer(key);
  const scale = 1 / Math.sqrt(Math.max(1, Math.sqrt(length)));
  return Float32Array.from({ length }, () => {
    const v = next() - 0.5;
    return scale * (v === 0 ? 0.5 : v);
  });
}

/** Zeros in groups of `block` neighbouring output channels at one input: 1 for single weights, 4 for 4 x 1 blocks. */
export function blockMask(layer: WeightLayer, sparsity: number, block: number): Uint8Array {
  const shape = kernelShape(layer);
  const out = shape[shape.length - 1];
  const rows = kernelSize(layer) / out;
  const perRow = Math.ceil(out / block);
  const mask = new Uint8Array(rows * out).fill(1);
  const next = drawer('mask', layer.name, rows, out, block);
  let left = rows * perRow;
  let zeros = Math.round(sparsity * left);
  // Selection sampling (Knuth's algorithm S): exactly so many groups, each equally likely, in one pass.
  for (let row = 0; row < rows; row++) {
    for (let from = 0; from < out; from += block, left--) {
      if (next() * left >= zeros) continue;
      zeros--;
      const start = row * out + from;
      if (block === 1) mask[start] = 0;
      else mask.fill(0, start, start + Math.min(block, out - from));
    }
  }
  return mask;
}

/** Of every `m` weights that follow each other along the inputs of one output, `n` stay; of a shorter rest `n` at most. */
export function groupMask(layer: WeightLayer, n: number, m: number): Uint8Array {
  const shape = kernelShape(layer);
  const out = shape[shape.length - 1];
  const rows = kernelSize(layer) / out;
  const mask = new Uint8Array(rows * out);
  const next = drawer('groups', layer.name, rows, out, n, m);
  for (let from = 0; from < rows; from += m) {
    const size = Math.min(m, rows - from);
    for (let o = 0; o < out; o++) {
      for (let k = 0, left = Math.min(n, size); left > 0; k++) {
        if (next() * (size - k) >= left) continue;
        mask[(from + k) * out + o] = 1;
        left--;
      }
    }
  }
  return mask;
}

/** What of the network is zero, and where. */
export interface Pattern {
  readonly sparsity?: number;
  readonly block?: number;
  readonly groups?: readonly [n: number, m: number];
  readonly quant?: QuantSpec;
}
export function patterned(arch: Arch, { sparsity, block = 1, groups, quant }: Pattern): Weights {
  const layers = weightLayers(arch);
  const maskOf = (layer: WeightLayer) =>
    groups ? groupMask(layer, ...groups) : sparsity ? blockMask(layer, sparsity, block) : undefined;
  const masks = layers.flatMap((l): [string, Uint8Array][] => {
    const mask = maskOf(l);
    return mask ? [[kernelName(l), mask]] : [];
  });
  return {
    tensors: randomTensors(arch),
    masks: Object.fromEntries(masks),
    quant: quant ? Object.fromEntries(layers.map((l) => [kernelName(l), quant])) : {},
  };
}

/** The network with about this share of every hidden layer's units left; of a single layer, of its outputs. */
export function narrowed(arch: Arch, keep: number): Arch {
  const some = (n: number) => Math.max(1, Math.round(n * keep));
  if (arch.layers.length === 1) return rebuilt(arch, (layer) => [spec(layer, some)]);
  const kept = shrinkable(arch).map(({ id, units }) => [id, [...Array(some(units)).keys()]]);
  return rebuild(arch, { tensors: {}, masks: {}, quant: {} }, Object.fromEntries(kept)).arch;
}

/** The named dense layers as two thin ones of this rank. */
export function thinned(arch: Arch, names: readonly string[], rank: number): Arch {
  return rebuilt(arch, (layer) => {
    if (layer.kind !== 'dense' || !names.includes(layer.name)) return [spec(layer, (n) => n)];
    const [u, v] = thinNames(layer.name);
    return [dense(u, rank, 'linear'), dense(v, layer.out, layer.activation)];
  });
}

const rebuilt = (arch: Arch, specs: (layer: Layer) => LayerSpec[]): Arch =>
  network(
    arch.input,
    arch.layers.flatMap((layer) => specs(layer)),
  );
/** Only what the subjects of the study are made of: chains of dense layers, convolutions and max pooling. */
function spec(layer: Layer, out: (n: number) => number): LayerSpec {
  const { name } = layer;
  if (layer.kind === 'dense') return dense(name, out(layer.out), layer.activation);
  if (layer.kind === 'maxpool') return maxpool(name, layer.size, layer.stride);
  if (layer.kind !== 'conv') throw new Error(`${name}: no ${layer.kind} in this study`);
  const { kernel, stride, activation, bias, pad } = layer;
  const padding = pad > 0 ? 'same' : 'valid';
  return conv(name, { filters: out(layer.out[2]), kernel, stride, activation, bias, padding });
}

/** Removed or pruned weights over all prunable ones of the dense network. */
export function removed(denseArch: Arch, arch: Arch, { masks }: Pick<Weights, 'masks'>): number {
  const count = (a: Arch) => weightLayers(a).reduce((sum, l) => sum + kernelSize(l), 0);
  const kept = weightLayers(arch).reduce((sum, l) => sum + keptOf(l, masks[kernelName(l)]), 0);
  return 1 - kept / count(denseArch);
}
const keptOf = (layer: WeightLayer, mask?: Uint8Array): number =>
  mask ? mask.reduce((sum, v) => sum + v, 0) : kernelSize(layer);

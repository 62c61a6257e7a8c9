/**
 * Networks out of files. A file has effective weights and the codes of quantized kernels; a state wants latent
 * weights, masks and how they are quantized. What the file does not say is made so that the same weights are
 * executed and the same file would be written again: zeros are pruned, latent weights are found for the codes.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { recoverQuant } from '../methods/recover';
import { kernelName, kernelShape, weightLayers } from '../models/build';
import type { NetworkFile } from '../models/files/types';
import { tensorsOf } from '../models/tensors';
import type { Arch, QuantSpec, Tensors, Weights } from '../models/types';
import { WinnowError } from '../spec/problem';
import { decode } from './stored';
import { NO_BYTES, type Part, type PartBytes } from './stored/types';

/** `start`: of a ticket, the values of its pruned weights too; else the network began as what it is. */
export type StoredNetwork = Weights & { readonly arch: Arch; readonly start?: Tensors };

const DIGITS = 12;
const held = new Map<string, StoredNetwork>();

/** The network of a file that was opened here. @throws WinnowError `open.missing` */
export function heldNetwork(id: string): StoredNetwork {
  const network = held.get(id);
  if (network) return network;
  throw new WinnowError({
    code: 'open.missing',
    path: 'with.file',
    message: `${id} is not in this browser: drop the .winnow file here, it is recognised by its content`,
    values: { id },
  });
}
export const isHeld = (id: string): boolean => held.has(id);

/** `file-` and the first 12 hex digits of the sha256. */
export const fileId = (bytes: Uint8Array): string => {
  const hex = Array.from(sha256(bytes), (b) => b.toString(16).padStart(2, '0')).join('');
  return `file-${hex.slice(0, DIGITS)}`;
};

/**
 * Reads a file and keeps its network at hand.
 * @param name for messages
 * @throws WinnowError that names the file where it is cut short, altered or of another kind; nothing changes then
 */
export function holdFile(bytes: Uint8Array, name: string): NetworkFile {
  const network = networkOf(bytes, name);
  const id = fileId(bytes);
  held.set(id, network);
  const layers = weightLayers(network.arch);
  const count = (of: (kernel: Float32Array) => number) =>
    layers.reduce((sum, layer) => sum + of(network.tensors[kernelName(layer)]), 0);
  return {
    id,
    name,
    bytes: bytes.length,
    arch: network.arch,
    weights: count((kernel) => kernel.length),
    kept: count((kernel) => kernel.reduce((n, w) => n + (w === 0 ? 0 : 1), 0)),
  };
}

export function networkOf(bytes: Uint8Array, name: string): StoredNetwork {
  const { arch, tensors: decoded, masks, codes, pruned } = decode(bytes, name);
  const tensors: Record<string, Float32Array> = { ...decoded };
  const quant: Record<string, QuantSpec> = {};
  for (const layer of weightLayers(arch)) {
    const kernel = kernelName(layer);
    const stored = codes[kernel];
    const found = stored && recoverQuant(stored, stored.bits, kernelShape(layer), masks[kernel]);
    if (!found) continue;
    tensors[kernel] = found.latent;
    quant[kernel] = found.spec;
  }
  if (Object.keys(pruned).length === 0) return { arch, tensors, masks, quant };
  const start = { ...decoded };
  for (const [kernel, values] of Object.entries(pruned))
    start[kernel] = filled(decoded[kernel], masks[kernel], values);
  return { arch, tensors, masks, quant, start };
}

/** The values in order where the mask is 0. */
function filled(kernel: Float32Array, mask: Uint8Array, values: Float32Array): Float32Array {
  let at = 0;
  return kernel.map((w, i) => (mask[i] === 0 ? values[at++] : w));
}

/** All tensors as 32-bit floats, without a header. */
export function floatParts(arch: Arch): PartBytes {
  const parts: Record<Part, number> = { ...NO_BYTES };
  for (const { role, length } of tensorsOf(arch))
    parts[role === 'kernel' ? 'values' : role === 'bias' ? 'biases' : 'norms'] += 4 * length;
  return parts;
}

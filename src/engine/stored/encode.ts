/**
 * The compressed network as one file, whose length is the size that Winnow reports: header, indices,
 * scales, zero points and biases included. Modelled on safetensors:
 *
 *   u64 little-endian   length of the header
 *   header              JSON padded with spaces to a multiple of 8: checksum, layers, form of each tensor
 *   payload             per tensor, in the header's order: values, indices, scales (f32), zero points (u8);
 *                       then the tensors of batch norms as f32, in layer order (gamma, beta, mean, variance): their
 *                       lengths follow from the layers, so the header does not name them
 *
 * All numbers are little-endian. The checksum is the CRC-32 of the whole file with its own digits as zeros.
 */
import { type Executed, executed } from '../../methods/fake-quant';
import { biasName, channels, kernelName, weightLayers } from '../../models/build';
import { tensorsOf } from '../../models/tensors';
import type { Arch, Weights } from '../../models/types';
import { crc32 } from '../crc32';
import { BitWriter } from './bits';
import { bytesOf, filler, type Parts, patterns, plainForm, type StoredTensor, smallestForm } from './forms';

export interface EncodedTensor {
  name: string;
  form: StoredTensor['form'];
  bytes: number;
  parts: Parts;
}
export interface Encoded {
  file: Uint8Array<ArrayBuffer>;
  tensors: EncodedTensor[];
}
/** What `encode` will write, without writing it. */
export interface Layout {
  /** Length of the file. */
  bytes: number;
  header: Uint8Array;
  /** In the order of the file, those of batch norms included. */
  tensors: StoredTensor[];
}
/** Where the checksum's digits stand: after the length and `{"crc32":"`. */
export const checksumAt = 8 + 10;
const noChecksum = '00000000';

type Source = Weights & { readonly arch: Arch };

/** Chooses the smallest form of every tensor. Costs one pass over the kernels. */
export function layout(state: Source): Layout {
  const named: StoredTensor[] = [];
  for (const layer of weightLayers(state.arch)) {
    const name = kernelName(layer);
    named.push(smallestForm(name, executed(state, layer), state.quant[name]?.bits ?? 32));
    if (layer.bias) named.push(plainForm(biasName(layer), channels(layer)));
  }
  const { input, layers } = state.arch;
  const json = JSON.stringify({ crc32: noChecksum, winnow: 1, input, layers, tensors: named });
  const raw = new TextEncoder().encode(json);
  const header = new Uint8Array(Math.ceil(raw.length / 8) * 8).fill(0x20);
  header.set(raw);
  const tensors = [...named, ...normForms(state.arch)];
  const payload = tensors.reduce((sum, t) => sum + bytesOf(t), 0);
  return { bytes: 8 + header.length + payload, header, tensors };
}

/** The tensors of batch norms, as they lie at the end of the file. */
export const normForms = (arch: Arch): StoredTensor[] =>
  tensorsOf(arch)
    .filter(({ layer }) => layer.kind === 'batchnorm')
    .map(({ name, length }) => plainForm(name, length));

/** Length of the file that `encode` would make. */
export const encodedSize = (state: Source): number => layout(state).bytes;

/** Writes the file. `decode` gives back the effective weights bit for bit; latent weights are not stored. */
export function encode(state: Source): Encoded {
  const { bytes, header, tensors } = layout(state);
  const file = new Uint8Array(bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  const kernels = new Map(weightLayers(state.arch).map((l) => [kernelName(l), l]));
  let at = 8 + header.length;
  for (const stored of tensors) {
    const layer = kernels.get(stored.name);
    const source: Executed = layer ? executed(state, layer) : { values: state.tensors[stored.name] };
    write(file.subarray(at, at + bytesOf(stored)), stored, source);
    at += bytesOf(stored);
  }
  file.set(new TextEncoder().encode(crc32(file)), checksumAt);
  return {
    file,
    tensors: tensors.map((t) => ({ name: t.name, form: t.form, bytes: bytesOf(t), parts: t.parts })),
  };
}

function write(out: Uint8Array, stored: StoredTensor, { values, codes }: Executed): void {
  const { parts } = stored;
  const indices = out.subarray(parts.values, parts.values + parts.indices);
  writeValues(out.subarray(0, parts.values), stored, values, codes?.codes);
  if (stored.form.startsWith('bitmap')) writeBitmap(indices, values);
  if (stored.gap > 0) writeGaps(indices, values, stored.gap);
  if (!codes) return;
  out.set(bytesOfArray(codes.scales), parts.values + parts.indices);
  if (parts.zeros > 0) out.set(codes.zeros, parts.values + parts.indices + parts.scales);
}

function writeValues(out: Uint8Array, stored: StoredTensor, values: Float32Array, codes?: Uint8Array): void {
  const all = stored.form === 'dense-f32' || stored.form === 'packed';
  const bits = patterns(values);
  if (codes) {
    const writer = new BitWriter(out);
    for (let i = 0; i < codes.length; i++) if (all || bits[i] !== 0) writer.put(codes[i], stored.bits);
    return;
  }
  out.set(bytesOfArray(all ? bits : bits.filter((pattern) => pattern !== 0)));
}

function writeBitmap(out: Uint8Array, values: Float32Array): void {
  const bits = patterns(values);
  for (let i = 0; i < bits.length; i++) if (bits[i] !== 0) out[i >>> 3] |= 1 << (i & 7);
}

function writeGaps(out: Uint8Array, values: Float32Array, gap: number): void {
  const writer = new BitWriter(out);
  const bits = patterns(values);
  const skip = filler(gap);
  let next = 0;
  for (let i = 0; i < bits.length; i++) {
    if (bits[i] === 0) continue;
    for (; i - next >= skip; next += skip) writer.put(skip, gap);
    writer.put(i - next, gap);
    next = i + 1;
  }
}

// Typed arrays use the machine's byte order, which is little-endian wherever a browser or Node runs today.
const bytesOfArray = (a: Float32Array | Uint32Array): Uint8Array =>
  new Uint8Array(a.buffer, a.byteOffset, a.byteLength);

/** Weights for the vault: what is not zero, and where. By bit patterns, so that NaN and -0 come back as they were. */
import { deflateSync, inflateSync } from 'fflate';
import type { Masks, Tensors } from '../../models/types';

/** Positions as bits, lowest first, deflated where that is shorter. */
export interface PackedBits {
  length: number;
  bits: Uint8Array;
  deflated?: true;
}
export type PackedTensor = { all: Float32Array } | { at: PackedBits; values: Float32Array };
/** `pattern`: 1 where the tensor of that name is not zero. */
export type PackedMask = 'pattern' | PackedBits | { all: Uint8Array };
export type Packed<T> = Record<string, T>;

/** Share of the rarer bit above which deflating takes time and saves next to nothing. */
const WORTH = 0.15;
const bitsOf = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length);

export function packTensor(values: Float32Array): PackedTensor {
  const patterns = bitsOf(values);
  const { length } = patterns;
  let kept = 0;
  for (let i = 0; i < length; i++) if (patterns[i] !== 0) kept++;
  if (kept * 32 + length >= length * 32) return { all: values };
  const found = new Uint32Array(kept);
  const bits = new Uint8Array(Math.ceil(length / 8));
  for (let i = 0, next = 0; i < length; i++) {
    if (patterns[i] === 0) continue;
    found[next++] = patterns[i];
    bits[i >> 3] |= 1 << (i & 7);
  }
  return { at: packedBits(length, bits, kept), values: new Float32Array(found.buffer) };
}
export function unpackTensor(packed: PackedTensor): Float32Array {
  if ('all' in packed) return packed.all;
  const { at, values } = packed;
  const patterns = new Uint32Array(at.length);
  const found = bitsOf(values);
  let next = 0;
  eachBit(at, (i) => {
    patterns[i] = found[next++];
  });
  return new Float32Array(patterns.buffer);
}

/** @param tensor of the same name */
export function packMask(mask: Uint8Array, tensor?: Float32Array): PackedMask {
  if (mask.some((m) => m > 1)) return { all: mask };
  const patterns = tensor?.length === mask.length ? bitsOf(tensor) : undefined;
  if (patterns?.every((pattern, i) => (mask[i] === 1) === (pattern !== 0))) return 'pattern';
  return packMaskBits(mask);
}
export function unpackMask(packed: PackedMask, tensor?: Float32Array): Uint8Array {
  if (packed === 'pattern') return Uint8Array.from(bitsOf(tensor as Float32Array), (p) => (p !== 0 ? 1 : 0));
  if ('all' in packed) return packed.all;
  const mask = new Uint8Array(packed.length);
  eachBit(packed, (i) => {
    mask[i] = 1;
  });
  return mask;
}

export const packTensors = (tensors: Tensors): Packed<PackedTensor> => mapped(tensors, packTensor);
export const unpackTensors = (packed: Packed<PackedTensor>): Tensors => mapped(packed, unpackTensor);
export const packMasks = (masks: Masks, tensors: Tensors): Packed<PackedMask> =>
  mapped(masks, (mask, name) => packMask(mask, tensors[name]));
export const unpackMasks = (packed: Packed<PackedMask>, tensors: Tensors): Masks =>
  mapped(packed, (mask, name) => unpackMask(mask, tensors[name]));
export const mapped = <A, B>(
  all: Readonly<Record<string, A>>,
  to: (one: A, name: string) => B,
): Record<string, B> => Object.fromEntries(Object.entries(all).map(([name, one]) => [name, to(one, name)]));

/** Bit for bit. */
export function sameBits(a: Float32Array, b: Float32Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  const [x, y] = [bitsOf(a), bitsOf(b)];
  return x.every((pattern, i) => pattern === y[i]);
}

function packMaskBits(mask: Uint8Array): PackedBits {
  const bits = new Uint8Array(Math.ceil(mask.length / 8));
  let kept = 0;
  for (let i = 0; i < mask.length; i++) {
    bits[i >> 3] |= mask[i] << (i & 7);
    kept += mask[i];
  }
  return packedBits(mask.length, bits, kept);
}
function packedBits(length: number, bits: Uint8Array, ones: number): PackedBits {
  if (Math.min(ones, length - ones) > length * WORTH) return { length, bits };
  const small = deflateSync(bits);
  return small.length < bits.length ? { length, bits: small, deflated: true } : { length, bits };
}
function eachBit({ length, bits, deflated }: PackedBits, visit: (i: number) => void): void {
  const all = deflated ? inflateSync(bits) : bits;
  for (let i = 0; i < length; i++) if (all[i >> 3] & (1 << (i & 7))) visit(i);
}

/** Reads what `encode` wrote, and nothing else. */
import { dequantize } from '../../methods/fake-quant';
import { tensorsOf } from '../../models/tensors';
import type { Arch, Tensors } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import { crc32 } from '../crc32';
import { BitReader } from './bits';
import { checksumAt, normForms } from './encode';
import { bytesOf, filler, impliedZero, type StoredTensor } from './forms';
import type { StoredCodes } from './types';

interface Header {
  crc32: string;
  input: Arch['input'];
  layers: Arch['layers'];
  tensors: StoredTensor[];
}
export interface Decoded {
  arch: Arch;
  /** Effective weights, bit for bit those that were executed when the file was written. */
  tensors: Tensors;
  /** Of every kernel stored as codes, by name. */
  codes: Readonly<Record<string, StoredCodes>>;
}

/**
 * @param name of the file, for messages
 * @throws WinnowError that names the file if it is cut short, altered, or not a Winnow file.
 */
export function decode(file: Uint8Array, name = 'compressed network'): Decoded {
  const { header, at } = readHeader(file, name);
  const sizes = new Map(tensorsOf(header).map((t) => [t.name, t.length]));
  const tensors: Record<string, Float32Array> = {};
  const codes: Record<string, StoredCodes> = {};
  let from = at;
  for (const stored of [...header.tensors, ...normForms(header)]) {
    const size = sizes.get(stored.name);
    if (size === undefined) refuse(name, `is not a Winnow file: no layer has a tensor ${stored.name}`);
    const found = read(file.slice(from, from + bytesOf(stored)), stored, size);
    tensors[stored.name] = found.values;
    if (found.codes) codes[stored.name] = found.codes;
    from += bytesOf(stored);
  }
  return { arch: { input: header.input, layers: header.layers }, tensors, codes };
}

function readHeader(file: Uint8Array, name: string): { header: Header; at: number } {
  if (file.length < 8) refuse(name, `is cut short: at least 8 bytes expected, found ${file.length}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const at = 8 + length;
  if (at > file.length)
    refuse(name, `is cut short: a header of ${length} bytes expected, ${file.length - 8} found`);
  let header: Header;
  let bytes: number;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, at)));
    bytes = at + [...header.tensors, ...normForms(header)].reduce((sum, t) => sum + bytesOf(t), 0);
  } catch {
    refuse(name, 'is damaged or not a Winnow file: its header cannot be read');
  }
  if (bytes !== file.length)
    refuse(name, `is cut short or altered: ${bytes} bytes expected, ${file.length} found`);
  const blank = file.slice();
  blank.fill(0x30, checksumAt, checksumAt + 8);
  const sum = crc32(blank);
  if (sum !== header.crc32) refuse(name, `is altered: checksum ${header.crc32} expected, ${sum} found`);
  return { header, at };
}

function refuse(name: string, what: string): never {
  throw new WinnowError({ code: 'file', path: '', message: `${name} ${what}`, values: { name } });
}

/** `part` is a copy that begins at its buffer's start. */
function read(
  part: Uint8Array,
  stored: StoredTensor,
  n: number,
): { values: Float32Array; codes?: StoredCodes } {
  const { parts, bits } = stored;
  const indices = part.subarray(parts.values, parts.values + parts.indices);
  const present = presence(indices, stored, n);
  if (bits === 32) {
    const values = new Uint32Array(part.buffer, 0, parts.values / 4);
    if (!present) return { values: new Float32Array(part.buffer, 0, n).slice() };
    const out = new Uint32Array(n);
    for (let i = 0, k = 0; i < n; i++) if (present[i] === 1) out[i] = values[k++];
    return { values: new Float32Array(out.buffer) };
  }
  const reader = new BitReader(part.subarray(0, parts.values));
  const codes = new Uint8Array(n);
  for (let i = 0; i < n; i++) if (!present || present[i] === 1) codes[i] = reader.take(bits);
  const scalesAt = parts.values + parts.indices;
  const scales = new Float32Array(part.slice(scalesAt, scalesAt + parts.scales).buffer);
  const zeros = parts.zeros
    ? part.slice(scalesAt + parts.scales, scalesAt + parts.scales + parts.zeros)
    : new Uint8Array(scales.length).fill(impliedZero(bits));
  return {
    values: dequantize({ codes, scales, zeros }, bits, present),
    codes: { codes, scales, zeros, bits },
  };
}

/** 1 where an entry is stored; undefined where all are. */
function presence(
  indices: Uint8Array,
  { form, count, gap }: StoredTensor,
  n: number,
): Uint8Array | undefined {
  if (form === 'dense-f32' || form === 'packed') return undefined;
  const present = new Uint8Array(n);
  if (form.startsWith('bitmap')) {
    for (let i = 0; i < n; i++) present[i] = (indices[i >>> 3] >>> (i & 7)) & 1;
    return present;
  }
  const reader = new BitReader(indices);
  const skip = filler(gap);
  for (let placed = 0, at = 0; placed < count; ) {
    const field = reader.take(gap);
    at += field;
    if (field === skip) continue;
    present[at++] = 1;
    placed++;
  }
  return present;
}

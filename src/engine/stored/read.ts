/** One tensor of a file, from its bytes and its manifest entry. Nothing in either is taken on trust. */
import { dequantize } from '../../methods/fake-quant';
import type { Symbols } from './bits';
import { placeBits } from './codebook';
import { fromHalf } from './f16';
import { hashedValues } from './hashed';
import type { Entry, Place } from './header';
import { columnBits } from './positions';
import { presence } from './presence';
import { damaged } from './refuse';
import { readStream, type Stream } from './stream';
import type { KernelSlot } from './tensors';
import {
  NO_BYTES,
  type Part,
  type Positions,
  type StoredCodes,
  type StoredTensor,
  type Values,
} from './types';
import { impliedZero } from './values';

interface Found {
  values: Float32Array;
  stored: StoredTensor;
  codes?: StoredCodes;
}
/** `blob` is a copy that begins at its buffer's start; `name` that of the file. */
interface Asked {
  name: string;
  slot: KernelSlot;
  place: Place;
  entry: Entry | undefined;
  blob: Uint8Array<ArrayBuffer>;
}

/** Floats in full. */
export function readPlain(
  name: string,
  tensor: string,
  shape: readonly number[],
  place: Place,
  blob: Uint8Array<ArrayBuffer>,
  part: Part = 'values',
): Found {
  const entries = shape.reduce((a, b) => a * b, 1);
  const half = place.dtype === 'F16';
  if (place.dtype === 'U8') damaged(name, tensor, 'F32, F16 or a manifest entry', 'neither');
  if (place.shape.join() !== shape.join())
    damaged(name, tensor, `shape ${shape.join(' × ')}`, place.shape.join(' × '));
  if (blob.length !== entries * (half ? 2 : 4))
    damaged(name, tensor, `${entries * (half ? 2 : 4)} bytes`, blob.length);
  const stored: StoredTensor = {
    name: tensor,
    form: half ? 'dense-f16' : 'dense-f32',
    entries,
    stored: entries,
    bits: half ? 16 : 32,
    indexBits: 0,
    fields: 0,
    coding: { values: 'raw', indices: 'raw' },
    parts: { ...NO_BYTES, [part]: blob.length },
  };
  return { values: half ? widened(new Uint16Array(blob.buffer)) : new Float32Array(blob.buffer), stored };
}
const widened = (halves: Symbols): Float32Array =>
  new Float32Array(Uint32Array.from(halves, fromHalf).buffer);

export function readKernel({ name, slot, place, entry, blob }: Asked): Found {
  if (!entry) return readPlain(name, slot.name, slot.shape, place, blob);
  if (place.dtype !== 'U8') damaged(name, slot.name, 'U8 for a manifest entry', place.dtype);
  if (place.shape.join() !== String(blob.length))
    damaged(name, slot.name, `shape ${blob.length}`, place.shape.join());
  const stored = storedOf(slot, entry);
  const total = Object.values(stored.parts).reduce((a, b) => a + b, 0);
  if (total !== blob.length) damaged(name, slot.name, `${total} bytes`, blob.length);
  const found = unpacked(slot, entry, blob, (what) => damaged(name, slot.name, what, 'something else'));
  return { ...found, stored };
}

type Refuse = (what: string) => never;

function unpacked(
  slot: KernelSlot,
  entry: Entry,
  blob: Uint8Array<ArrayBuffer>,
  refuse: Refuse,
): Omit<Found, 'stored'> {
  const { stored, bits } = entry;
  const [positions, way] = entry.form.split('-') as [Positions, Values];
  const dense = positions === 'dense';
  if (way === 'hashed') return { values: shared(slot, entry, blob, refuse) };
  if (dense ? stored !== slot.length : stored > slot.length)
    refuse(`${dense ? '' : 'at most '}${slot.length} entries`);
  const cursor = new Cursor(blob);
  const before = cursor.take((entry.codebook ?? 0) + (entry.scales ?? 0) + (entry.zeros ?? 0));
  const symbols = cursor.stream(entry.values, stored, widthOf(entry, way, refuse)) ?? refuse('codes');
  const present = dense
    ? undefined
    : (placed(slot, entry, positions, cursor) ?? refuse('indices of all entries'));
  if (way === 'packed' || way === 'sign') {
    const codes = codesOf(slot, entry, before, symbols, present, refuse);
    return { values: dequantize(codes, bits, present), codes };
  }
  return {
    values: new Float32Array(spread(patternsIn(way, before, symbols, refuse), slot.length, present).buffer),
  };
}

/** Walks through the bytes of a tensor. */
class Cursor {
  #at = 0;
  constructor(readonly blob: Uint8Array<ArrayBuffer>) {}
  /** A copy that begins at its buffer's start. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    this.#at += bytes;
    return this.blob.slice(this.#at - bytes, this.#at);
  }
  stream([coding, bytes, table]: Entry['values'], count: number, bits: number): Symbols | undefined {
    const stream: Stream = { coding, count, bits, bytes, table };
    const lengths = this.take(table);
    return readStream(stream, lengths, this.take(bytes));
  }
}

/** Bits of a value, as form and tables demand. */
function widthOf({ bits, codebook = 0 }: Entry, way: Values, refuse: Refuse): number {
  const right = {
    f32: bits === 32,
    f16: bits === 16,
    sign: bits === 1,
    packed: bits >= 2 && bits <= 8,
    codebook: bits <= 8 && codebook > 0 && codebook % 4 === 0 && bits === placeBits(codebook / 4),
    hashed: bits === 32,
  };
  if (!right[way]) refuse(`bits of a ${way} value`);
  return bits;
}

function placed(
  slot: KernelSlot,
  entry: Entry,
  positions: Positions,
  cursor: Cursor,
): Uint8Array | undefined {
  const { stored, index = 0, fields = 0, indices, row = 0, rows } = entry;
  const { length, columns } = slot;
  if (!indices) return undefined;
  if (positions === 'csr') {
    if (!rows || index !== columnBits(columns) || fields !== stored) return undefined;
    const lengths = cursor.stream(rows, length / columns, row);
    const places = lengths && cursor.stream(indices, stored, index);
    return places && presence.csr(lengths, places, columns, stored);
  }
  if (positions === 'bitmap') {
    if (index !== 1 || fields !== length) return undefined;
    const bytes = cursor.stream(indices, Math.ceil(length / 8), 8);
    return bytes && presence.bitmap(bytes, length, stored);
  }
  if (index < 4 || index > 8 || fields > length) return undefined;
  const gaps = cursor.stream(indices, fields, index);
  return gaps && presence.relative(gaps, index, length, stored);
}

function codesOf(
  slot: KernelSlot,
  { bits, scales: scaleBytes = 0, zeros: zeroBytes = 0 }: Entry,
  before: Uint8Array<ArrayBuffer>,
  symbols: Symbols,
  present: Uint8Array | undefined,
  refuse: Refuse,
): StoredCodes {
  const count = scaleBytes / 4;
  if (count !== 1 && count !== slot.columns) refuse(`1 or ${slot.columns} scales`);
  if (zeroBytes !== 0 && zeroBytes !== count) refuse(`${count} zero points`);
  const scales = new Float32Array(before.buffer, 0, count);
  const zeros = zeroBytes ? before.slice(scaleBytes) : new Uint8Array(count).fill(impliedZero(bits));
  if (!present) return { bits, codes: symbols as Uint8Array, scales, zeros };
  const codes = new Uint8Array(slot.length);
  for (let i = 0, at = 0, channel = 0; i < codes.length; i++) {
    codes[i] = present[i] === 1 ? symbols[at++] : zeros[channel];
    if (++channel === count) channel = 0;
  }
  return { bits, codes, scales, zeros };
}

function patternsIn(
  way: Values,
  before: Uint8Array<ArrayBuffer>,
  symbols: Symbols,
  refuse: Refuse,
): Uint32Array<ArrayBuffer> {
  if (way === 'f32') return symbols as Uint32Array<ArrayBuffer>;
  if (way === 'f16') return Uint32Array.from(symbols, fromHalf);
  const table = new Uint32Array(before.buffer);
  const out = new Uint32Array(symbols.length);
  for (let i = 0; i < out.length; i++) {
    if (symbols[i] >= table.length) refuse(`places in a table of ${table.length} values`);
    out[i] = table[symbols[i]];
  }
  return out;
}

/** Values where they belong, +0 elsewhere. */
function spread(
  values: Uint32Array<ArrayBuffer>,
  length: number,
  present?: Uint8Array,
): Uint32Array<ArrayBuffer> {
  if (!present) return values;
  const out = new Uint32Array(length);
  for (let i = 0, at = 0; i < length; i++) if (present[i] === 1) out[i] = values[at++];
  return out;
}

function shared(
  slot: KernelSlot,
  { stored, seed, values }: Entry,
  blob: Uint8Array<ArrayBuffer>,
  refuse: Refuse,
): Float32Array {
  if (seed === undefined || stored < 1 || values[0] !== 'raw' || stored * 4 !== blob.length)
    refuse('a seed and the values of the buckets');
  return hashedValues(slot.length, seed as number, new Float32Array(blob.buffer));
}

function storedOf(slot: KernelSlot, entry: Entry): StoredTensor {
  const { form, stored, bits, values, rows, indices } = entry;
  return {
    name: slot.name,
    form,
    entries: slot.length,
    stored,
    bits,
    indexBits: entry.index ?? 0,
    fields: entry.fields ?? 0,
    coding: { values: values[0], indices: indices?.[0] ?? 'raw' },
    parts: {
      ...NO_BYTES,
      values: values[1],
      indices: (rows?.[1] ?? 0) + (indices?.[1] ?? 0),
      scales: entry.scales ?? 0,
      zeros: entry.zeros ?? 0,
      codebooks: entry.codebook ?? 0,
      tables: values[2] + (rows?.[2] ?? 0) + (indices?.[2] ?? 0),
    },
  };
}

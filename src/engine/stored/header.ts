/**
 * The header: that of a safetensors file, and in its metadata the network and how each compressed tensor is to be read.
 * Everything in it is checked before anything is allocated.
 */
import { z } from 'zod';
import { LONGEST_HEADER, VERSION } from './limits';
import type { Plan } from './plan';
import { cutShort, damaged, foreign, otherVersion } from './refuse';
import type { Positions, StoredForm, Values } from './types';

const bytes = z
  .int()
  .min(0)
  .max(2 ** 32);
/** Coding, bytes of the stream, bytes of the table of code lengths before it. */
const stream = z.tuple([z.enum(['raw', 'huffman', 'deflate']), bytes, bytes]);
const positions: readonly Positions[] = ['dense', 'bitmap', 'csr', 'relative'];
const values: readonly Values[] = ['f32', 'f16', 'packed', 'sign', 'codebook'];
const forms = [
  ...positions.flatMap((p) => values.map((v): StoredForm => `${p}-${v}`)),
  'dense-hashed',
] as const;

const entry = z.strictObject({
  form: z.enum(forms),
  /** Entries stored; of hashed tensors buckets. */
  stored: bytes,
  /** Per value. */
  bits: z.int().min(1).max(32),
  values: stream,
  /** Bytes of scales (f32), zero points (u8), table of values (f32) before the values. */
  scales: bytes.optional(),
  zeros: bytes.optional(),
  codebook: bytes.optional(),
  /** Bits of a gap or column, and how many there are. */
  index: z.int().min(1).max(16).optional(),
  fields: bytes.optional(),
  indices: stream.optional(),
  /** CSR: bits of a row's length, and the stream of lengths. */
  row: z.int().min(1).max(16).optional(),
  rows: stream.optional(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional(),
});
export type Entry = z.infer<typeof entry>;
export const manifest = z.strictObject({
  tensors: z.record(z.string(), entry),
  /** Layers that are two thin ones, `<name>.u` and `<name>.v`. */
  pairs: z.array(z.string()).optional(),
});

const place = z.strictObject({
  dtype: z.enum(['F32', 'F16', 'U8']),
  shape: z.array(bytes).min(1).max(4),
  data_offsets: z.tuple([bytes, bytes]),
});
export type Place = z.infer<typeof place>;
const metadata = z.strictObject({
  winnow: z.literal(VERSION),
  crc32: z.string().regex(/^[0-9a-f]{8}$/),
  arch: z.string(),
  manifest: z.string(),
});
export interface Header {
  crc32: string;
  arch: string;
  manifest: string;
  /** In the order of the file. */
  places: [name: string, place: Place][];
  /** Where the payload begins. */
  at: number;
}

/** What the manifest says of a tensor; nothing where dtype and shape say it all. */
export function entryOf({ stored, streams, seed }: Plan): Entry | undefined {
  const { form, bits, parts, indexBits, fields, coding } = stored;
  if ((form === 'dense-f32' || form === 'dense-f16') && coding.values === 'raw') return undefined;
  const told = (s: { coding: Entry['values'][0]; bytes: number; table: number }): Entry['values'] => [
    s.coding,
    s.bytes,
    s.table,
  ];
  return {
    form: form as Entry['form'],
    stored: stored.stored,
    bits,
    values: told(streams.values),
    ...(parts.scales > 0 && { scales: parts.scales }),
    ...(parts.zeros > 0 && { zeros: parts.zeros }),
    ...(parts.codebooks > 0 && { codebook: parts.codebooks }),
    ...(streams.indices && { index: indexBits, fields, indices: told(streams.indices) }),
    ...(streams.rows && { row: streams.rows.bits, rows: told(streams.rows) }),
    ...(seed !== undefined && { seed }),
  };
}

/** Before the digits of the checksum. */
const before = `{"__metadata__":{"winnow":"${VERSION}","crc32":"`;
export const checksumAt = 8 + before.length;
export const noChecksum = '00000000';

/** JSON, padded with spaces to a multiple of 8. The digits of the checksum are zeros. */
export function writeHeader(arch: string, told: string, places: readonly [string, Place][]): Uint8Array {
  const meta = { winnow: VERSION, crc32: noChecksum, arch, manifest: told };
  const raw = new TextEncoder().encode(JSON.stringify({ __metadata__: meta, ...Object.fromEntries(places) }));
  const header = new Uint8Array(Math.ceil(raw.length / 8) * 8).fill(0x20);
  header.set(raw);
  return header;
}

/** @throws WinnowError of refuse.ts, also where the file's length is not what the header says */
export function readHeader(file: Uint8Array, name: string): Header {
  if (file.length < 8) cutShort(name, 8, file.length);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const start = new TextDecoder().decode(file.subarray(8, 8 + before.length));
  if (!start.startsWith('{"')) foreign(name);
  if (length > LONGEST_HEADER) damaged(name, 'header', `a length of at most ${LONGEST_HEADER}`, length);
  if (8 + length > file.length) cutShort(name, 8 + length, file.length);
  const json = parsed(file.subarray(8, 8 + length), name);
  checkVersion(json, name);
  const { __metadata__, ...rest } = json as Record<string, unknown>;
  if (start !== before) damaged(name, 'header', before, start);
  const meta = checked(metadata, __metadata__, name, '__metadata__');
  const places = Object.entries(checked(z.record(z.string(), place), rest, name, 'header'));
  const at = 8 + length;
  const end = at + contiguous(places, name);
  if (end !== file.length) cutShort(name, end, file.length);
  return { ...meta, places, at };
}

function parsed(header: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header));
  } catch {
    return damaged(name, 'header', 'JSON', 'something else');
  }
}

/** Length of the payload. */
function contiguous(places: Header['places'], name: string): number {
  let end = 0;
  for (const [tensor, { data_offsets: span }] of places) {
    if (span[0] !== end || span[1] < end)
      damaged(name, tensor, `bytes from ${end} on`, `${span[0]} to ${span[1]}`);
    end = span[1];
  }
  return end;
}

function checkVersion(json: unknown, name: string): void {
  if (typeof json !== 'object' || json === null) foreign(name);
  const { winnow, __metadata__ } = json as { winnow?: unknown; __metadata__?: { winnow?: unknown } };
  const version = winnow ?? __metadata__?.winnow;
  if (typeof version !== 'string' && typeof version !== 'number') foreign(name);
  if (version !== VERSION) otherVersion(name, String(version).slice(0, 20), VERSION);
}

/** The value, if it has this shape; else says where it has not. */
export function checked<T>(shape: z.ZodType<T>, value: unknown, name: string, where: string): T {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  return damaged(
    name,
    [where, ...issue.path.map(String)].join('.').slice(0, 200),
    issue.message.slice(0, 150),
    'something else',
  );
}
/** JSON inside the header. */
export function inner<T>(shape: z.ZodType<T>, text: string, name: string, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    damaged(name, where, 'JSON', 'something else');
  }
  return checked(shape, value, name, where);
}

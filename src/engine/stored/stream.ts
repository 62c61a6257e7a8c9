/**
 * A stream is a run of symbols of equal width: codes, gaps, columns, bytes, or floats. It is written in one of three
 * ways, and its bytes are known before anything is written:
 *
 * - raw: packed without gaps, lowest bit first (bits.ts)
 * - huffman: symbols of at most 8 bits, with a table of code lengths (huffman.ts); taken where it is smaller, table
 *   included
 * - deflate (RFC 1951) of the symbols as bytes, one each up to 8 bits, two up to 16, four for floats; taken where it
 *   saves at least an eighth of the better of the other two. Its size cannot be computed from counts, so a stream is
 *   compressed only if a quick try on a sample promises as much; the file and the size on screen follow the same rule.
 */
import { deflateSync, inflateSync } from 'fflate';
import { bytesOfArray, pack, packedBytes, type Symbols, symbolsOf, unpack } from './bits';
import {
  codedBytes,
  codeLengths,
  decodeSymbols,
  encodeSymbols,
  readTable,
  tableBytes,
  writeTable,
} from './huffman';
import type { Coding } from './types';

export interface Stream {
  coding: Coding;
  /** Symbols. */
  count: number;
  /** Of a symbol: 1..16 or 32. */
  bits: number;
  bytes: number;
  /** Bytes of the table in front. */
  table: number;
  /** Of a Huffman code. */
  lengths?: Uint8Array;
  /** What deflate made. */
  deflated?: Uint8Array;
}

/** Shorter streams are not worth a try. */
const TINY = 64;
const SAMPLE = 8 * 1024;
/** Of a sample: quick, and hardly worse. */
const QUICK = { level: 2 } as const;
const SLICES = 4;
const WORTH = 7 / 8;

export const streamBytes = ({ bytes, table }: Stream): number => bytes + table;

/** The better of raw and Huffman. @param counts of the symbols, by value; without them raw */
export function planStream(count: number, bits: number, counts?: ArrayLike<number>): Stream {
  const raw: Stream = { coding: 'raw', count, bits, bytes: packedBytes(count, bits), table: 0 };
  if (!counts || bits > 8) return raw;
  const lengths = codeLengths(counts);
  const coded: Stream = {
    coding: 'huffman',
    count,
    bits,
    bytes: codedBytes(counts, lengths),
    table: tableBytes(lengths),
    lengths,
  };
  return streamBytes(coded) < streamBytes(raw) ? coded : raw;
}

/** The same stream deflated, where that is worth it. @param symbols gives them, if they are needed */
export function deflated(stream: Stream, symbols: () => Symbols): Stream {
  const known = streamBytes(stream);
  if (known < TINY) return stream;
  const bytes = bytesOfArray(symbols());
  const enough = known * WORTH;
  const some = bytes.length > SAMPLE ? sample(bytes) : bytes;
  if (deflateSync(some, QUICK).length > (some.length / bytes.length) * enough) return stream;
  const made = deflateSync(bytes);
  if (made.length > enough) return stream;
  const { count, bits } = stream;
  return { coding: 'deflate', count, bits, bytes: made.length, table: 0, deflated: made };
}

/** Slices from evenly spaced places. */
function sample(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(SAMPLE);
  const size = SAMPLE / SLICES;
  for (let k = 0; k < SLICES; k++) {
    const from = Math.floor(((bytes.length - size) * k) / (SLICES - 1));
    out.set(bytes.subarray(from, from + size), k * size);
  }
  return out;
}

/** Writes table and stream to the front of `out`; gives what is left of it. */
export function writeStream(out: Uint8Array, stream: Stream, symbols: () => Symbols): Uint8Array {
  const { coding, bytes, table, bits, lengths } = stream;
  const body = out.subarray(table, table + bytes);
  if (coding === 'deflate') body.set(stream.deflated!);
  else if (coding === 'raw') pack(body, symbols(), bits);
  else {
    writeTable(out.subarray(0, table), lengths!);
    encodeSymbols(body, symbols(), lengths!);
  }
  return out.subarray(table + bytes);
}

/** Symbols of a stream as its table and bytes tell them; undefined where they are not what was written. */
export function readStream(stream: Stream, table: Uint8Array, body: Uint8Array): Symbols | undefined {
  const { coding, count, bits } = stream;
  if (coding === 'raw')
    return body.length === packedBytes(count, bits) ? unpack(body, count, bits) : undefined;
  if (coding === 'huffman') return within(decodeSymbols(body, count, readTable(table)), bits);
  return within(inflated(body, count, bits), bits);
}

function inflated(body: Uint8Array, count: number, bits: number): Symbols | undefined {
  const symbols = symbolsOf(count, bits);
  // One byte more than expected, so that a stream that goes on is noticed; what it would add is dropped.
  const out = new Uint8Array(symbols.byteLength + 1);
  let found: Uint8Array;
  try {
    found = inflateSync(body, { out });
  } catch {
    return undefined;
  }
  if (found.length !== symbols.byteLength) return undefined;
  bytesOfArray(symbols).set(found);
  return symbols;
}

/** Nothing, if a symbol is wider than it may be. */
function within(symbols: Symbols | undefined, bits: number): Symbols | undefined {
  if (!symbols || bits === 8 || bits === 16 || bits === 32) return symbols;
  for (let i = 0; i < symbols.length; i++) if (symbols[i] >>> bits !== 0) return undefined;
  return symbols;
}

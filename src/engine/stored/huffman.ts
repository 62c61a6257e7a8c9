/**
 * Canonical Huffman codes of symbols of at most 8 bits (Deep Compression: Han, Mao, Dally 2016), code lengths of at
 * most 15 bits. The table in the file is the list of lengths, 4 bits each, lowest first, as far as the highest symbol
 * that occurs. Of equally long codes the one of the smaller symbol is the smaller; codes are written highest bit
 * first. A stream of one symbol only has length 1 in its table and takes no bits.
 */
import { pack, packedBytes, unpack } from './bits';

export const LONGEST = 15;

/** Length of each symbol's code, 0 where it does not occur; no longer than the highest symbol that does. */
export function codeLengths(counts: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const used: number[] = [];
  for (let s = 0; s < counts.length; s++) if (counts[s] > 0) used.push(s);
  const lengths = new Uint8Array(used.length === 0 ? 0 : used[used.length - 1] + 1);
  if (used.length === 1) lengths[used[0]] = 1;
  if (used.length < 2) return lengths;
  used.sort((a, b) => counts[a] - counts[b] || a - b);
  const depths = limited(minimumRedundancy(used.map((s) => counts[s])));
  used.forEach((s, i) => {
    lengths[s] = depths[i];
  });
  return lengths;
}

/** Code lengths of ascending weights, in place (Moffat and Katajainen 1995). Descending. */
function minimumRedundancy(a: number[]): number[] {
  const n = a.length;
  a[0] += a[1];
  for (let next = 1, root = 0, leaf = 2; next < n - 1; next++) {
    const take = (): number => {
      if (leaf < n && (root >= next || a[leaf] < a[root])) return a[leaf++];
      const weight = a[root];
      a[root++] = next;
      return weight;
    };
    const first = take();
    a[next] = first;
    a[next] = first + take();
  }
  a[n - 2] = 0;
  for (let i = n - 3; i >= 0; i--) a[i] = a[a[i]] + 1;
  for (let free = 1, depth = 0, root = n - 2, at = n - 1; free > 0; depth++) {
    let inner = 0;
    for (; root >= 0 && a[root] === depth; root--) inner++;
    for (; free > inner; free--) a[at--] = depth;
    free = 2 * inner;
  }
  return a;
}

/** Cuts lengths to the longest allowed; the room this takes is given up by the next shorter codes. */
function limited(depths: number[]): number[] {
  if (depths[0] <= LONGEST) return depths;
  const perLength = new Array<number>(LONGEST + 1).fill(0);
  for (const depth of depths) perLength[Math.min(depth, LONGEST)]++;
  let room =
    perLength.reduce((sum, count, length) => sum + count * 2 ** (LONGEST - length), 0) - 2 ** LONGEST;
  for (; room > 0; room--) {
    perLength[LONGEST]--;
    let length = LONGEST - 1;
    while (perLength[length] === 0) length--;
    perLength[length]--;
    perLength[length + 1] += 2;
  }
  const out: number[] = [];
  for (let length = LONGEST; length > 0; length--) {
    for (let i = 0; i < perLength[length]; i++) out.push(length);
  }
  return out;
}

/** Bytes of the coded stream, its table apart. */
export function codedBytes(counts: ArrayLike<number>, lengths: Uint8Array): number {
  let bits = 0;
  let used = 0;
  for (let s = 0; s < lengths.length; s++) {
    bits += counts[s] * lengths[s];
    if (lengths[s] > 0) used++;
  }
  return used < 2 ? 0 : Math.ceil(bits / 8);
}
export const tableBytes = (lengths: Uint8Array): number => packedBytes(lengths.length, 4);
export const writeTable = (out: Uint8Array, lengths: Uint8Array): void => pack(out, lengths, 4);
export const readTable = (bytes: Uint8Array): Uint8Array => unpack(bytes, bytes.length * 2, 4) as Uint8Array;

/** First code of each length, or undefined where the lengths are those of no complete code. */
function firstCodes(lengths: Uint8Array): number[] | undefined {
  const perLength = new Array<number>(LONGEST + 1).fill(0);
  for (const length of lengths) if (length > 0) perLength[length]++;
  const first = new Array<number>(LONGEST + 2).fill(0);
  for (let length = 1; length <= LONGEST; length++)
    first[length + 1] = (first[length] + perLength[length]) * 2;
  return first[LONGEST + 1] === 2 ** (LONGEST + 1) ? first : undefined;
}

export function encodeSymbols(out: Uint8Array, symbols: ArrayLike<number>, lengths: Uint8Array): void {
  const next = firstCodes(lengths);
  // One symbol only.
  if (!next) return;
  const codes = Uint16Array.from(lengths, (length) => (length > 0 ? next[length]++ : 0));
  let held = 0;
  let count = 0;
  let at = 0;
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i];
    held = (held << lengths[symbol]) | codes[symbol];
    for (count += lengths[symbol]; count >= 8; ) {
      count -= 8;
      out[at++] = held >>> count;
    }
  }
  if (count > 0) out[at] = held << (8 - count);
}

/** The symbols, or undefined where `bytes` and `lengths` are not what `encodeSymbols` writes. */
export function decodeSymbols(bytes: Uint8Array, count: number, lengths: Uint8Array): Uint8Array | undefined {
  const symbols = new Uint8Array(count);
  if (lengths.length > 256 + 1) return undefined;
  const used = lengths.reduce((n, length) => n + (length > 0 ? 1 : 0), 0);
  if (used === 0) return count === 0 && bytes.length === 0 ? symbols : undefined;
  if (used === 1) return bytes.length === 0 ? symbols.fill(lengths.findIndex((l) => l > 0)) : undefined;
  const table = lookup(lengths);
  if (!table) return undefined;
  const width = Math.log2(table.length);
  const mask = table.length - 1;
  let held = 0;
  let have = 0;
  let at = 0;
  for (let i = 0; i < count; i++) {
    // Past the end the array gives undefined, which counts as 0.
    for (; have < width; have += 8) held = (held << 8) | bytes[at++];
    const found = table[(held >>> (have - width)) & mask];
    symbols[i] = found;
    have -= found >>> 8;
  }
  return Math.ceil((at * 8 - have) / 8) === bytes.length ? symbols : undefined;
}

/** Symbol and, above its 8 bits, code length by the next bits of the stream, as many as the longest code has. */
function lookup(lengths: Uint8Array): Uint16Array | undefined {
  const next = firstCodes(lengths);
  if (!next) return undefined;
  const width = lengths.reduce((most, length) => Math.max(most, length), 0);
  const table = new Uint16Array(2 ** width);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    const from = next[length]++ << (width - length);
    table.fill(symbol | (length << 8), from, from + (1 << (width - length)));
  });
  return table;
}

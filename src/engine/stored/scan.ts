/** One look at where a tensor's entries other than +0 are: all that the size of every index follows from. */

/** Gaps shorter than this are counted in a table, longer ones listed. */
const SHORT = 4096;
export const GAP_BITS = [4, 5, 6, 7, 8] as const;
/** The all-ones field of a relative index: a filler, and how many entries it skips. */
export const filler = (bits: number): number => 2 ** bits - 1;

export interface Scan {
  /** Entries other than +0. */
  stored: number;
  /** Bytes of the bitmap, by value. */
  bitmap: Uint32Array;
  /** Rows by how many stored entries they have, [0..columns]. */
  rows: Uint32Array;
  /** Stored entries by column. */
  columns: Uint32Array;
  shortGaps: Uint32Array;
  longGaps: number[];
}

export const countStored = (patterns: Uint32Array): number => {
  let stored = 0;
  for (let i = 0; i < patterns.length; i++) if (patterns[i] !== 0) stored++;
  return stored;
};

/** @param columns length of a row; divides the length */
export function scan(patterns: Uint32Array, columns: number): Scan {
  const bitmap = new Uint32Array(256);
  const rows = new Uint32Array(columns + 1);
  const perColumn = new Uint32Array(columns);
  const shortGaps = new Uint32Array(SHORT);
  const longGaps: number[] = [];
  let stored = 0;
  let next = 0;
  let byte = 0;
  for (let i = 0; i < patterns.length; ) {
    const before = stored;
    for (let column = 0; column < columns; column++, i++) {
      if (patterns[i] !== 0) {
        const gap = i - next;
        if (gap < SHORT) shortGaps[gap]++;
        else longGaps.push(gap);
        next = i + 1;
        stored++;
        perColumn[column]++;
        byte |= 1 << (i & 7);
      }
      if ((i & 7) === 7) {
        bitmap[byte]++;
        byte = 0;
      }
    }
    rows[stored - before]++;
  }
  if ((patterns.length & 7) !== 0) bitmap[byte]++;
  return { stored, bitmap, rows, columns: perColumn, shortGaps, longGaps };
}

/** Fields of a relative index by value: [2^bits]. */
export function gapCounts({ shortGaps, longGaps }: Scan, bits: number): Uint32Array {
  const skip = filler(bits);
  const counts = new Uint32Array(2 ** bits);
  const add = (gap: number, times: number) => {
    counts[skip] += Math.floor(gap / skip) * times;
    counts[gap % skip] += times;
  };
  for (let gap = 0; gap < SHORT; gap++) if (shortGaps[gap] > 0) add(gap, shortGaps[gap]);
  for (const gap of longGaps) add(gap, 1);
  return counts;
}

/** Fields of a relative index, in order: zeros before each stored entry, long runs by fillers. */
export function gapFields(patterns: Uint32Array, count: number, bits: number): Uint8Array {
  const fields = new Uint8Array(count);
  const skip = filler(bits);
  let at = 0;
  let next = 0;
  for (let i = 0; i < patterns.length; i++) {
    if (patterns[i] === 0) continue;
    for (; i - next >= skip; next += skip) fields[at++] = skip;
    fields[at++] = i - next;
    next = i + 1;
  }
  return fields;
}

/** One bit per entry, lowest first. */
export function bitmapOf(patterns: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(patterns.length / 8));
  for (let i = 0; i < patterns.length; i++) if (patterns[i] !== 0) bytes[i >>> 3] |= 1 << (i & 7);
  return bytes;
}

/** Stored entries of each row, and their columns, row after row. */
export function csrOf(patterns: Uint32Array, columns: number, stored: number) {
  const lengths = new Uint32Array(patterns.length / columns);
  const places = new Uint32Array(stored);
  let at = 0;
  for (let row = 0, i = 0; row < lengths.length; row++) {
    const before = at;
    for (let column = 0; column < columns; column++, i++) if (patterns[i] !== 0) places[at++] = column;
    lengths[row] = at - before;
  }
  return { lengths, places };
}

/** Tensors of few distinct values: what these are, and which of them each entry is. */

export const MOST_DISTINCT = 256;

export interface Codebook {
  /** Distinct bit patterns other than +0, ascending. */
  table: Uint32Array;
  /** Per entry: its place in `table`; undefined (0) at +0. */
  codes: Uint8Array;
  /** Entries by place. */
  counts: Uint32Array;
}

/** Undefined where there are more than 256 distinct patterns besides +0. Gives up as soon as it sees one too many. */
export function codebookOf(patterns: Uint32Array): Codebook | undefined {
  const SLOTS = 1024;
  const keys = new Uint32Array(SLOTS);
  const ids = new Int16Array(SLOTS).fill(-1);
  const seen = new Uint32Array(MOST_DISTINCT);
  const tally = new Uint32Array(MOST_DISTINCT);
  const codes = new Uint8Array(patterns.length);
  let distinct = 0;
  for (let i = 0; i < patterns.length; i++) {
    const pattern = patterns[i];
    if (pattern === 0) continue;
    let slot = Math.imul(pattern, 0x9e3779b1) >>> 22;
    while (ids[slot] >= 0 && keys[slot] !== pattern) slot = (slot + 1) % SLOTS;
    if (ids[slot] < 0) {
      if (distinct === MOST_DISTINCT) return undefined;
      keys[slot] = pattern;
      ids[slot] = distinct;
      seen[distinct++] = pattern;
    }
    const id = ids[slot];
    codes[i] = id;
    tally[id]++;
  }
  return sorted(seen.subarray(0, distinct), tally, codes, patterns);
}

function sorted(seen: Uint32Array, tally: Uint32Array, codes: Uint8Array, patterns: Uint32Array): Codebook {
  const order = Uint16Array.from(seen, (_, id) => id).sort((a, b) => seen[a] - seen[b]);
  const rank = new Uint8Array(seen.length);
  order.forEach((id, place) => {
    rank[id] = place;
  });
  for (let i = 0; i < codes.length; i++) if (patterns[i] !== 0) codes[i] = rank[codes[i]];
  return {
    table: Uint32Array.from(order, (id) => seen[id]),
    codes,
    counts: Uint32Array.from(order, (id) => tally[id]),
  };
}

/** The same with +0 as a value like any other, first in the table. Undefined where that is one too many. */
export function withZero({ table, codes, counts }: Codebook, patterns: Uint32Array): Codebook | undefined {
  if (table.length === MOST_DISTINCT) return undefined;
  const all = new Uint8Array(codes.length);
  let zeros = 0;
  for (let i = 0; i < all.length; i++) {
    if (patterns[i] === 0) zeros++;
    else all[i] = codes[i] + 1;
  }
  return { table: Uint32Array.of(0, ...table), codes: all, counts: Uint32Array.of(zeros, ...counts) };
}

/** Bits of a place in a table of so many values. */
export const placeBits = (distinct: number): number => Math.max(1, Math.ceil(Math.log2(distinct)));

/** Which entries are stored, from the streams of an index. */
import type { Symbols } from './bits';
import { filler } from './scan';

/** 1 where an entry is stored; undefined where these are not `stored` of `length` entries. */
export const presence = {
  bitmap(bytes: Symbols, length: number, stored: number): Uint8Array | undefined {
    const present = new Uint8Array(length);
    let count = 0;
    for (let i = 0; i < length; i++) {
      const bit = (bytes[i >>> 3] >>> (i & 7)) & 1;
      present[i] = bit;
      count += bit;
    }
    return count === stored ? present : undefined;
  },

  relative(fields: Symbols, bits: number, length: number, stored: number): Uint8Array | undefined {
    const present = new Uint8Array(length);
    const skip = filler(bits);
    let count = 0;
    let at = 0;
    for (let k = 0; k < fields.length; k++) {
      at += fields[k];
      if (fields[k] === skip) continue;
      if (at >= length) return undefined;
      present[at++] = 1;
      count++;
    }
    return count === stored ? present : undefined;
  },

  csr(lengths: Symbols, places: Symbols, columns: number, stored: number): Uint8Array | undefined {
    const present = new Uint8Array(lengths.length * columns);
    let at = 0;
    for (let row = 0; row < lengths.length; row++) {
      let least = 0;
      for (const end = at + lengths[row]; at < end; at++) {
        if (at >= stored || places[at] < least || places[at] >= columns) return undefined;
        present[row * columns + places[at]] = 1;
        least = places[at] + 1;
      }
    }
    return at === stored ? present : undefined;
  },
};

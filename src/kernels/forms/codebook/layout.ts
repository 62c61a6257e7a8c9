/**
 * Where the index of a weight lies: [tiles of 16 outputs][input][output in tile], a byte each. With 4 bits two inputs
 * share the bytes of a row, the second one in the upper halves.
 */
export const TILE = 16;

export const indexBytes = (inn: number, out: number, bits: 4 | 8): number =>
  Math.ceil(out / TILE) * (bits === 4 ? Math.ceil(inn / 2) : inn) * TILE;

export function indexAt(inn: number, k: number, o: number, bits: 4 | 8): { index: number; shift: number } {
  const rows = bits === 4 ? Math.ceil(inn / 2) : inn;
  const row = bits === 4 ? k >> 1 : k;
  const index = (Math.floor(o / TILE) * rows + row) * TILE + (o % TILE);
  return { index, shift: bits === 4 && k % 2 === 1 ? 4 : 0 };
}

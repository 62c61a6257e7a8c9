/** Where the sign of a weight lies: words [tiles of 8 outputs][32 inputs][output in tile], the first input lowest. */
export const TILE = 8;
export const WORD = 32;

export const signWords = (inn: number, out: number): number =>
  Math.ceil(out / TILE) * TILE * Math.ceil(inn / WORD);

export function signAt(inn: number, k: number, o: number): { word: number; bit: number } {
  const row = Math.floor(o / TILE) * Math.ceil(inn / WORD) + Math.floor(k / WORD);
  return { word: row * TILE + (o % TILE), bit: k % WORD };
}

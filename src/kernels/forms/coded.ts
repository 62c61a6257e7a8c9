/** Codes of a quantized kernel as signed bytes, and where they lie in a packed kernel. */
import type { PackSource } from './types';

/** Outputs per tile, and inputs per word of the quads below. */
export const TILE = 8;
export const QUAD = 4;
/**
 * Inputs a row may have so that no sum of products of bytes leaves 32 bits: a byte less its offset is at most 255 in
 * magnitude, a code of x at most 127.
 */
export const MOST_INPUTS = Math.floor(2 ** 31 / (127 * 255)) - QUAD;

export const tiled = (n: number, tile: number): number => Math.ceil(n / tile) * tile;

/** w [in, out] = scale * (byte - offset), scale and offset by column. */
export interface Signed {
  readonly bytes: Int8Array;
  readonly scales: Float32Array;
  readonly offsets: Int32Array;
}

/**
 * Signed numbers in [-span, span) for codes of 1 to 8 bits, of which there are at most 2 * span. The offset is 0 where
 * a column's codes less its zero point fit (symmetric codes do), and as near to it as they allow elsewhere.
 */
export function signedBytes({ shape, values, codes: coded }: PackSource, span = 128): Signed | undefined {
  if (!coded) return undefined;
  const { out } = shape;
  const of = <T extends Float32Array | Uint8Array>(list: T, o: number) => list[list.length === 1 ? 0 : o];
  const scales = Float32Array.from({ length: out }, (_, o) => of(coded.scales, o));
  const bytes = new Int8Array(values.length);
  const offsets = new Int32Array(out);
  if (coded.bits === 1) {
    bytes.forEach((_, i) => {
      bytes[i] = Math.sign(values[i]);
    });
    return { bytes, scales, offsets };
  }
  for (let o = 0; o < out; o++) {
    const zero = of(coded.zeros, o);
    let [low, high] = [zero, zero];
    for (let i = o; i < bytes.length; i += out) {
      low = Math.min(low, coded.codes[i]);
      high = Math.max(high, coded.codes[i]);
    }
    const centre = Math.min(Math.max(zero, high - span + 1), low + span);
    offsets[o] = zero - centre;
    for (let i = o; i < bytes.length; i += out) bytes[i] = coded.codes[i] - centre;
  }
  return { bytes, scales, offsets };
}

/** Bytes of a kernel in quads. */
export const quadBytes = (inn: number, out: number): number => tiled(out, TILE) * tiled(inn, QUAD);
/** Where the byte of input k and output o lies: [tiles of outputs][quads of inputs][output in tile][input in quad]. */
export const quadIndex = (inn: number, k: number, o: number): number =>
  ((Math.floor(o / TILE) * tiled(inn, QUAD)) / QUAD + Math.floor(k / QUAD)) * TILE * QUAD +
  (o % TILE) * QUAD +
  (k % QUAD);

/** Bytes [in, out] in quads, zeros where the last tile and the last quad are not full. */
export function packQuads(bytes: Int8Array, inn: number, out: number): Uint8Array {
  const packed = new Uint8Array(quadBytes(inn, out));
  for (let k = 0; k < inn; k++) {
    for (let o = 0; o < out; o++) packed[quadIndex(inn, k, o)] = bytes[k * out + o];
  }
  return packed;
}

/**
 * Where the half byte of input k and output o lies: the quads of a tile are eight words of 16 bits, each with one input
 * of outputs 0, 2, 4 and 6 or of 1, 3, 5 and 7, the first lowest. A shift makes the quads of two outputs of them.
 */
export const nibbleIndex = (inn: number, k: number, o: number): { index: number; shift: number } => {
  const [tile, lane] = [Math.floor(o / TILE), o % TILE];
  const block = (tile * tiled(inn, QUAD)) / QUAD + Math.floor(k / QUAD);
  const word = (lane % 2) * QUAD + (k % QUAD);
  return { index: 2 * (block * TILE + word) + (lane >> 2), shift: 4 * ((lane >> 1) % 2) };
};
/** Numbers in [-8, 7] [in, out], two to a byte. */
export function packNibbles(bytes: Int8Array, inn: number, out: number): Uint8Array {
  const packed = new Uint8Array(quadBytes(inn, out) / 2);
  for (let k = 0; k < inn; k++) {
    for (let o = 0; o < out; o++) {
      const { index, shift } = nibbleIndex(inn, k, o);
      packed[index] |= (bytes[k * out + o] & 15) << shift;
    }
  }
  return packed;
}

/** The buffers `scales` and `offsets`, zeros up to whole tiles. */
export function perOutput({ scales, offsets }: Signed): { scales: Float32Array; offsets: Uint32Array } {
  const n = tiled(scales.length, TILE);
  const padded = { scales: new Float32Array(n), offsets: new Uint32Array(n) };
  padded.scales.set(scales);
  padded.offsets.set(Uint32Array.from(offsets));
  return padded;
}

/** From a data set's bytes to a batch of floats, normalised, and moved about where training asks for it. */
import type { Ptr } from '../memory';

export interface ImageShape {
  h: number;
  w: number;
  c: number;
}
/** Signed bytes per image: 1 = mirrored left to right; rows down; columns right; not used. */
export const MOVE_BYTES = 4;

export interface GatherOps {
  /** y[n] = x[n] * scale + shift from bytes. */
  fromBytes(x: Ptr, y: Ptr, n: number, scale: number, shift: number): void;
  /**
   * The same with random crop and flip: pixel (r, q) of image i comes from (r + down, q' + right) of its source, q'
   * being q or, mirrored, w - 1 - q; what lies outside is byte 0. `moves` has MOVE_BYTES per image.
   */
  augment(s: ImageShape, x: Ptr, moves: Ptr, y: Ptr, batch: number, scale: number, shift: number): void;
}

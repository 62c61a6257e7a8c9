/**
 * Products with a sparse kernel w [in, out] held as one bit per weight and the values that are not 0: smaller than
 * lists of indices where more than one weight in 16 is kept.
 *
 * Outputs are taken eight at a time. Of such a group a byte tells for every input which of its outputs have a weight,
 * and its values follow each other in that order: input by input, output by output.
 */
import type { DenseShape } from '../../dense/contract';
import type { Ptr } from '../../memory';

/** Outputs of a group. */
export const GROUP = 8;
/** Inputs of a 32-bit word of masks. */
export const INPUTS = 4;

export interface BitmapPlaces {
  /** u32 [groups, ceil(in / 4)]: bit 8 * (input % 4) + output % 8. */
  readonly masks: Ptr;
  /** u32 [groups + 1]: first value of each group. */
  readonly starts: Ptr;
  readonly values: Ptr;
}
export interface BitmapOps {
  /** y [rows, out] = relu?(x [rows, in] * w + bias); bias 0 for none. Zeros of w are skipped, also before NaN. */
  bitmapForward(s: DenseShape, x: Ptr, w: BitmapPlaces, bias: Ptr, y: Ptr, rows: number, relu: boolean): void;
  scratchBitmap(s: DenseShape, rows: number): number;
}

/**
 * Products of 8-bit weights. The kernel is held as signed bytes in quads (../coded.ts): `codes`, with `scales` (f32)
 * and `offsets` (i32) by output, all padded to whole tiles: w = scale * (byte - offset).
 */
import type { DenseShape } from '../../dense/contract';
import type { Ptr } from '../../memory';

export interface BytePlaces {
  codes: Ptr;
  scales: Ptr;
  offsets: Ptr;
}
export interface Int8Ops {
  /**
   * Rows of x are rounded, too (dynamic quantization, as in Jacob et al. 2018 with symmetric rows):
   * - sx = max|x| / 127 of the row; q = x / sx to the nearest integer, halves to even, at most 127 in magnitude;
   *   all 0 where sx is 0;
   * - sum = Σ q * (byte - offset), 32-bit integers;
   * - y = relu?(sum * (sx * scale) + bias), each operation rounded to float32; bias 0 for none.
   * A row with NaN or an infinity has a scale of NaN, so all of its outputs are NaN.
   * Sums are exact: every executor gives the same bits.
   */
  int8Forward(s: DenseShape, x: Ptr, w: BytePlaces, bias: Ptr, y: Ptr, rows: number, relu: boolean): void;
  scratchInt8(s: DenseShape, rows: number): number;
}

/** Products of weights of a few bits with rows of x as they are. */
import type { DenseShape } from '../../dense/contract';
import type { Ptr } from '../../memory';
import type { BytePlaces } from '../int8/contract';

export interface UnpackOps {
  /**
   * y [rows, out] = relu?(x [rows, in] * w + bias), w as ../int8/contract.ts has it; bias 0 for none. Scales come last, so that an infinity
   * in x, or what overflows without them, may become NaN.
   */
  int8WeightsForward(
    s: DenseShape,
    x: Ptr,
    w: BytePlaces,
    bias: Ptr,
    y: Ptr,
    rows: number,
    relu: boolean,
  ): void;
  /** The same of bytes in [-8, 7], two to a byte of `codes` (../coded.ts). */
  int4Forward(s: DenseShape, x: Ptr, w: BytePlaces, bias: Ptr, y: Ptr, rows: number, relu: boolean): void;
  scratchUnpack(s: DenseShape, rows: number): number;
}

/**
 * Products with a sparse kernel w [in, out] held as lists of its nonzeros per output (compressed sparse rows of the
 * transpose), with 16-bit indices.
 *
 * Outputs are sorted by length and taken eight at a time (SELL-8: Kreutzer et al., SIAM J. Sci. Comput. 36(5), 2014):
 * a slice is as many steps long as its first output, and every step holds an index and a value for each of its eight
 * slots, so that vectors are read at one go. Slots beyond the end of an output's list have index `in` and value 0.
 */
import type { DenseShape } from '../../dense/contract';
import type { Ptr } from '../../memory';

/** Slots of a slice. */
export const LANES = 8;

/** Of `n` slices with `steps` steps in all, which hold `slots` = 8 n outputs; some of the last slice may be none. */
export interface CsrPlaces {
  /** u32 [n + 1]: first step of each slice. */
  readonly slices: Ptr;
  /** u32 [slots, 2]: which output it is (`out` for none) and how long its list is; lengths never increase. */
  readonly slots: Ptr;
  /** u32 [out]: slot of each output. */
  readonly places: Ptr;
  /** u16 [steps, 8]. */
  readonly index: Ptr;
  /** f32 [steps, 8]. */
  readonly values: Ptr;
}
export interface CsrOps {
  /** y [rows, out] = relu?(x [rows, in] * w + bias); bias 0 for none. Zeros of w are skipped, also before NaN. */
  csrForward(s: DenseShape, x: Ptr, w: CsrPlaces, bias: Ptr, y: Ptr, rows: number, relu: boolean): void;
  scratchCsr(s: DenseShape): number;
}

/** Max pooling without padding. */
import type { Ptr } from '../memory';

/** [h, w, c] -> [oh, ow, c]. */
export interface PoolShape {
  h: number;
  w: number;
  c: number;
  oh: number;
  ow: number;
  size: number;
  stride: number;
}
export interface MaxPoolOps {
  /** `taps` (u32 per output): which element of the window it came from. The first maximum wins; NaN wins over numbers. */
  poolForward(s: PoolShape, x: Ptr, y: Ptr, taps: Ptr, batch: number): void;
  poolBackward(s: PoolShape, dy: Ptr, taps: Ptr, dx: Ptr, batch: number): void;
}

/** Average pooling without padding, and the mean over the whole image. */
import type { PoolShape } from '../max-pool/contract';
import type { Ptr } from '../memory';

/** [h, w, c] -> [c]. */
export interface GlobalPoolShape {
  h: number;
  w: number;
  c: number;
}
export interface AvgPoolOps {
  avgPoolForward(s: PoolShape, x: Ptr, y: Ptr, batch: number): void;
  /** Overlapping windows add up; what no window covers gets 0. */
  avgPoolBackward(s: PoolShape, dy: Ptr, dx: Ptr, batch: number): void;
  globalPoolForward(s: GlobalPoolShape, x: Ptr, y: Ptr, batch: number): void;
  globalPoolBackward(s: GlobalPoolShape, dy: Ptr, dx: Ptr, batch: number): void;
}

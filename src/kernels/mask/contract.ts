/** Masked weights. */
import type { Ptr } from '../memory';

export interface MaskOps {
  /** y[n] = mask ? x : +0; mask bytes are 0 or 0xff. May work in place. */
  applyMask(x: Ptr, mask: Ptr, y: Ptr, n: number): void;
}

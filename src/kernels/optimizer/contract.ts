/** PyTorch's optimizers over a whole arena in one pass, which leave alone what is not trained. */
import type { Ptr } from '../memory';

export interface AdamRates {
  lr: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** 0 for none. Added to the gradient as weightDecay * w (Adam), or taken from the weight as lr * weightDecay * w (AdamW). */
  weightDecay?: number;
  /** True for AdamW (Loshchilov, Hutter 2019). */
  decoupled?: boolean;
}
export interface SgdRates {
  lr: number;
  momentum: number;
  nesterov: boolean;
  /** Added to the gradient as weightDecay * w; 0 for none. */
  weightDecay?: number;
}
export interface OptimizerOps {
  /**
   * Over an arena of n (a multiple of 4) weights. Where the mask byte is 0 (others are 0xff) the gradient counts as
   * zero and the weight stays as it is, bit for bit, weight decay or not: a pruned one is zero because it was when the
   * training began. mask 0: all are trained. `t` counts steps from 1. Moments below 1e-30 and gradients (Adam) below
   * 1e-17 may count as zero, since subnormal numbers are very slow on a CPU.
   */
  adam(w: Ptr, g: Ptr, m: Ptr, v: Ptr, mask: Ptr, n: number, rates: AdamRates, t: number): void;
  /** `v` is not touched without momentum. */
  sgd(w: Ptr, g: Ptr, v: Ptr, mask: Ptr, n: number, rates: SgdRates): void;
}

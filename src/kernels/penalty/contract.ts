/**
 * Penalties that make weights small or zero, applied to one kernel at a time beside the optimizer. A subgradient goes
 * into the gradient and never gives an exact zero; the two shrinking steps (proximal operators, Parikh and Boyd 2014,
 * sections 6.5.2 and 6.5.4) change the weights after the optimizer and do.
 */
import type { Ptr } from '../memory';

export interface PenaltyOps {
  /** g[n] += strength * sign(w), with sign(0) = 0. */
  l1Gradient(g: Ptr, w: Ptr, n: number, strength: number): void;
  /** w[n] = sign(w) max(|w| - t, 0), t >= 0; what reaches zero is +0. */
  softThreshold(w: Ptr, n: number, t: number): void;
  /**
   * Every column c of w[rows, cols] times max(0, 1 - t sqrt(rows) / |w_c|), |w_c| its Euclidean norm. Columns that are
   * shorter than t sqrt(rows) become +0.
   */
  shrinkColumns(w: Ptr, rows: number, cols: number, t: number): void;
}

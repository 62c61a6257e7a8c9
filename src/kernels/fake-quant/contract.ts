/**
 * Weight transform of quantization-aware training: latent weights in, the weights that are executed out. The gradient
 * goes straight through (Bengio, Leonard, Courville 2013): dy is used as the gradient of the latent weights.
 */
import type { Ptr } from '../memory';

/** A kernel of n weights whose last axis is the output channel. */
export interface FakeQuantShape {
  n: number;
  /** 1, or as many as there are output channels: each has its own scale. Divides n. */
  ranges: number;
  /** 1 to 8; with 1 a weight becomes its sign times the mean magnitude of its range, whatever the scheme. */
  bits: number;
  scheme: 'affine' | 'symmetric';
}
export interface FakeQuantOps {
  /**
   * y [n] of w [n] by the formulas of methods/fake-quant, bit for bit. Where the mask byte is 0 (others are 0xff) y is
   * +0 and w widens no range; mask 0: nothing is pruned. y may not be w.
   * Returns false, and y is worth nothing, if a kept weight is not finite: it has no code.
   */
  fakeQuant(s: FakeQuantShape, w: Ptr, mask: Ptr, y: Ptr): boolean;
}

/** Depthwise convolution: each channel with its own k x k filter (multiplier 1). Kernel [k, k, c]. */
import type { Ptr } from '../memory';

/** [h, w, c] -> [oh, ow, c]; `pad` zeros at top and left, as many as needed at bottom and right. */
export interface DepthwiseShape {
  h: number;
  w: number;
  c: number;
  oh: number;
  ow: number;
  k: number;
  stride: number;
  pad: number;
}
export interface DepthwiseOps {
  /** y = relu?(x (*) w + bias) channel by channel; bias 0 for none. */
  depthwiseForward(s: DepthwiseShape, x: Ptr, w: Ptr, bias: Ptr, y: Ptr, batch: number, relu: boolean): void;
  /** dw [k, k, c]. */
  depthwiseBackwardWeights(s: DepthwiseShape, x: Ptr, dy: Ptr, dw: Ptr, batch: number): void;
  depthwiseBackwardInput(s: DepthwiseShape, dy: Ptr, w: Ptr, dx: Ptr, batch: number): void;
}

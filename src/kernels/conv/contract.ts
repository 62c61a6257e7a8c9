/** Convolution of NHWC images with an HWIO kernel. */
import type { Ptr } from '../memory';

/** [h, w, c] -> [oh, ow, n]; `pad` zeros at top and left, as many as needed at bottom and right. */
export interface ConvShape {
  h: number;
  w: number;
  c: number;
  oh: number;
  ow: number;
  n: number;
  k: number;
  stride: number;
  pad: number;
}
export interface ConvOps {
  /** Rearranges or transforms a kernel into the executor's own form for forward passes. */
  packConv(s: ConvShape, w: Ptr, packed: Ptr): void;
  packedConvBytes(s: ConvShape): number;
  /** y = relu?(conv(x, w) + bias); `packed` is w by packConv; bias 0 for none. */
  convForward(
    s: ConvShape,
    x: Ptr,
    w: Ptr,
    packed: Ptr,
    bias: Ptr,
    y: Ptr,
    batch: number,
    relu: boolean,
  ): void;
  convBackwardWeights(s: ConvShape, x: Ptr, dy: Ptr, dw: Ptr, batch: number): void;
  convBackwardInput(s: ConvShape, dy: Ptr, w: Ptr, dx: Ptr, batch: number): void;
  scratchConv(s: ConvShape): number;
}

/**
 * The vocabulary of ops that a plan is made of. An executor is a `Machine`: a flat memory and these ops over
 * byte offsets into it. Floats are 32 bits, matrices row-major, images NHWC, conv kernels HWIO. Every buffer
 * starts at a multiple of 16 and is followed by at least 32 bytes that may be read and, from a buffer being
 * written, rewritten unchanged. NaN propagates in all ops, except that a product with an exact zero of `x` or
 * `dy` may be skipped.
 */

/** Byte offset into the machine's memory, a multiple of 16. */
export type Ptr = number;

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
/** [h, w, c] -> [oh, ow, c], no padding. */
export interface PoolShape {
  h: number;
  w: number;
  c: number;
  oh: number;
  ow: number;
  size: number;
  stride: number;
}
export interface DenseShape {
  in: number;
  out: number;
}
export interface AdamRates {
  lr: number;
  beta1: number;
  beta2: number;
  epsilon: number;
}
export interface SgdRates {
  lr: number;
  momentum: number;
  nesterov: boolean;
}

export interface Machine {
  readonly device: string;
  /** First byte that callers may use. */
  readonly base: Ptr;
  /** Makes [0, bytes) usable; views taken before are stale, content stays. Never shrinks. */
  reserve(bytes: number): void;
  readonly bytes: Uint8Array;
  readonly floats: Float32Array;
  /** Where ops may scribble, at least as large as the `scratch*` functions ask for. */
  setScratch(at: Ptr): void;

  /** y[n] = x[n] * scale + shift from bytes. */
  fromBytes(x: Ptr, y: Ptr, n: number, scale: number, shift: number): void;
  /** y[n] = mask ? x : +0; mask bytes are 0 or 0xff. May work in place. */
  applyMask(x: Ptr, mask: Ptr, y: Ptr, n: number): void;

  /** Rearranges a kernel [k, n] into the executor's own order for forward passes. */
  pack(w: Ptr, packed: Ptr, k: number, n: number): void;
  packedBytes(k: number, n: number): number;

  /** y [batch, out] = relu?(x [batch, in] * w + bias); bias 0 for none. `packed` is `w` packed as [in, out]. */
  denseForward(
    s: DenseShape,
    x: Ptr,
    w: Ptr,
    packed: Ptr,
    bias: Ptr,
    y: Ptr,
    batch: number,
    relu: boolean,
  ): void;
  /** dw [in, out] = transpose(x) * dy. */
  denseBackwardWeights(s: DenseShape, x: Ptr, dy: Ptr, dw: Ptr, batch: number): void;
  /** dx [batch, in] = dy * transpose(w). */
  denseBackwardInput(s: DenseShape, dy: Ptr, w: Ptr, dx: Ptr, batch: number): void;
  scratchDense(s: DenseShape, batch: number): number;

  /** y = relu?(conv(x, w) + bias); `packed` is w packed as [k * k * c, n]. */
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

  /** `taps` (u32 per output): which element of the window it came from. The first maximum wins; NaN wins over numbers. */
  poolForward(s: PoolShape, x: Ptr, y: Ptr, taps: Ptr, batch: number): void;
  poolBackward(s: PoolShape, dy: Ptr, taps: Ptr, dx: Ptr, batch: number): void;

  /** db [n] = sum over rows of dy [rows, n]. */
  biasGrad(dy: Ptr, db: Ptr, rows: number, n: number): void;
  /** In place: dy[i] = 0 where y[i] <= 0. */
  reluBackward(dy: Ptr, y: Ptr, n: number): void;

  /**
   * Sum of -log softmax(z [rows, classes])[label] in nats; labels are bytes. Unless `dz` is 0 writes the gradient
   * of the mean to it.
   */
  softmaxLoss(z: Ptr, labels: Ptr, dz: Ptr, rows: number, classes: number): number;
  /** Of the last `softmaxLoss`: rows whose label is the first largest logit. A NaN in the row makes it wrong. */
  lastCorrect(): number;

  /**
   * PyTorch's optimizers over an arena of n (a multiple of 4) weights. Gradient and new weight are zero where
   * the mask byte is 0 (others are 0xff); mask 0: nothing is pruned. `t` counts steps from 1. Moments below
   * 1e-30 and gradients (Adam) below 1e-17 may count as zero, since subnormal numbers are very slow on a CPU.
   */
  adam(w: Ptr, g: Ptr, m: Ptr, v: Ptr, mask: Ptr, n: number, rates: AdamRates, t: number): void;
  /** `v` is not touched without momentum. */
  sgd(w: Ptr, g: Ptr, v: Ptr, mask: Ptr, n: number, rates: SgdRates): void;
}

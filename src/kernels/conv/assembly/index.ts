/** Convolution, NHWC x HWIO: of the ways to compute it, the one that is fastest for the shape and the gradient. */
import { packB, packedBytes } from '../../simd/assembly/pack';
import { countNonzero } from '../../simd/assembly/sparse';
import {
  directForward, directInput, directScratch, directShape, directWeights, sparseInput, sparsePenalty, sparseWeights,
} from './direct';
import {
  turnedBytes, winogradForward, winogradGain, winogradKernel, winogradKernelBytes, winogradScratch, winogradShape,
  winogradTurned, winogradWeights,
} from './winograd';

/** Below this, what is saved in multiplications is lost in transforms. */
const WORTH: f64 = 1.15;
/** Images of a batch that are looked at to tell how many gradients are zero. */
const SAMPLE: i32 = 8;

/** Geometry of the layer at work, and how much faster Winograd's way is for it and for the gradient of its input. */
let H: i32, W: i32, C: i32, OH: i32, OW: i32, N: i32, K: i32, S: i32, P: i32;
let gain: f64, inputGain: f64;

/** h, w, c -> oh, ow, n with a k x k kernel; must precede every call below. */
export function convShape(
  h: i32, w: i32, c: i32, oh: i32, ow: i32, n: i32, k: i32, stride: i32, pad: i32,
): void {
  H = h; W = w; C = c; OH = oh; OW = ow; N = n; K = k; S = stride; P = pad;
  directShape(h, w, c, oh, ow, n, k, stride, pad);
  gain = winogradGain(h, w, c, oh, ow, n, k, stride);
  inputGain = winogradGain(oh, ow, n, h, w, c, k, stride);
  if (gain < WORTH) gain = 1;
  if (inputGain < WORTH) inputGain = 1;
}

export function packedConvBytes(): usize {
  return gain > 1 ? winogradKernelBytes(C, N) : packedBytes(K * K * C, N);
}

/** Prepares w for forward passes. */
export function packConv(w: usize, packed: usize): void {
  if (gain > 1) winogradKernel(w, <usize>N << 2, C, N, K, packed);
  else packB(w, packed, K * K * C, N, <usize>N << 2);
}

/** y [batch, oh, ow, n] = relu?(conv(x, w) + bias); wp is w prepared by packConv. */
export function convForward(
  x: usize, wp: usize, bias: usize, y: usize, batch: i32, relu: i32, scratch: usize,
): void {
  if (gain > 1) {
    winogradShape(H, W, C, OH, OW, N, K, P, false);
    winogradForward(x, wp, bias, y, batch, relu != 0, scratch);
  } else {
    directForward(x, wp, bias, y, batch, relu, scratch);
  }
}

/** Whether enough gradients are zero for skipping them to beat what is `gain` times faster than summing directly. */
function mostlyZero(dy: usize, batch: i32, gain: f64): bool {
  const n = OH * OW * N;
  const images = min(batch, SAMPLE);
  let count = 0;
  for (let i = 0; i < images; i++) count += countNonzero(dy + (<usize>(i * batch / images * n) << 2), n);
  return <f64>count * sparsePenalty() * gain < <f64>images * <f64>n;
}

/** dw [k, k, c, n] = sum over images and windows of window x dy. */
export function convBackwardWeights(x: usize, dy: usize, dw: usize, batch: i32, scratch: usize): void {
  if (mostlyZero(dy, batch, gain)) {
    sparseWeights(x, dy, dw, batch, scratch);
  } else if (gain > 1) {
    winogradShape(H, W, C, OH, OW, N, K, P, true);
    winogradWeights(x, dy, dw, batch, scratch);
  } else {
    directWeights(x, dy, dw, batch, scratch);
  }
}

/** dx [batch, h, w, c]: the convolution of dy with the kernels turned around. */
export function convBackwardInput(dy: usize, w: usize, dx: usize, batch: i32, scratch: usize): void {
  if (mostlyZero(dy, batch, inputGain)) {
    sparseInput(dy, w, dx, batch, scratch);
  } else if (inputGain > 1) {
    winogradShape(OH, OW, N, H, W, C, K, K - 1 - P, false);
    const rest = (scratch + winogradKernelBytes(N, C) + 15) & ~15;
    winogradTurned(w, C, N, K, scratch, rest);
    winogradForward(dy, scratch, 0, dx, batch, false, rest);
  } else {
    directInput(dy, w, dx, batch, scratch);
  }
}

/** Scratch bytes that any of these needs for the shape set last. */
export function convScratch(): usize {
  let most = directScratch();
  if (gain > 1) {
    winogradShape(H, W, C, OH, OW, N, K, P, true);
    most = max(most, winogradScratch());
  }
  if (inputGain > 1) {
    winogradShape(OH, OW, N, H, W, C, K, K - 1 - P, false);
    most = max(most, winogradKernelBytes(N, C) + 32 + max(winogradScratch(), turnedBytes(C, N, K)));
  }
  return most;
}

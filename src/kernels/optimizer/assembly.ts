/**
 * Optimizers over a whole arena in one pass. mask: bytes, 0xff trained, 0 left as it is; 0 for "all are trained".
 * The gradient is and-ed with it and the weight chosen by it, so that neither NaN nor weight decay gets through.
 */

import { spread } from '../mask/assembly';

/** Below this a moment counts as zero: subnormal numbers would slow every later step a hundredfold. */
const TINY: f32 = 1e-30;
/** Below this a gradient counts as zero: its square would be subnormal. Its step would be lost in rounding. */
const FAINT: f32 = 1e-17;
/** The same for a mean square, which may be as small as the smallest normal number. */
const LEAST: f32 = 1.2e-38;

/** x, or 0 where |x| < least; NaN stays. */
// @ts-ignore: decorator
@inline
function flush(x: v128, least: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), least));
}

/**
 * PyTorch's SGD: g += decay w; v = momentum v + g; w -= lr (nesterov ? g + momentum v : v). n is a multiple of 4.
 */
export function sgd(
  w: usize, g: usize, v: usize, mask: usize, n: i32, lr: f32, momentum: f32, nesterov: i32, decay: f32,
): void {
  const rate = f32x4.splat(lr), mu = f32x4.splat(momentum), tiny = f32x4.splat(TINY), pull = f32x4.splat(decay);
  for (let i: usize = 0; i < <usize>n; i += 4) {
    const at = i << 2;
    const keep = mask ? spread(mask + i) : i32x4.splat(-1);
    const old = v128.load(w + at);
    let grad = v128.load(g + at);
    if (decay != 0) grad = f32x4.add(grad, f32x4.mul(pull, old));
    grad = v128.and(grad, keep);
    let step = grad;
    if (momentum != 0) {
      const vel = flush(f32x4.add(f32x4.mul(mu, v128.load(v + at)), grad), tiny);
      v128.store(v + at, vel);
      step = nesterov ? f32x4.add(grad, f32x4.mul(mu, vel)) : vel;
    }
    v128.store(w + at, v128.bitselect(f32x4.sub(old, f32x4.mul(rate, step)), old, keep));
  }
}

/**
 * PyTorch's Adam: w -= rate * m / (sqrt(v) * scale + eps), with rate = lr / (1 - beta1^t) and
 * scale = 1 / sqrt(1 - beta2^t). Weight decay: Adam adds decay * w to the gradient first; AdamW multiplies w by
 * `shrink` = 1 - lr * decay, which is 1 for Adam. n is a multiple of 4.
 */
export function adam(
  w: usize, g: usize, m: usize, v: usize, mask: usize, n: i32,
  rate: f32, beta1: f32, beta2: f32, rest1: f32, rest2: f32, scale: f32, eps: f32,
  decay: f32, shrink: f32,
): void {
  const r = f32x4.splat(rate), b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2);
  const o1 = f32x4.splat(rest1), o2 = f32x4.splat(rest2), s = f32x4.splat(scale), e = f32x4.splat(eps);
  const pull = f32x4.splat(decay), rest = f32x4.splat(shrink);
  const tiny = f32x4.splat(TINY), faint = f32x4.splat(FAINT), least = f32x4.splat(LEAST);
  for (let i: usize = 0; i < <usize>n; i += 4) {
    const at = i << 2;
    const keep = mask ? spread(mask + i) : i32x4.splat(-1);
    const old = v128.load(w + at);
    let grad = v128.load(g + at);
    if (decay != 0) grad = f32x4.add(grad, f32x4.mul(pull, old));
    grad = flush(v128.and(grad, keep), faint);
    const m1 = flush(f32x4.add(f32x4.mul(b1, v128.load(m + at)), f32x4.mul(o1, grad)), tiny);
    const v1 = flush(f32x4.add(f32x4.mul(b2, v128.load(v + at)), f32x4.mul(o2, f32x4.mul(grad, grad))), least);
    v128.store(m + at, m1);
    v128.store(v + at, v1);
    const denom = f32x4.add(f32x4.mul(f32x4.sqrt(v1), s), e);
    const step = f32x4.mul(r, f32x4.div(m1, denom));
    v128.store(w + at, v128.bitselect(f32x4.sub(f32x4.mul(old, rest), step), old, keep));
  }
}

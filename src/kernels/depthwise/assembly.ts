/** Depthwise convolution, NHWC: four channels at a time, which never meet. */
import { madd, relu as clip } from '../simd/assembly/vec';

/** The shape of the call at hand: an image's height and width, channels, output, kernel, stride, zeros around. */
let h: i32 = 0, w: i32 = 0, c: i32 = 0, oh: i32 = 0, ow: i32 = 0, k: i32 = 0, stride: i32 = 0, pad: i32 = 0;
/** Bytes of a pixel and of a line of pixels. */
let pixel: usize = 0, line: usize = 0;

export function depthwiseShape(
  h_: i32, w_: i32, c_: i32, oh_: i32, ow_: i32, k_: i32, stride_: i32, pad_: i32,
): void {
  h = h_;
  w = w_;
  c = c_;
  oh = oh_;
  ow = ow_;
  k = k_;
  stride = stride_;
  pad = pad_;
  pixel = <usize>c << 2;
  line = <usize>w * pixel;
}

/** The first and the end of the taps t < k for which 0 <= at + t < n. */
// @ts-ignore: decorator
@inline
function firstTap(at: i32): i32 {
  return max(0, -at);
}
// @ts-ignore: decorator
@inline
function endTap(at: i32, n: i32): i32 {
  return min(k, n - at);
}

/** Outputs o in [first, end) have all taps o * stride - pad + t, t < k, inside [0, n). */
// @ts-ignore: decorator
@inline
function insideFirst(): i32 {
  return (pad + stride - 1) / stride;
}
// @ts-ignore: decorator
@inline
function insideEnd(n: i32, out: i32): i32 {
  const last = n + pad - k;
  return last < 0 ? 0 : min(out, last / stride + 1);
}

/** y [batch, oh, ow, c] = relu?(x * kernel + bias); bias 0 for none. */
export function depthwiseForward(x: usize, kernel: usize, bias: usize, y: usize, batch: i32, relu: i32): void {
  const left = min(insideFirst(), ow), right = max(left, insideEnd(w, ow));
  for (let i = 0; i < batch; i++) {
    for (let oy = 0; oy < oh; oy++) {
      const top = oy * stride - pad;
      const whole = k == 3 && top >= 0 && top + 3 <= h;
      let j: usize = 0;
      for (; j + 16 <= pixel; j += 16) {
        const b = bias ? v128.load(bias + j) : f32x4.splat(0);
        if (whole) {
          edge(x + j, kernel + j, b, y + j, top, 0, left, relu);
          middle3(x + j, kernel + j, b, y + j, top, left, right, relu);
          edge(x + j, kernel + j, b, y + j, top, right, ow, relu);
        } else {
          edge(x + j, kernel + j, b, y + j, top, 0, ow, relu);
        }
      }
      for (; j < pixel; j += 4) edge1(x + j, kernel + j, bias ? load<f32>(bias + j) : 0, y + j, top, relu);
      y += <usize>ow * pixel;
    }
    x += <usize>h * line;
  }
}

/** Outputs from `ox` on of one line and four channels, whatever part of their window is inside. */
function edge(x: usize, kernel: usize, bias: v128, y: usize, top: i32, ox: i32, end: i32, relu: i32): void {
  const r0 = firstTap(top), r1 = endTap(top, h);
  for (; ox < end; ox++) {
    const at = ox * stride - pad;
    const q0 = firstTap(at), q1 = endTap(at, w);
    let sum = bias;
    for (let r = r0; r < r1; r++) {
      let from = x + <usize>(top + r) * line + <usize>(at + q0) * pixel;
      let tap = kernel + <usize>(r * k + q0) * pixel;
      for (let q = q0; q < q1; q++) {
        sum = madd(v128.load(from), v128.load(tap), sum);
        from += pixel;
        tap += pixel;
      }
    }
    v128.store(y + <usize>ox * pixel, relu ? clip(sum) : sum);
  }
}

/** The same for one channel, over the whole line. */
function edge1(x: usize, kernel: usize, bias: f32, y: usize, top: i32, relu: i32): void {
  const r0 = firstTap(top), r1 = endTap(top, h);
  for (let ox = 0; ox < ow; ox++) {
    const at = ox * stride - pad;
    const q0 = firstTap(at), q1 = endTap(at, w);
    let sum = bias;
    for (let r = r0; r < r1; r++) {
      let from = x + <usize>(top + r) * line + <usize>(at + q0) * pixel;
      let tap = kernel + <usize>(r * k + q0) * pixel;
      for (let q = q0; q < q1; q++) {
        sum += load<f32>(from) * load<f32>(tap);
        from += pixel;
        tap += pixel;
      }
    }
    store<f32>(y + <usize>ox * pixel, relu && sum < 0 ? 0 : sum);
  }
}

/** Outputs whose 3 x 3 window is all inside, the kernel held in registers. */
function middle3(x: usize, kernel: usize, bias: v128, y: usize, top: i32, ox: i32, end: i32, relu: i32): void {
  const k0 = v128.load(kernel), k1 = v128.load(kernel + pixel), k2 = v128.load(kernel + 2 * pixel);
  const k3 = v128.load(kernel + 3 * pixel), k4 = v128.load(kernel + 4 * pixel), k5 = v128.load(kernel + 5 * pixel);
  const k6 = v128.load(kernel + 6 * pixel), k7 = v128.load(kernel + 7 * pixel), k8 = v128.load(kernel + 8 * pixel);
  let a = x + <usize>top * line + <usize>(ox * stride - pad) * pixel, b = a + line, d = b + line;
  const step = <usize>stride * pixel, twice = 2 * pixel;
  y += <usize>ox * pixel;
  for (; ox < end; ox++) {
    // Two sums, so that the next product need not wait for the last addition.
    let s = madd(v128.load(a), k0, bias), t = f32x4.mul(v128.load(a + pixel), k1);
    s = madd(v128.load(a + twice), k2, s); t = madd(v128.load(b), k3, t);
    s = madd(v128.load(b + pixel), k4, s); t = madd(v128.load(b + twice), k5, t);
    s = madd(v128.load(d), k6, s); t = madd(v128.load(d + pixel), k7, t);
    s = f32x4.add(madd(v128.load(d + twice), k8, s), t);
    v128.store(y, relu ? clip(s) : s);
    a += step;
    b += step;
    d += step;
    y += pixel;
  }
}

/** Kernels up to 11 x 11: sums of one image and four channels. */
const TAPS: i32 = 121;
const SUMS = memory.data(1936, 16);

/**
 * dw [k, k, c]: products of a line are summed first, then the lines of an image, then images, so that long sums
 * lose no digits.
 */
export function depthwiseBackwardWeights(x: usize, dy: usize, dw: usize, batch: i32): void {
  memory.fill(dw, 0, <usize>(k * k) * pixel);
  for (let i = 0; i < batch; i++) {
    let j: usize = 0;
    for (; j + 16 <= pixel; j += 16) {
      // Larger kernels take as many rounds as needed.
      for (let t = 0; t < k * k; t += TAPS) imageWeights(x + j, dy + j, dw + j, t, min(k * k, t + TAPS));
    }
    for (; j < pixel; j += 4) {
      for (let t = 0; t < k * k; t++) {
        const to = dw + j + <usize>t * pixel;
        store<f32>(to, load<f32>(to) + tapWeight1(x + j, dy + j, t / k, t % k));
      }
    }
    x += <usize>h * line;
    dy += <usize>(oh * ow) * pixel;
  }
}

/** dw of taps [from, to) += that of one image, four channels. */
function imageWeights(x: usize, dy: usize, dw: usize, from: i32, to: i32): void {
  memory.fill(SUMS, 0, <usize>(to - from) << 4);
  for (let oy = 0; oy < oh; oy++) {
    const top = oy * stride - pad;
    const row = dy + <usize>(oy * ow) * pixel;
    for (let r = firstTap(top); r < endTap(top, h); r++) {
      const source = x + <usize>(top + r) * line;
      if (k == 3) {
        lineWeights3(source, row, SUMS + (<usize>r * 48));
      } else {
        for (let q = 0; q < k; q++) {
          const t = r * k + q;
          if (t >= from && t < to) lineWeights(source, row, q, SUMS + (<usize>(t - from) << 4));
        }
      }
    }
  }
  for (let t = from; t < to; t++) {
    const at = dw + <usize>t * pixel;
    v128.store(at, f32x4.add(v128.load(at), v128.load(SUMS + (<usize>(t - from) << 4))));
  }
}

/** Adds one line's sum of x * dy at column tap q to `sums`. */
function lineWeights(x: usize, dy: usize, q: i32, sums: usize): void {
  const first = q >= pad ? 0 : (pad - q + stride - 1) / stride;
  const last = w - 1 + pad - q;
  const end = last < 0 ? 0 : min(ow, last / stride + 1);
  let from = x + <usize>(first * stride - pad + q) * pixel;
  let grad = dy + <usize>first * pixel;
  const step = <usize>stride * pixel;
  let s = f32x4.splat(0), t = s;
  let o = first;
  for (; o + 2 <= end; o += 2) {
    s = madd(v128.load(from), v128.load(grad), s);
    t = madd(v128.load(from + step), v128.load(grad + pixel), t);
    from += step << 1;
    grad += pixel << 1;
  }
  if (o < end) s = madd(v128.load(from), v128.load(grad), s);
  v128.store(sums, f32x4.add(v128.load(sums), f32x4.add(s, t)));
}

/** All three column taps of a line at once where the window is inside, one by one at the ends. */
function lineWeights3(x: usize, dy: usize, sums: usize): void {
  const left = min(insideFirst(), ow), right = max(left, insideEnd(w, ow));
  const s0 = v128.load(sums), s1 = v128.load(sums, 16), s2 = v128.load(sums, 32);
  let t0 = f32x4.splat(0), t1 = t0, t2 = t0, u0 = t0, u1 = t0, u2 = t0;
  const step = <usize>stride * pixel, twice = 2 * pixel;
  let from = x + <usize>(left * stride - pad) * pixel;
  let grad = dy + <usize>left * pixel;
  let o = left;
  for (; o + 2 <= right; o += 2) {
    const g = v128.load(grad), e = v128.load(grad + pixel);
    t0 = madd(v128.load(from), g, t0);
    t1 = madd(v128.load(from + pixel), g, t1);
    t2 = madd(v128.load(from + twice), g, t2);
    from += step;
    u0 = madd(v128.load(from), e, u0);
    u1 = madd(v128.load(from + pixel), e, u1);
    u2 = madd(v128.load(from + twice), e, u2);
    from += step;
    grad += twice;
  }
  if (o < right) {
    const g = v128.load(grad);
    t0 = madd(v128.load(from), g, t0);
    t1 = madd(v128.load(from + pixel), g, t1);
    t2 = madd(v128.load(from + twice), g, t2);
  }
  v128.store(sums, f32x4.add(s0, f32x4.add(t0, u0)));
  v128.store(sums, f32x4.add(s1, f32x4.add(t1, u1)), 16);
  v128.store(sums, f32x4.add(s2, f32x4.add(t2, u2)), 32);
  for (o = 0; o < left; o++) endWeights(x, dy, o, sums);
  for (o = right; o < ow; o++) endWeights(x, dy, o, sums);
}

/** One output at the end of a line. */
function endWeights(x: usize, dy: usize, o: i32, sums: usize): void {
  const at = o * stride - pad;
  const g = v128.load(dy + <usize>o * pixel);
  for (let q = firstTap(at); q < endTap(at, w); q++) {
    const to = sums + (<usize>q << 4);
    v128.store(to, madd(v128.load(x + <usize>(at + q) * pixel), g, v128.load(to)));
  }
}

/** Sum of x * dy of one image, channel and tap. */
function tapWeight1(x: usize, dy: usize, r: i32, q: i32): f32 {
  let sum: f64 = 0;
  for (let oy = 0; oy < oh; oy++) {
    const iy = oy * stride - pad + r;
    if (iy < 0 || iy >= h) continue;
    for (let ox = 0; ox < ow; ox++) {
      const ix = ox * stride - pad + q;
      if (ix < 0 || ix >= w) continue;
      sum += <f64>load<f32>(x + <usize>iy * line + <usize>ix * pixel) * <f64>load<f32>(dy + <usize>(oy * ow + ox) * pixel);
    }
  }
  return <f32>sum;
}

/** dx [batch, h, w, c]: every input element gathers from the outputs whose window it was in. */
export function depthwiseBackwardInput(dy: usize, kernel: usize, dx: usize, batch: i32): void {
  for (let i = 0; i < batch; i++) {
    for (let y = 0; y < h; y++) {
      let j: usize = 0;
      for (; j + 16 <= pixel; j += 16) {
        // With stride 1, input x is tap 2 of output x + pad - 2 up to tap 0 of output x + pad.
        const top = y + pad - 2;
        if (k == 3 && stride == 1 && top >= 0 && top + 3 <= oh) {
          const left = min(w, max(0, 2 - pad)), right = max(left, min(w, ow - pad));
          gather(dy + j, kernel + j, dx + j, y, 0, left);
          gather3(dy + j, kernel + j, dx + j, top, left, right);
          gather(dy + j, kernel + j, dx + j, y, right, w);
        } else {
          gather(dy + j, kernel + j, dx + j, y, 0, w);
        }
      }
      for (; j < pixel; j += 4) gather1(dy + j, kernel + j, dx + j, y);
      dx += line;
    }
    dy += <usize>(oh * ow) * pixel;
  }
}

/** Input elements [x, end) of line y, four channels: taps at distance `stride` reach an output each. */
function gather(dy: usize, kernel: usize, dx: usize, y: i32, x: i32, end: i32): void {
  for (; x < end; x++) {
    let sum = f32x4.splat(0);
    for (let r = (y + pad) % stride; r < k; r += stride) {
      const oy = (y + pad - r) / stride;
      if (y + pad < r || oy >= oh) continue;
      for (let q = (x + pad) % stride; q < k; q += stride) {
        const ox = (x + pad - q) / stride;
        if (x + pad < q || ox >= ow) continue;
        sum = madd(v128.load(dy + <usize>(oy * ow + ox) * pixel), v128.load(kernel + <usize>(r * k + q) * pixel), sum);
      }
    }
    v128.store(dx + <usize>x * pixel, sum);
  }
}

/** One channel of line y. */
function gather1(dy: usize, kernel: usize, dx: usize, y: i32): void {
  for (let x = 0; x < w; x++) {
    let sum: f32 = 0;
    for (let r = (y + pad) % stride; r < k; r += stride) {
      const oy = (y + pad - r) / stride;
      if (y + pad < r || oy >= oh) continue;
      for (let q = (x + pad) % stride; q < k; q += stride) {
        const ox = (x + pad - q) / stride;
        if (x + pad < q || ox >= ow) continue;
        sum += load<f32>(dy + <usize>(oy * ow + ox) * pixel) * load<f32>(kernel + <usize>(r * k + q) * pixel);
      }
    }
    store<f32>(dx + <usize>x * pixel, sum);
  }
}

/** Stride 1, 3 x 3, all nine outputs there: the kernel turned by half a turn, in registers. */
function gather3(dy: usize, kernel: usize, dx: usize, top: i32, x: i32, end: i32): void {
  const k0 = v128.load(kernel), k1 = v128.load(kernel + pixel), k2 = v128.load(kernel + 2 * pixel);
  const k3 = v128.load(kernel + 3 * pixel), k4 = v128.load(kernel + 4 * pixel), k5 = v128.load(kernel + 5 * pixel);
  const k6 = v128.load(kernel + 6 * pixel), k7 = v128.load(kernel + 7 * pixel), k8 = v128.load(kernel + 8 * pixel);
  const row = <usize>ow * pixel, twice = 2 * pixel;
  let a = dy + <usize>(top * ow + x + pad - 2) * pixel, b = a + row, d = b + row;
  dx += <usize>x * pixel;
  for (; x < end; x++) {
    let s = f32x4.mul(v128.load(a), k8), t = f32x4.mul(v128.load(a + pixel), k7);
    s = madd(v128.load(a + twice), k6, s); t = madd(v128.load(b), k5, t);
    s = madd(v128.load(b + pixel), k4, s); t = madd(v128.load(b + twice), k3, t);
    s = madd(v128.load(d), k2, s); t = madd(v128.load(d + pixel), k1, t);
    v128.store(dx, f32x4.add(madd(v128.load(d + twice), k0, s), t));
    a += pixel;
    b += pixel;
    d += pixel;
    dx += pixel;
  }
}

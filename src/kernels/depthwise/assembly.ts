/**
 * Depthwise convolution, NHWC: four channels at a time, which never meet. Where a 3 x 3 window is all inside, the
 * kernel stays in registers along a line; every other element is combined from a list of its products.
 */
import { madd, relu as clip } from '../simd/assembly/vec';

/** The shape of the call at hand: an image's height and width, channels, output, kernel, stride, zeros around. */
let h: i32 = 0, w: i32 = 0, c: i32 = 0, oh: i32 = 0, ow: i32 = 0, k: i32 = 0, stride: i32 = 0, pad: i32 = 0;
/** Bytes of a pixel and of a line of input. */
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

/** Taps t in [firstTap, endTap) have 0 <= at + t < n. */
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

/** Columns [insideFirst, insideEnd) of the output have their whole window inside. */
function insideFirst(): i32 {
  return min(ow, (pad + stride - 1) / stride);
}
function insideEnd(): i32 {
  const last = w + pad - k;
  return max(insideFirst(), last < 0 ? 0 : min(ow, last / stride + 1));
}

/** Products in a list; larger kernels take several. */
const MOST: i32 = 64;
/** The list: pairs of addresses of channel 0, of the value and of the tap. */
const LIST = memory.data(512, 16);

/** y [c] = relu?(start + sum of the list's products); start: c floats, or 0 for zeros. */
function combine(end: usize, start: usize, y: usize, relu: i32): void {
  const bytes = pixel;
  let j: usize = 0;
  for (; j + 32 <= bytes; j += 32) {
    let s = start ? v128.load(start + j) : f32x4.splat(0), t = start ? v128.load(start + j, 16) : f32x4.splat(0);
    for (let p = LIST; p < end; p += 8) {
      const a = <usize>load<u32>(p) + j, b = <usize>load<u32>(p, 4) + j;
      s = madd(v128.load(a), v128.load(b), s);
      t = madd(v128.load(a, 16), v128.load(b, 16), t);
    }
    v128.store(y + j, relu ? clip(s) : s);
    v128.store(y + j, relu ? clip(t) : t, 16);
  }
  for (; j < bytes; j += 4) {
    let s = start ? v128.load32_zero(start + j) : f32x4.splat(0);
    for (let p = LIST; p < end; p += 8) {
      s = madd(v128.load32_zero(<usize>load<u32>(p) + j), v128.load32_zero(<usize>load<u32>(p, 4) + j), s);
    }
    store<f32>(y + j, f32x4.extract_lane(relu ? clip(s) : s, 0));
  }
}

/** Adds a product; when the list is full, what it has so far goes to y first. Returns the new end. */
function push(end: usize, value: usize, tap: usize, start: usize, y: usize): usize {
  if (end == LIST + (<usize>MOST << 3)) {
    combine(end, begun ? y : start, y, 0);
    begun = true;
    end = LIST;
  }
  store<u32>(end, <u32>value);
  store<u32>(end, <u32>tap, 4);
  return end + 8;
}
/** Whether y holds a part of the sum. */
let begun: bool = false;

/** y [batch, oh, ow, c] = relu?(x * kernel + bias); bias 0 for none. */
export function depthwiseForward(x: usize, kernel: usize, bias: usize, y: usize, batch: i32, relu: i32): void {
  // Channels that a register's four do not cover are left to the lists.
  const whole = k == 3 && (c & 3) == 0;
  const left = whole ? insideFirst() : ow, right = whole ? insideEnd() : ow;
  for (let i = 0; i < batch; i++) {
    for (let oy = 0; oy < oh; oy++) {
      const top = oy * stride - pad;
      for (let ox = 0; ox < left; ox++) one(x, kernel, bias, y + <usize>ox * pixel, top, ox * stride - pad, relu);
      if (left < right) middle(x, kernel, bias, y + <usize>left * pixel, top, left * stride - pad, right - left, relu);
      for (let ox = right; ox < ow; ox++) one(x, kernel, bias, y + <usize>ox * pixel, top, ox * stride - pad, relu);
      y += <usize>ow * pixel;
    }
    x += <usize>h * line;
  }
}

/** One output, whose window begins at line `top` and column `at` and need not be all inside. */
function one(x: usize, kernel: usize, bias: usize, y: usize, top: i32, at: i32, relu: i32): void {
  begun = false;
  let end = LIST;
  const q0 = firstTap(at), q1 = endTap(at, w);
  for (let r = firstTap(top); r < endTap(top, h); r++) {
    const from = x + <usize>(top + r) * line + <usize>(at + q0) * pixel;
    const tap = kernel + <usize>(r * k + q0) * pixel;
    for (let q = 0; q < q1 - q0; q++) {
      end = push(end, from + <usize>q * pixel, tap + <usize>q * pixel, bias, y);
    }
  }
  combine(end, begun ? y : bias, y, relu);
}

/** n outputs of one line whose columns are all inside. */
function middle(x: usize, kernel: usize, bias: usize, y: usize, top: i32, at: i32, n: i32, relu: i32): void {
  const r0 = firstTap(top), r1 = endTap(top, h);
  const from = x + <usize>(top + r0) * line + <usize>at * pixel;
  const taps = kernel + <usize>(r0 * 3) * pixel;
  const step = <usize>stride * pixel;
  for (let j: usize = 0; j < pixel; j += 16) {
    const b = bias ? v128.load(bias + j) : f32x4.splat(0);
    if (r1 - r0 == 3) rows3(from + j, line, taps + j, pixel, pixel, b, y + j, step, pixel, n, relu);
    else if (r1 - r0 == 2) rows2(from + j, line, taps + j, pixel, b, y + j, step, pixel, n, relu);
    else if (r1 - r0 == 1) row1(from + j, taps + j, pixel, b, y + j, step, pixel, n, relu);
    else for (let i = 0; i < n; i++) v128.store(y + <usize>i * pixel + j, relu ? clip(b) : b);
  }
}

/**
 * n sums of 3 x 3 products, one every `step` bytes of input. A negative `tapStep` walks the kernel backwards.
 * All that the loop needs is passed in: a variable of the module would be read from memory every time.
 */
function rows3(
  a: usize, line: usize, kernel: usize, tapStep: usize, pixel: usize, bias: v128, y: usize, step: usize, out: usize,
  n: i32, relu: i32,
): void {
  const k0 = v128.load(kernel), k1 = v128.load(kernel + tapStep), k2 = v128.load(kernel + 2 * tapStep);
  const k3 = v128.load(kernel + 3 * tapStep), k4 = v128.load(kernel + 4 * tapStep), k5 = v128.load(kernel + 5 * tapStep);
  const k6 = v128.load(kernel + 6 * tapStep), k7 = v128.load(kernel + 7 * tapStep), k8 = v128.load(kernel + 8 * tapStep);
  const twice = pixel << 1;
  let b = a + line, d = b + line;
  for (let i = 0; i < n; i++) {
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
    y += out;
  }
}

/** The same of two lines of the window: the third is outside. */
function rows2(
  a: usize, line: usize, kernel: usize, pixel: usize, bias: v128, y: usize, step: usize, out: usize, n: i32, relu: i32,
): void {
  const k0 = v128.load(kernel), k1 = v128.load(kernel + pixel), k2 = v128.load(kernel + 2 * pixel);
  const k3 = v128.load(kernel + 3 * pixel), k4 = v128.load(kernel + 4 * pixel), k5 = v128.load(kernel + 5 * pixel);
  const twice = pixel << 1;
  let b = a + line;
  for (let i = 0; i < n; i++) {
    let s = madd(v128.load(a), k0, bias), t = f32x4.mul(v128.load(a + pixel), k1);
    s = madd(v128.load(a + twice), k2, s); t = madd(v128.load(b), k3, t);
    s = madd(v128.load(b + pixel), k4, s); t = madd(v128.load(b + twice), k5, t);
    s = f32x4.add(s, t);
    v128.store(y, relu ? clip(s) : s);
    a += step;
    b += step;
    y += out;
  }
}

function row1(
  a: usize, kernel: usize, pixel: usize, bias: v128, y: usize, step: usize, out: usize, n: i32, relu: i32,
): void {
  const k0 = v128.load(kernel), k1 = v128.load(kernel + pixel), k2 = v128.load(kernel + 2 * pixel);
  const twice = pixel << 1;
  for (let i = 0; i < n; i++) {
    const s = madd(v128.load(a + twice), k2, madd(v128.load(a + pixel), k1, madd(v128.load(a), k0, bias)));
    v128.store(y, relu ? clip(s) : s);
    a += step;
    y += out;
  }
}

/** Taps of which one image's sums are held at a time. */
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
    if (k == 3) {
      rowWeights3(x, row, top);
    } else {
      for (let r = firstTap(top); r < endTap(top, h); r++) {
        for (let q = 0; q < k; q++) {
          const t = r * k + q;
          if (t >= from && t < to) lineWeights(x + <usize>(top + r) * line, row, q, SUMS + (<usize>(t - from) << 4));
        }
      }
    }
  }
  for (let t = from; t < to; t++) {
    addTo(dw + <usize>t * pixel, v128.load(SUMS + (<usize>(t - from) << 4)));
  }
}

/** Sums of one line of outputs, windows of 3 x 3. */
function rowWeights3(x: usize, dy: usize, top: i32): void {
  let left = insideFirst(), right = insideEnd();
  const start = <usize>(left * stride - pad) * pixel, step = <usize>stride * pixel;
  const grad = dy + <usize>left * pixel, n = right - left;
  // An end where just one column is outside, the usual one, goes along with the line.
  const before = n > 0 && left == 1 && pad == 1, after = n > 0 && right == ow - 1 && right * stride - pad + 2 == w;
  const r0 = firstTap(top), r1 = endTap(top, h);
  if (r1 - r0 == 3) {
    lineWeights9(x + <usize>top * line + start, line, grad, pixel, step, n, before, after);
  } else {
    for (let r = r0; r < r1; r++) {
      lineWeights3(x + <usize>(top + r) * line + start, grad, pixel, step, n, before, after, SUMS + <usize>r * 48);
    }
  }
  if (before) left = 0;
  if (after) right = ow;
  for (let r = r0; r < r1; r++) {
    for (let o = 0; o < left; o++) endWeights(x + <usize>(top + r) * line, dy, o, SUMS + <usize>r * 48);
    for (let o = right; o < ow; o++) endWeights(x + <usize>(top + r) * line, dy, o, SUMS + <usize>r * 48);
  }
}

/** Adds one line's sum of x * dy at column tap q to `sums`. */
function lineWeights(x: usize, dy: usize, q: i32, sums: usize): void {
  const first = q >= pad ? 0 : (pad - q + stride - 1) / stride;
  const last = w - 1 + pad - q;
  const end = last < 0 ? 0 : min(ow, last / stride + 1);
  let from = x + <usize>(first * stride - pad + q) * pixel;
  let grad = dy + <usize>first * pixel;
  const out = pixel, step = <usize>stride * pixel;
  let s = f32x4.splat(0), t = s;
  let o = first;
  for (; o + 2 <= end; o += 2) {
    s = madd(v128.load(from), v128.load(grad), s);
    t = madd(v128.load(from + step), v128.load(grad + out), t);
    from += step << 1;
    grad += out << 1;
  }
  if (o < end) s = madd(v128.load(from), v128.load(grad), s);
  addTo(sums, f32x4.add(s, t));
}

/**
 * All nine taps of n outputs whose window is inside; of the one `before` them only the last two columns of taps,
 * of the one `after` only the first two.
 */
function lineWeights9(
  a: usize, line: usize, grad: usize, pixel: usize, step: usize, n: i32, before: bool, after: bool,
): void {
  let t0 = f32x4.splat(0), t1 = t0, t2 = t0, t3 = t0, t4 = t0, t5 = t0, t6 = t0, t7 = t0, t8 = t0;
  const twice = pixel << 1;
  let b = a + line, d = b + line;
  if (before) {
    const g = v128.load(grad - pixel), back = pixel - step;
    t1 = f32x4.mul(v128.load(a + back), g);
    t2 = f32x4.mul(v128.load(a + back + pixel), g);
    t4 = f32x4.mul(v128.load(b + back), g);
    t5 = f32x4.mul(v128.load(b + back + pixel), g);
    t7 = f32x4.mul(v128.load(d + back), g);
    t8 = f32x4.mul(v128.load(d + back + pixel), g);
  }
  for (let o = 0; o < n; o++) {
    const g = v128.load(grad);
    t0 = madd(v128.load(a), g, t0);
    t1 = madd(v128.load(a + pixel), g, t1);
    t2 = madd(v128.load(a + twice), g, t2);
    t3 = madd(v128.load(b), g, t3);
    t4 = madd(v128.load(b + pixel), g, t4);
    t5 = madd(v128.load(b + twice), g, t5);
    t6 = madd(v128.load(d), g, t6);
    t7 = madd(v128.load(d + pixel), g, t7);
    t8 = madd(v128.load(d + twice), g, t8);
    a += step;
    b += step;
    d += step;
    grad += pixel;
  }
  if (after) {
    const g = v128.load(grad);
    t0 = madd(v128.load(a), g, t0);
    t1 = madd(v128.load(a + pixel), g, t1);
    t3 = madd(v128.load(b), g, t3);
    t4 = madd(v128.load(b + pixel), g, t4);
    t6 = madd(v128.load(d), g, t6);
    t7 = madd(v128.load(d + pixel), g, t7);
  }
  addTo(SUMS, t0); addTo(SUMS + 16, t1); addTo(SUMS + 32, t2);
  addTo(SUMS + 48, t3); addTo(SUMS + 64, t4); addTo(SUMS + 80, t5);
  addTo(SUMS + 96, t6); addTo(SUMS + 112, t7); addTo(SUMS + 128, t8);
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, v: v128): void {
  v128.store(at, f32x4.add(v128.load(at), v));
}

/** The same of one line of three taps. */
function lineWeights3(
  from: usize, grad: usize, pixel: usize, step: usize, n: i32, before: bool, after: bool, sums: usize,
): void {
  let t0 = f32x4.splat(0), t1 = t0, t2 = t0;
  if (before) {
    const g = v128.load(grad - pixel), back = pixel - step;
    t1 = f32x4.mul(v128.load(from + back), g);
    t2 = f32x4.mul(v128.load(from + back + pixel), g);
  }
  for (let o = 0; o < n; o++) {
    const g = v128.load(grad);
    t0 = madd(v128.load(from), g, t0);
    t1 = madd(v128.load(from + pixel), g, t1);
    t2 = madd(v128.load(from + (pixel << 1)), g, t2);
    from += step;
    grad += pixel;
  }
  if (after) {
    const g = v128.load(grad);
    t0 = madd(v128.load(from), g, t0);
    t1 = madd(v128.load(from + pixel), g, t1);
  }
  addTo(sums, t0);
  addTo(sums + 16, t1);
  addTo(sums + 32, t2);
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
  // With stride 1, input x is tap 2 of output x + pad - 2, up to tap 0 of output x + pad.
  const whole = k == 3 && stride == 1 && (c & 3) == 0;
  const left = whole ? min(w, max(0, 2 - pad)) : w, right = max(left, min(w, ow - pad));
  const row = <usize>ow * pixel;
  for (let i = 0; i < batch; i++) {
    for (let y = 0; y < h; y++) {
      const top = y + pad - 2;
      if (top >= 0 && top + 3 <= oh && left < right) {
        for (let x = 0; x < left; x++) gather(dy, kernel, dx + <usize>x * pixel, y, x);
        const from = dy + <usize>top * row + <usize>(left + pad - 2) * pixel;
        const to = dx + <usize>left * pixel, last = kernel + 8 * pixel;
        for (let j: usize = 0; j < pixel; j += 16) {
          rows3(from + j, row, last + j, 0 - pixel, pixel, f32x4.splat(0), to + j, pixel, pixel, right - left, 0);
        }
        for (let x = right; x < w; x++) gather(dy, kernel, dx + <usize>x * pixel, y, x);
      } else {
        for (let x = 0; x < w; x++) gather(dy, kernel, dx + <usize>x * pixel, y, x);
      }
      dx += line;
    }
    dy += <usize>oh * row;
  }
}

/** The input element at line y, column x: taps at distance `stride` reach an output each. */
function gather(dy: usize, kernel: usize, dx: usize, y: i32, x: i32): void {
  begun = false;
  let end = LIST;
  const r0 = (y + pad) % stride, q0 = (x + pad) % stride;
  // Outputs of the first taps, which the later ones follow downwards.
  const oy0 = (y + pad) / stride, ox0 = (x + pad) / stride;
  for (let r = r0, oy = oy0; r < k && oy >= 0; r += stride, oy--) {
    if (oy >= oh) continue;
    for (let q = q0, ox = ox0; q < k && ox >= 0; q += stride, ox--) {
      if (ox >= ow) continue;
      end = push(end, dy + <usize>(oy * ow + ox) * pixel, kernel + <usize>(r * k + q) * pixel, 0, dx);
    }
  }
  combine(end, begun ? dx : 0, dx, 0);
}

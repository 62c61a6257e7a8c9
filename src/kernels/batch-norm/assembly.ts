/**
 * Batch normalisation over the rows of x [rows, c]. Statistics are summed in double precision around a value of
 * each channel, so that neither a large mean nor many rows cost digits. Channels go in groups, rows in runs that stay
 * in the first cache while their strips of channels are summed.
 */
import { madd, relu as clip } from '../simd/assembly/vec';

/** Channels whose tables are held at a time. */
const GROUP: i32 = 256;
/** Floats in a block of rows. */
const BLOCK: i32 = 4096;
/** Rows that may be summed in single precision before they go to the double one. */
const RUN: i32 = 64;

/** Double sums per channel of the group: of values, and of squares or products. */
const SUMS = memory.data(2048, 16);
const DOTS = memory.data(2048, 16);
/** Floats per channel of the group: what is taken from x, its factor, and two more numbers. */
const CENTRE = memory.data(1024, 16);
const SCALE = memory.data(1024, 16);
const SHIFT = memory.data(1024, 16);
const GAIN = memory.data(1024, 16);

/** The two upper floats as doubles. */
// @ts-ignore: decorator
@inline
function promoteHigh(a: v128): v128 {
  return f64x2.promote_low_f32x4(i8x16.shuffle(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
}

/** v, or 0 where it is not finite: taken from the values, it would spoil the sums of those that are. */
// @ts-ignore: decorator
@inline
function finite(v: v128): v128 {
  const zero = f32x4.sub(v, v);
  return v128.and(v, f32x4.eq(zero, zero));
}

/**
 * For `width` channels from x on: sums of x - centre and of its square, over all rows. The rows of a run are summed
 * in single precision around the run's first: of all values around one of their own, so however far out that one is,
 * their squares cannot hide the variance.
 */
function moments(x: usize, rows: i32, ld: usize, width: i32): void {
  const bytes = <usize>width << 2;
  memory.fill(SUMS, 0, bytes << 1);
  memory.fill(DOTS, 0, bytes << 1);
  for (let j: usize = 0; j < bytes; j += 4) store<f32>(CENTRE + j, f32x4.extract_lane(finite(v128.load32_zero(x + j)), 0));
  const step = min(RUN, max(1, BLOCK / width));
  for (let i = 0; i < rows; i += step) {
    const n = min(step, rows - i);
    let j: usize = 0;
    for (; j + 32 <= bytes; j += 32) moments8(x + j, n, ld, j);
    for (; j + 16 <= bytes; j += 16) moments4(x + j, n, ld, j);
    for (; j < bytes; j += 4) moments1(x + j, n, ld, j);
    x += <usize>n * ld;
  }
}

function moments8(x: usize, n: i32, ld: usize, at: usize): void {
  const first = finite(v128.load(x)), second = finite(v128.load(x, 16));
  let s = f32x4.splat(0), q = s, t = s, r = s;
  for (let i = 0; i < n; i++) {
    const d = f32x4.sub(v128.load(x), first), e = f32x4.sub(v128.load(x, 16), second);
    s = f32x4.add(s, d);
    q = madd(d, d, q);
    t = f32x4.add(t, e);
    r = madd(e, e, r);
    x += ld;
  }
  recentre(first, s, q, n, at);
  recentre(second, t, r, n, at + 16);
}

function moments4(x: usize, n: i32, ld: usize, at: usize): void {
  const first = finite(v128.load(x));
  let s = f32x4.splat(0), q = s;
  for (let i = 0; i < n; i++) {
    const d = f32x4.sub(v128.load(x), first);
    s = f32x4.add(s, d);
    q = madd(d, d, q);
    x += ld;
  }
  recentre(first, s, q, n, at);
}

/** Adds a run's sums around `first` to those around the group's centre. */
function recentre(first: v128, s: v128, q: v128, n: i32, at: usize): void {
  const centre = v128.load(CENTRE + at), sums = SUMS + (at << 1), dots = DOTS + (at << 1);
  recentre2(f64x2.promote_low_f32x4(first), f64x2.promote_low_f32x4(centre), f64x2.promote_low_f32x4(s), f64x2.promote_low_f32x4(q), n, sums, dots);
  recentre2(promoteHigh(first), promoteHigh(centre), promoteHigh(s), promoteHigh(q), n, sums + 16, dots + 16);
}

// @ts-ignore: decorator
@inline
function recentre2(first: v128, centre: v128, s: v128, q: v128, n: i32, sums: usize, dots: usize): void {
  const off = f64x2.sub(first, centre);
  const shift = f64x2.mul(off, f64x2.splat(<f64>n));
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.add(s, shift)));
  const square = f64x2.add(q, f64x2.mul(off, f64x2.add(f64x2.add(s, s), shift)));
  v128.store(dots, f64x2.add(v128.load(dots), square));
}

function moments1(x: usize, n: i32, ld: usize, at: usize): void {
  const centre = <f64>load<f32>(CENTRE + at);
  let sum = load<f64>(SUMS + (at << 1)), square = load<f64>(DOTS + (at << 1));
  for (let i = 0; i < n; i++) {
    const d = <f64>load<f32>(x) - centre;
    sum += d;
    square += d * d;
    x += ld;
  }
  store<f64>(SUMS + (at << 1), sum);
  store<f64>(DOTS + (at << 1), square);
}

/** Training: see ../contract.ts. One pass over x for the statistics, one for the result. */
export function batchNormTrain(
  x: usize, gamma: usize, beta: usize, mean: usize, variance: usize, y: usize, saved: usize,
  rows: i32, c: i32, epsilon: f64, momentum: f64, relu: i32,
): void {
  const ld = <usize>c << 2;
  const n = <f64>rows;
  for (let from = 0; from < c; from += GROUP) {
    const width = min(GROUP, c - from);
    const first = <usize>from << 2;
    moments(x + first, rows, ld, width);
    for (let j: usize = 0; j < <usize>width << 2; j += 4) {
      const sum = load<f64>(SUMS + (j << 1));
      const mu = <f64>load<f32>(CENTRE + j) + sum / n;
      let squares = load<f64>(DOTS + (j << 1)) - sum * sum / n;
      // Rounding may leave less than nothing of a constant channel; NaN stays.
      if (squares < 0) squares = 0;
      const rstd = 1 / Math.sqrt(squares / n + epsilon);
      const at = first + j;
      store<f32>(saved + at, <f32>mu);
      store<f32>(saved + ld + at, <f32>rstd);
      store<f32>(mean + at, <f32>((1 - momentum) * <f64>load<f32>(mean + at) + momentum * mu));
      const unbiased = momentum * squares / (n - 1);
      store<f32>(variance + at, <f32>((1 - momentum) * <f64>load<f32>(variance + at) + unbiased));
      setLine(j, mu, <f64>load<f32>(gamma + at) * rstd, <f64>load<f32>(beta + at));
    }
    if (relu) lines(x + first, y + first, rows, ld, width, true);
    else lines(x + first, y + first, rows, ld, width, false);
  }
}

/** Evaluation: the same with the running statistics. */
export function batchNormEval(
  x: usize, gamma: usize, beta: usize, mean: usize, variance: usize, y: usize,
  rows: i32, c: i32, epsilon: f64, relu: i32,
): void {
  const ld = <usize>c << 2;
  for (let from = 0; from < c; from += GROUP) {
    const width = min(GROUP, c - from);
    const first = <usize>from << 2;
    for (let j: usize = 0; j < <usize>width << 2; j += 4) {
      const at = first + j;
      const rstd = 1 / Math.sqrt(<f64>load<f32>(variance + at) + epsilon);
      setLine(j, <f64>load<f32>(mean + at), <f64>load<f32>(gamma + at) * rstd, <f64>load<f32>(beta + at));
    }
    if (relu) lines(x + first, y + first, rows, ld, width, true);
    else lines(x + first, y + first, rows, ld, width, false);
  }
}

/** The line (x - mean) * scale + shift of the group's channel at byte j, the mean in two floats. */
function setLine(j: usize, mean: f64, scale: f64, shift: f64): void {
  const centre = <f32>mean;
  store<f32>(CENTRE + j, centre);
  store<f32>(SCALE + j, <f32>scale);
  store<f32>(SHIFT + j, <f32>(shift - (mean - <f64>centre) * scale));
}

// @ts-ignore: decorator
@inline
function line(x: v128, centre: v128, scale: v128, shift: v128, relu: bool): v128 {
  const v = madd(f32x4.sub(x, centre), scale, shift);
  return relu ? clip(v) : v;
}

/** y = relu?(line of x), four rows at a time. */
// @ts-ignore: decorator
@inline
function lines(x: usize, y: usize, rows: i32, ld: usize, width: i32, relu: bool): void {
  const bytes = <usize>width << 2;
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const centre = v128.load(CENTRE + j), scale = v128.load(SCALE + j), shift = v128.load(SHIFT + j);
      let p = x + j, q = y + j;
      v128.store(q, line(v128.load(p), centre, scale, shift, relu)); p += ld; q += ld;
      v128.store(q, line(v128.load(p), centre, scale, shift, relu)); p += ld; q += ld;
      v128.store(q, line(v128.load(p), centre, scale, shift, relu)); p += ld; q += ld;
      v128.store(q, line(v128.load(p), centre, scale, shift, relu));
    }
    for (; j < bytes; j += 4) {
      for (let r: usize = 0; r < 4; r++) line1(x + r * ld + j, y + r * ld + j, j, relu);
    }
    x += ld << 2;
    y += ld << 2;
  }
  for (; i < rows; i++) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      v128.store(y + j, line(v128.load(x + j), v128.load(CENTRE + j), v128.load(SCALE + j), v128.load(SHIFT + j), relu));
    }
    for (; j < bytes; j += 4) line1(x + j, y + j, j, relu);
    x += ld;
    y += ld;
  }
}

/** One value of the channel at byte j, with the bits that four at a time would give it. */
// @ts-ignore: decorator
@inline
function line1(x: usize, y: usize, j: usize, relu: bool): void {
  const v = line(
    v128.load32_zero(x), v128.load32_zero(CENTRE + j), v128.load32_zero(SCALE + j), v128.load32_zero(SHIFT + j), relu,
  );
  store<f32>(y, f32x4.extract_lane(v, 0));
}

/** For `width` channels: sums of dy and of dy * (x - centre), over all rows. */
function products(x: usize, dy: usize, rows: i32, ld: usize, width: i32): void {
  memory.fill(SUMS, 0, <usize>width << 3);
  memory.fill(DOTS, 0, <usize>width << 3);
  const step = min(RUN, max(1, BLOCK / width));
  for (let i = 0; i < rows; i += step) {
    const n = min(step, rows - i);
    let j: usize = 0;
    for (; j + 16 <= <usize>width << 2; j += 16) products4(x + j, dy + j, n, ld, j);
    for (; j < <usize>width << 2; j += 4) products1(x + j, dy + j, n, ld, j);
    x += <usize>n * ld;
    dy += <usize>n * ld;
  }
}

function products4(x: usize, dy: usize, n: i32, ld: usize, at: usize): void {
  const centre = v128.load(CENTRE + at);
  let s = f32x4.splat(0), d = s, t = s, e = s;
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    const g = v128.load(dy), h = v128.load(dy + ld);
    s = f32x4.add(s, g);
    t = f32x4.add(t, h);
    d = madd(g, f32x4.sub(v128.load(x), centre), d);
    e = madd(h, f32x4.sub(v128.load(x + ld), centre), e);
    x += ld << 1;
    dy += ld << 1;
  }
  if (i < n) {
    const g = v128.load(dy);
    s = f32x4.add(s, g);
    d = madd(g, f32x4.sub(v128.load(x), centre), d);
  }
  accumulate(SUMS + (at << 1), f32x4.add(s, t));
  accumulate(DOTS + (at << 1), f32x4.add(d, e));
}

/** Four floats onto four doubles. */
// @ts-ignore: decorator
@inline
function accumulate(to: usize, v: v128): void {
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(v)));
  v128.store(to, f64x2.add(v128.load(to, 16), promoteHigh(v)), 16);
}

function products1(x: usize, dy: usize, n: i32, ld: usize, at: usize): void {
  const centre = load<f32>(CENTRE + at);
  let sum: f64 = 0, dot: f64 = 0;
  for (let i = 0; i < n; i++) {
    const g = <f64>load<f32>(dy);
    sum += g;
    dot += g * <f64>(load<f32>(x) - centre);
    x += ld;
    dy += ld;
  }
  store<f64>(SUMS + (at << 1), load<f64>(SUMS + (at << 1)) + sum);
  store<f64>(DOTS + (at << 1), load<f64>(DOTS + (at << 1)) + dot);
}

/**
 * dgamma and dbeta in a first pass over x and dy; in a second
 * dx = gamma * rstd * (dy - dbeta / rows - (x - mean) * rstd * dgamma / rows) as gain * dy + scale * (x - mean) + shift.
 */
export function batchNormBackward(
  x: usize, dy: usize, gamma: usize, saved: usize, dx: usize, dgamma: usize, dbeta: usize, rows: i32, c: i32,
): void {
  const ld = <usize>c << 2;
  const n = <f64>rows;
  for (let from = 0; from < c; from += GROUP) {
    const width = min(GROUP, c - from);
    const first = <usize>from << 2;
    memory.copy(CENTRE, saved + first, <usize>width << 2);
    products(x + first, dy + first, rows, ld, width);
    for (let j: usize = 0; j < <usize>width << 2; j += 4) {
      const at = first + j;
      const rstd = <f64>load<f32>(saved + ld + at);
      const sum = load<f64>(SUMS + (j << 1));
      const dot = load<f64>(DOTS + (j << 1)) * rstd;
      const gain = <f64>load<f32>(gamma + at) * rstd;
      store<f32>(dgamma + at, <f32>dot);
      store<f32>(dbeta + at, <f32>sum);
      store<f32>(GAIN + j, <f32>gain);
      store<f32>(SCALE + j, <f32>(-gain * rstd * dot / n));
      store<f32>(SHIFT + j, <f32>(-gain * sum / n));
    }
    planes(x + first, dy + first, dx + first, rows, ld, width);
  }
}

// @ts-ignore: decorator
@inline
function plane(x: v128, dy: v128, centre: v128, scale: v128, gain: v128, shift: v128): v128 {
  return madd(gain, dy, madd(f32x4.sub(x, centre), scale, shift));
}

function planes(x: usize, dy: usize, dx: usize, rows: i32, ld: usize, width: i32): void {
  const bytes = <usize>width << 2;
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const centre = v128.load(CENTRE + j), scale = v128.load(SCALE + j);
      const gain = v128.load(GAIN + j), shift = v128.load(SHIFT + j);
      let p = x + j, q = dy + j, to = dx + j;
      v128.store(to, plane(v128.load(p), v128.load(q), centre, scale, gain, shift)); p += ld; q += ld; to += ld;
      v128.store(to, plane(v128.load(p), v128.load(q), centre, scale, gain, shift)); p += ld; q += ld; to += ld;
      v128.store(to, plane(v128.load(p), v128.load(q), centre, scale, gain, shift)); p += ld; q += ld; to += ld;
      v128.store(to, plane(v128.load(p), v128.load(q), centre, scale, gain, shift));
    }
    for (; j < bytes; j += 4) {
      for (let r: usize = 0; r < 4; r++) plane1(x + r * ld + j, dy + r * ld + j, dx + r * ld + j, j);
    }
    x += ld << 2;
    dy += ld << 2;
    dx += ld << 2;
  }
  for (; i < rows; i++) {
    for (let j: usize = 0; j < bytes; j += 4) plane1(x + j, dy + j, dx + j, j);
    x += ld;
    dy += ld;
    dx += ld;
  }
}

// @ts-ignore: decorator
@inline
function plane1(x: usize, dy: usize, dx: usize, j: usize): void {
  const v = plane(
    v128.load32_zero(x), v128.load32_zero(dy), v128.load32_zero(CENTRE + j), v128.load32_zero(SCALE + j),
    v128.load32_zero(GAIN + j), v128.load32_zero(SHIFT + j),
  );
  store<f32>(dx, f32x4.extract_lane(v, 0));
}

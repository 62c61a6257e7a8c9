/**
 * Quantized weights of a kernel [rows, channels]. A kernel with one range is read as rows of 256, whose columns share
 * their range in the end. Single precision is exact here: the same bits as in double precision rounded once.
 */
import { spread } from '../mask/assembly';

/** Channels whose tables are held at a time. */
const GROUP: i32 = 256;
/** Rows that a strip of channels is read down. */
const RUN: i32 = 64;
const LEAST: f32 = 1e-12;

/** Per channel: least and largest weight, or with one bit the sum of magnitudes (f64) and the count. */
const LOW = memory.data(1024, 16);
const HIGH = memory.data(1024, 16);
const SUM = memory.data(2048, 16);
const COUNT = memory.data(1024, 16);
/** Per channel: the scale and the code of zero. */
const SCALE = memory.data(1024, 16);
const ZERO = memory.data(1024, 16);

/** One mask byte as four lanes. */
// @ts-ignore: decorator
@inline
function spread1(mask: usize): v128 {
  return i32x4.splat(<i32>load<i8>(mask));
}
// @ts-ignore: decorator
@inline
function any(bad: v128): bool {
  return v128.any_true(bad);
}
/** Lanes that are NaN or infinite. */
// @ts-ignore: decorator
@inline
function strange(v: v128): v128 {
  const zero = f32x4.sub(v, v);
  return f32x4.ne(zero, zero);
}

/** y [n]; returns 0 if a kept weight is not finite. Bits 1 to 8; affine 0 for the symmetric scheme. */
export function fakeQuant(w: usize, mask: usize, y: usize, n: i32, ranges: i32, bits: i32, affine: i32): i32 {
  if (ranges == 1) return whole(w, mask, y, n, bits, affine);
  const rows = n / ranges;
  for (let from = 0; from < ranges; from += GROUP) {
    const width = min(GROUP, ranges - from);
    const first = <usize>from, keep = mask ? mask + first : 0;
    const x = w + (first << 2);
    if (bits == 1) {
      if (!magnitudes(x, keep, rows, ranges, width)) return 0;
    } else {
      clear();
      if (!extremes(x, keep, rows, ranges, width)) return 0;
    }
    for (let j = 0; j < width; j++) setRange(j, bits, affine);
    write(x, keep, y + (first << 2), rows, ranges, width, bits, affine);
  }
  return 1;
}

/** One range for all. */
function whole(w: usize, mask: usize, y: usize, n: i32, bits: i32, affine: i32): i32 {
  const rows = n / GROUP, rest = n - rows * GROUP, done = <usize>(rows * GROUP);
  const tail = w + (done << 2), keep = mask ? mask + done : 0;
  if (bits == 1) {
    // One sum over all, in order.
    if (!magnitudes(w, mask, n, 1, 1)) return 0;
  } else {
    clear();
    if (!extremes(w, mask, rows, GROUP, GROUP) || !extremes(tail, keep, 1, rest, rest)) return 0;
    let low: f32 = 0, high: f32 = 0;
    for (let j: usize = 0; j < 1024; j += 4) {
      low = min(low, load<f32>(LOW + j));
      high = max(high, load<f32>(HIGH + j));
    }
    store<f32>(LOW, low);
    store<f32>(HIGH, high);
  }
  setRange(0, bits, affine);
  for (let j: usize = 4; j < 1024; j += 4) {
    store<f32>(SCALE + j, load<f32>(SCALE));
    store<f32>(ZERO + j, load<f32>(ZERO));
  }
  write(w, mask, y, rows, GROUP, GROUP, bits, affine);
  write(tail, keep, y + (done << 2), 1, rest, rest, bits, affine);
  return 1;
}

/** Every range contains 0. */
function clear(): void {
  memory.fill(LOW, 0, 1024);
  memory.fill(HIGH, 0, 1024);
}

/** Widens the ranges of `width` columns; false if a kept weight is not finite. */
function extremes(w: usize, mask: usize, rows: i32, ranges: i32, width: i32): bool {
  const ld = <usize>ranges;
  let bad = i32x4.splat(0);
  for (let i = 0; i < rows; i += RUN) {
    const n = min(RUN, rows - i);
    let j: usize = 0;
    for (; j + 4 <= <usize>width; j += 4) {
      let x = w + (j << 2), keep = mask + j;
      let low = v128.load(LOW + (j << 2)), high = v128.load(HIGH + (j << 2));
      for (let r = 0; r < n; r++) {
        let v = v128.load(x);
        if (mask) {
          v = v128.and(v, spread(keep));
          keep += ld;
        }
        bad = v128.or(bad, strange(v));
        low = f32x4.min(low, v);
        high = f32x4.max(high, v);
        x += ld << 2;
      }
      v128.store(LOW + (j << 2), low);
      v128.store(HIGH + (j << 2), high);
    }
    for (; j < <usize>width; j++) {
      for (let r: usize = 0; r < <usize>n; r++) {
        let v = v128.load32_splat(w + (j + r * ld << 2));
        if (mask) v = v128.and(v, spread1(mask + j + r * ld));
        bad = v128.or(bad, strange(v));
        store<f32>(LOW + (j << 2), min(load<f32>(LOW + (j << 2)), f32x4.extract_lane(v, 0)));
        store<f32>(HIGH + (j << 2), max(load<f32>(HIGH + (j << 2)), f32x4.extract_lane(v, 0)));
      }
    }
    w += <usize>n * ld << 2;
    if (mask) mask += <usize>n * ld;
  }
  return !any(bad);
}

/** Sums and counts the kept magnitudes of `width` columns, each from the first row to the last. */
function magnitudes(w: usize, mask: usize, rows: i32, ranges: i32, width: i32): bool {
  memory.fill(SUM, 0, <usize>width << 3);
  for (let j: usize = 0; j < <usize>width; j++) store<i32>(COUNT + (j << 2), mask ? 0 : rows);
  const ld = <usize>ranges;
  let bad = false;
  for (let i = 0; i < rows; i += RUN) {
    const n = min(RUN, rows - i);
    for (let j: usize = 0; j < <usize>width; j++) {
      let sum = load<f64>(SUM + (j << 3));
      let kept = 0;
      let x = w + (j << 2), keep = mask + j;
      for (let r = 0; r < n; r++) {
        // A pruned weight adds 0, whatever it is.
        const v: f32 = mask && !load<u8>(keep) ? <f32>0 : abs<f32>(load<f32>(x));
        if (mask) kept += <i32>(load<u8>(keep) & 1);
        sum += <f64>v;
        x += ld << 2;
        keep += ld;
      }
      // Any NaN or infinity is still there in the end: magnitudes do not cancel.
      if (sum - sum != 0) bad = true;
      store<f64>(SUM + (j << 3), sum);
      store<i32>(COUNT + (j << 2), load<i32>(COUNT + (j << 2)) + kept);
    }
    w += <usize>n * ld << 2;
    if (mask) mask += <usize>n * ld;
  }
  return !bad;
}

/** Scale and zero of the range in column j of the tables, in double precision. */
function setRange(j: i32, bits: i32, affine: i32): void {
  const at = <usize>j << 2;
  if (bits == 1) {
    const count = load<i32>(COUNT + at);
    store<f32>(SCALE + at, count == 0 ? 0 : <f32>(load<f64>(SUM + (at << 1)) / <f64>count));
    store<f32>(ZERO + at, 0);
    return;
  }
  const low = <f64>load<f32>(LOW + at), high = <f64>load<f32>(HIGH + at);
  const limit = <f64>((1 << (bits - 1)) - 1), most = <f64>((1 << bits) - 1);
  const scale = max(LEAST, <f32>(affine ? (high - low) / most : max(high, -low) / limit));
  store<f32>(SCALE + at, scale);
  const zero = nearest(<f64><f32>(-low / <f64>scale));
  store<f32>(ZERO + at, affine ? <f32>max<f64>(0, min(zero, most)) : <f32>limit);
}

// @ts-ignore: decorator
@inline
function quantized(v: v128, scale: v128, zero: v128, most: v128): v128 {
  const code = f32x4.add(f32x4.nearest(f32x4.div(v, scale)), zero);
  return f32x4.mul(scale, f32x4.sub(f32x4.max(f32x4.splat(0), f32x4.min(code, most)), zero));
}
/** Its sign times the scale; 0 counts as positive. */
// @ts-ignore: decorator
@inline
function signed(v: v128, scale: v128): v128 {
  return v128.bitselect(scale, f32x4.neg(scale), f32x4.ge(v, f32x4.splat(0)));
}

function write(w: usize, mask: usize, y: usize, rows: i32, ranges: i32, width: i32, bits: i32, affine: i32): void {
  const codes: i32 = affine ? (1 << bits) - 1 : (1 << bits) - 2;
  const most = f32x4.splat(<f32>codes);
  for (let i = 0; i < rows; i++) {
    let j: usize = 0;
    for (; j + 4 <= <usize>width; j += 4) {
      const at = j << 2;
      const v = v128.load(w + at), scale = v128.load(SCALE + at);
      let q = bits == 1 ? signed(v, scale) : quantized(v, scale, v128.load(ZERO + at), most);
      if (mask) q = v128.and(q, spread(mask + j));
      v128.store(y + at, q);
    }
    for (; j < <usize>width; j++) {
      const at = j << 2;
      const v = v128.load32_splat(w + at), scale = v128.load32_splat(SCALE + at);
      let q = bits == 1 ? signed(v, scale) : quantized(v, scale, v128.load32_splat(ZERO + at), most);
      if (mask) q = v128.and(q, spread1(mask + j));
      store<f32>(y + at, f32x4.extract_lane(q, 0));
    }
    w += <usize>ranges << 2;
    y += <usize>ranges << 2;
    if (mask) mask += <usize>ranges;
  }
}

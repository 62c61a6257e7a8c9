/** 8-bit weights times rows of x rounded to 8 bits; 32-bit sums. Contract and layout: contract.ts, ../coded.ts. */
import { relu as clip } from '../../simd/assembly/vec';

/** Rows that are rounded and multiplied at a time: they stay in the cache while tile after tile of w goes over them. */
const ROWS: i32 = 96;
/** Per row before its codes: scale, sum of codes, whether none is negative. */
const HEAD: usize = 16;

// @ts-ignore: decorator
@inline
function quads(n: i32): i32 {
  return (n + 3) >> 2;
}
/** Bytes of a row: head, codes as 16-bit integers, and in the relaxed build once more as bytes. */
// @ts-ignore: decorator
@inline
function rowBytes(inn: i32): usize {
  const words = (<usize>quads(inn) * 8 + 31) & ~15;
  return HEAD + words + (ASC_FEATURE_RELAXED_SIMD ? words : 0);
}
// @ts-ignore: decorator
@inline
function bytesAt(row: usize, inn: i32): usize {
  return row + HEAD + ((<usize>quads(inn) * 8 + 31) & ~15);
}

export function int8Scratch(rows: i32, inn: i32): usize {
  return <usize>min(rows, ROWS) * rowBytes(inn) + 64;
}

export function int8Forward(
  x: usize, codes: usize, scales: usize, offsets: usize, bias: usize, y: usize,
  rows: i32, inn: i32, out: i32, relu: i32, scratch: usize,
): void {
  const size = rowBytes(inn), tile = <usize>quads(inn) << 5, ld = <usize>out << 2;
  for (let from = 0; from < rows; from += ROWS) {
    const count = min(ROWS, rows - from);
    for (let i = 0; i < count; i++) {
      quantize(x, scratch + <usize>i * size, inn);
      x += <usize>inn << 2;
    }
    let w = codes;
    for (let o = 0; o < out; o += 8) {
      const at = <usize>o << 2;
      tileRows(scratch, size, w, scales + at, offsets + at, bias ? bias + at : 0, y + at, count, inn, min(8, out - o), ld, relu);
      w += tile;
    }
    y += <usize>count * ld;
  }
}

function tileRows(
  row: usize, size: usize, w: usize, scales: usize, offsets: usize, bias: usize, y: usize,
  count: i32, inn: i32, width: i32, ld: usize, relu: i32,
): void {
  const n = quads(inn);
  let i = 0;
  while (i < count) {
    const left = count - i;
    let done = 1;
    if (ASC_FEATURE_RELAXED_SIMD && left >= 4 && positive(row, size, 4)) {
      bytes4(row, size, bytesAt(row, inn), w, n, scales, offsets, bias, y, width, ld, relu);
      done = 4;
    } else if (ASC_FEATURE_RELAXED_SIMD && load<i32>(row, 8)) {
      bytes1(row, bytesAt(row, inn), w, n, scales, offsets, bias, y, width, relu);
    } else if (left >= 3) {
      words3(row, size, w, n, scales, offsets, bias, y, width, ld, relu);
      done = 3;
    } else {
      words1(row, w, n, scales, offsets, bias, y, width, relu);
    }
    row += size * <usize>done;
    y += ld * <usize>done;
    i += done;
  }
}

/** Whether none of the codes of `rows` rows is negative. */
function positive(row: usize, size: usize, rows: i32): bool {
  for (let i = 0; i < rows; i++) {
    if (!load<i32>(row, 8)) return false;
    row += size;
  }
  return true;
}

/** Greatest magnitude in x [n]; NaN if there is one. */
function largest(x: usize, n: i32): f32 {
  let a = f32x4.splat(0), b = a;
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    a = f32x4.max(a, f32x4.abs(v128.load(x)));
    b = f32x4.max(b, f32x4.abs(v128.load(x, 16)));
    x += 32;
  }
  for (; i < n; i++) {
    a = f32x4.max(a, f32x4.abs(v128.load32_zero(x)));
    x += 4;
  }
  a = f32x4.max(a, b);
  return max(
    max(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)), max(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)),
  );
}

// @ts-ignore: decorator
@inline
function rounded(x: v128, scale: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.div(x, scale)));
}
// @ts-ignore: decorator
@inline
function limited(v: v128): v128 {
  return i16x8.max_s(i16x8.min_s(v, i16x8.splat(127)), i16x8.splat(-127));
}

/** A row of x as codes, with what is kept of it before them. */
function quantize(x: usize, row: usize, n: i32): void {
  const most = largest(x, n);
  const finite = most < Infinity;
  const scale: f32 = finite ? most / 127 : NaN;
  const to = row + HEAD;
  store<f32>(row, scale);
  store<i32>(row, 0, 4);
  store<i32>(row, 1, 8);
  if (!finite || scale == 0) {
    memory.fill(to, 0, rowBytes(n) - HEAD);
    return;
  }
  const by = f32x4.splat(scale);
  let sums = i32x4.splat(0), low = i16x8.splat(0);
  let p = to;
  for (let i = 0; i < n; i += 8) {
    // What lies behind the row is not part of it.
    let v = limited(i16x8.narrow_i32x4_s(rounded(v128.load(x), by), rounded(v128.load(x, 16), by)));
    if (n - i < 8) v = v128.and(v, i16x8.gt_s(i16x8.splat(<i16>(n - i)), i16x8(0, 1, 2, 3, 4, 5, 6, 7)));
    low = i16x8.min_s(low, v);
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(v));
    v128.store(p, v);
    x += 32;
    p += 16;
  }
  store<i32>(row, total(sums), 4);
  store<i32>(row, v128.any_true(low) ? 0 : 1, 8);
  if (ASC_FEATURE_RELAXED_SIMD) narrow(to, bytesAt(row, n), n);
}

function narrow(from: usize, to: usize, n: i32): void {
  for (let i = 0; i < n; i += 8) {
    v128.store64_lane(to, i8x16.narrow_i16x8_s(v128.load(from), v128.load(from)), 0);
    from += 16;
    to += 8;
  }
}

function total(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

/** Four outputs of one row from their sums; stores `width` of them. */
// @ts-ignore: decorator
@inline
function finish(
  row: usize, sums: v128, scales: usize, offsets: usize, bias: usize, y: usize, width: i32, relu: i32,
): void {
  const sum = i32x4.sub(sums, i32x4.mul(v128.load(offsets), v128.load32_splat(row, 4)));
  const scale = f32x4.mul(v128.load32_splat(row), v128.load(scales));
  let v = f32x4.mul(f32x4.convert_i32x4_s(sum), scale);
  v = f32x4.add(v, bias ? v128.load(bias) : f32x4.splat(0));
  if (relu) v = clip(v);
  if (width >= 4) v128.store(y, v);
  else few(y, v, width);
}
function few(y: usize, v: v128, width: i32): void {
  if (width > 0) v128.store32_lane(y, v, 0);
  if (width > 1) v128.store32_lane(y, v, 1, 4);
  if (width > 2) v128.store32_lane(y, v, 2, 8);
}
/** Eight outputs from four sums of [output, half of the inputs]. */
function finishHalves(
  row: usize, a0: v128, a1: v128, a2: v128, a3: v128,
  scales: usize, offsets: usize, bias: usize, y: usize, width: i32, relu: i32,
): void {
  const low = i32x4.add(v128.shuffle<i32>(a0, a1, 0, 2, 4, 6), v128.shuffle<i32>(a0, a1, 1, 3, 5, 7));
  const high = i32x4.add(v128.shuffle<i32>(a2, a3, 0, 2, 4, 6), v128.shuffle<i32>(a2, a3, 1, 3, 5, 7));
  finishBoth(row, low, high, scales, offsets, bias, y, width, relu);
}
function finishBoth(
  row: usize, low: v128, high: v128, scales: usize, offsets: usize, bias: usize, y: usize, width: i32, relu: i32,
): void {
  finish(row, low, scales, offsets, bias, y, width, relu);
  if (width > 4) finish(row, high, scales + 16, offsets + 16, bias ? bias + 16 : 0, y + 16, width - 4, relu);
}

/** acc + products of four codes of x, twice, with the quads of two outputs. */
// @ts-ignore: decorator
@inline
function dots(acc: v128, x: v128, w: v128): v128 {
  return i32x4.add(acc, i32x4.dot_i16x8_s(x, w));
}

function words1(
  row: usize, w: usize, n: i32, scales: usize, offsets: usize, bias: usize, y: usize, width: i32, relu: i32,
): void {
  let a0 = i32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
  let x = row + HEAD;
  for (; n >= 2; n -= 2) {
    let v = v128.load64_splat(x);
    a0 = dots(a0, v, v128.load_ext<i8>(w)); a1 = dots(a1, v, v128.load_ext<i8>(w, 8));
    a2 = dots(a2, v, v128.load_ext<i8>(w, 16)); a3 = dots(a3, v, v128.load_ext<i8>(w, 24));
    v = v128.load64_splat(x, 8);
    a0 = dots(a0, v, v128.load_ext<i8>(w, 32)); a1 = dots(a1, v, v128.load_ext<i8>(w, 40));
    a2 = dots(a2, v, v128.load_ext<i8>(w, 48)); a3 = dots(a3, v, v128.load_ext<i8>(w, 56));
    x += 16;
    w += 64;
  }
  if (n) {
    const v = v128.load64_splat(x);
    a0 = dots(a0, v, v128.load_ext<i8>(w)); a1 = dots(a1, v, v128.load_ext<i8>(w, 8));
    a2 = dots(a2, v, v128.load_ext<i8>(w, 16)); a3 = dots(a3, v, v128.load_ext<i8>(w, 24));
  }
  finishHalves(row, a0, a1, a2, a3, scales, offsets, bias, y, width, relu);
}

function words3(
  row: usize, size: usize, w: usize, n: i32,
  scales: usize, offsets: usize, bias: usize, y: usize, width: i32, ld: usize, relu: i32,
): void {
  let a0 = i32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, c0 = a0, c1 = a0, c2 = a0, c3 = a0;
  let p = row + HEAD;
  const size2 = size << 1;
  for (; n > 0; n--) {
    const x0 = v128.load64_splat(p), x1 = v128.load64_splat(p + size), x2 = v128.load64_splat(p + size2);
    let q = v128.load_ext<i8>(w);
    a0 = dots(a0, x0, q); b0 = dots(b0, x1, q); c0 = dots(c0, x2, q);
    q = v128.load_ext<i8>(w, 8);
    a1 = dots(a1, x0, q); b1 = dots(b1, x1, q); c1 = dots(c1, x2, q);
    q = v128.load_ext<i8>(w, 16);
    a2 = dots(a2, x0, q); b2 = dots(b2, x1, q); c2 = dots(c2, x2, q);
    q = v128.load_ext<i8>(w, 24);
    a3 = dots(a3, x0, q); b3 = dots(b3, x1, q); c3 = dots(c3, x2, q);
    p += 8;
    w += 32;
  }
  finishHalves(row, a0, a1, a2, a3, scales, offsets, bias, y, width, relu);
  finishHalves(row + size, b0, b1, b2, b3, scales, offsets, bias, y + ld, width, relu);
  finishHalves(row + size2, c0, c1, c2, c3, scales, offsets, bias, y + (ld << 1), width, relu);
}

/**
 * Sums of four byte products. The relaxed instruction is exact, and the same everywhere, where its second operand has
 * its top bit clear: rows without negative codes. No pair of products leaves 16 bits: 2 * 128 * 127 < 2^15. Its sister
 * that also adds to a sum was found to give wrong sums in an engine's baseline compiler (V8 11.3), so it is not used.
 */
// @ts-ignore: decorator
@inline
function byteDots(acc: v128, w: v128, x: v128): v128 {
  if (!ASC_FEATURE_RELAXED_SIMD) return acc;
  return i32x4.add(acc, i32x4.extadd_pairwise_i16x8_s(i16x8.relaxed_dot_i8x16_i7x16_s(w, x)));
}

function bytes1(
  row: usize, x: usize, w: usize, n: i32, scales: usize, offsets: usize, bias: usize, y: usize, width: i32, relu: i32,
): void {
  let a0 = i32x4.splat(0), a1 = a0, b0 = a0, b1 = a0;
  for (; n >= 2; n -= 2) {
    let v = v128.load32_splat(x);
    a0 = byteDots(a0, v128.load(w), v); a1 = byteDots(a1, v128.load(w, 16), v);
    v = v128.load32_splat(x, 4);
    b0 = byteDots(b0, v128.load(w, 32), v); b1 = byteDots(b1, v128.load(w, 48), v);
    x += 8;
    w += 64;
  }
  if (n) {
    const v = v128.load32_splat(x);
    a0 = byteDots(a0, v128.load(w), v); a1 = byteDots(a1, v128.load(w, 16), v);
  }
  finishBoth(row, i32x4.add(a0, b0), i32x4.add(a1, b1), scales, offsets, bias, y, width, relu);
}

function bytes4(
  row: usize, size: usize, x: usize, w: usize, n: i32,
  scales: usize, offsets: usize, bias: usize, y: usize, width: i32, ld: usize, relu: i32,
): void {
  let a0 = i32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  const size2 = size << 1, size3 = size + size2;
  for (; n > 0; n--) {
    const w0 = v128.load(w), w1 = v128.load(w, 16);
    let v = v128.load32_splat(x);
    a0 = byteDots(a0, w0, v); a1 = byteDots(a1, w1, v);
    v = v128.load32_splat(x + size);
    b0 = byteDots(b0, w0, v); b1 = byteDots(b1, w1, v);
    v = v128.load32_splat(x + size2);
    c0 = byteDots(c0, w0, v); c1 = byteDots(c1, w1, v);
    v = v128.load32_splat(x + size3);
    d0 = byteDots(d0, w0, v); d1 = byteDots(d1, w1, v);
    x += 4;
    w += 32;
  }
  finishBoth(row, a0, a1, scales, offsets, bias, y, width, relu);
  finishBoth(row + size, b0, b1, scales, offsets, bias, y + ld, width, relu);
  finishBoth(row + size2, c0, c1, scales, offsets, bias, y + (ld << 1), width, relu);
  finishBoth(row + size3, d0, d1, scales, offsets, bias, y + ld * 3, width, relu);
}

/**
 * Shared values times rows of floats. Sixteen indices are looked up at once: a table of 16 floats is four tables of 16
 * bytes, which a swizzle reads. Larger tables are read value by value. Layout: layout.ts.
 */
import { denseForward, denseScratch } from '../../dense/assembly';
import { madd, relu as clip } from '../../simd/assembly/vec';
import { copyRow, storeFew, unpackedBytes } from '../int8-weights/assembly';

/** Rows up to this go one by one. */
const SMALL: i32 = 4;
/** The table's bytes: all first ones, all second ones and so on. */
const PLANES: usize = memory.data(64, 16);
/** Sixteen weights of one input. */
const WEIGHTS: usize = memory.data(64, 16);

export function codebookScratch(rows: i32, inn: i32, out: i32): usize {
  if (rows <= SMALL) return (<usize>inn << 2) + 64;
  return unpackedBytes(inn, out) + denseScratch(rows, inn, out);
}

export function codebookForward(
  x: usize, table: usize, indices: usize, bits: i32, bias: usize, y: usize,
  rows: i32, inn: i32, out: i32, relu: i32, scratch: usize,
): void {
  if (bits == 4) splitTable(table);
  if (rows > SMALL) {
    if (bits == 4) unpack4(indices, scratch, inn, out);
    else unpack8(table, indices, scratch, inn, out);
    denseForward(x, scratch, bias, y, rows, inn, out, relu, scratch + unpackedBytes(inn, out));
    return;
  }
  const tile = <usize>(bits == 4 ? (inn + 1) >> 1 : inn) << 4;
  for (let i = 0; i < rows; i++) {
    // An odd input's other half multiplies a zero.
    copyRow(x, scratch, inn);
    let p = indices;
    for (let o = 0; o < out; o += 16) {
      const at = <usize>o << 2;
      if (bits == 4) tile4(scratch, p, inn, bias ? bias + at : 0, y + at, out - o, relu);
      else tile8(scratch, table, p, inn, bias ? bias + at : 0, y + at, out - o, relu);
      p += tile;
    }
    x += <usize>inn << 2;
    y += <usize>out << 2;
  }
}

function splitTable(table: usize): void {
  for (let i: usize = 0; i < 16; i++) {
    for (let b: usize = 0; b < 4; b++) store<u8>(PLANES + (b << 4) + i, load<u8>(table + (i << 2) + b));
  }
}

// @ts-ignore: decorator
@inline
function swizzle(plane: v128, at: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i8x16.relaxed_swizzle(plane, at) : i8x16.swizzle(plane, at);
}
/** The first and the other eight of 16 values as pairs of bytes. */
// @ts-ignore: decorator
@inline
function lows(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
// @ts-ignore: decorator
@inline
function highs(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
/** Four floats of their lower and upper halves. */
// @ts-ignore: decorator
@inline
function first(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
// @ts-ignore: decorator
@inline
function last(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

function tile4(x: usize, p: usize, inn: i32, bias: usize, y: usize, width: i32, relu: i32): void {
  const p0 = v128.load(PLANES), p1 = v128.load(PLANES, 16), p2 = v128.load(PLANES, 32), p3 = v128.load(PLANES, 48);
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
  for (let k = 0; k < inn; k += 2) {
    const both = v128.load(p);
    let at = v128.and(both, i8x16.splat(15));
    let q = v128.load32_splat(x);
    let b0 = swizzle(p0, at), b1 = swizzle(p1, at), b2 = swizzle(p2, at), b3 = swizzle(p3, at);
    let l = lows(b0, b1), h = lows(b2, b3);
    a0 = madd(q, first(l, h), a0); a1 = madd(q, last(l, h), a1);
    l = highs(b0, b1); h = highs(b2, b3);
    a2 = madd(q, first(l, h), a2); a3 = madd(q, last(l, h), a3);
    at = i8x16.shr_u(both, 4);
    q = v128.load32_splat(x, 4);
    b0 = swizzle(p0, at); b1 = swizzle(p1, at); b2 = swizzle(p2, at); b3 = swizzle(p3, at);
    l = lows(b0, b1); h = lows(b2, b3);
    a0 = madd(q, first(l, h), a0); a1 = madd(q, last(l, h), a1);
    l = highs(b0, b1); h = highs(b2, b3);
    a2 = madd(q, first(l, h), a2); a3 = madd(q, last(l, h), a3);
    x += 8;
    p += 16;
  }
  finish(a0, a1, a2, a3, bias, y, width, relu);
}

/** Four values of a table. */
// @ts-ignore: decorator
@inline
function look(table: usize, p: usize): v128 {
  const at = load<u32>(p);
  let v = v128.load32_zero(table + <usize>((at & 255) << 2));
  v = v128.load32_lane(table + <usize>((at >> 6) & 1020), v, 1);
  v = v128.load32_lane(table + <usize>((at >> 14) & 1020), v, 2);
  return v128.load32_lane(table + <usize>((at >> 22) & 1020), v, 3);
}

function tile8(x: usize, table: usize, p: usize, inn: i32, bias: usize, y: usize, width: i32, relu: i32): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
  for (let k = 0; k < inn; k++) {
    const q = v128.load32_splat(x);
    a0 = madd(q, look(table, p), a0); a1 = madd(q, look(table, p + 4), a1);
    a2 = madd(q, look(table, p + 8), a2); a3 = madd(q, look(table, p + 12), a3);
    x += 4;
    p += 16;
  }
  finish(a0, a1, a2, a3, bias, y, width, relu);
}

// @ts-ignore: decorator
@inline
function finish(a0: v128, a1: v128, a2: v128, a3: v128, bias: usize, y: usize, width: i32, relu: i32): void {
  four(a0, bias, y, width, relu);
  if (width > 4) four(a1, bias ? bias + 16 : 0, y + 16, width - 4, relu);
  if (width > 8) four(a2, bias ? bias + 32 : 0, y + 32, width - 8, relu);
  if (width > 12) four(a3, bias ? bias + 48 : 0, y + 48, width - 12, relu);
}
function four(v: v128, bias: usize, y: usize, width: i32, relu: i32): void {
  v = f32x4.add(v, bias ? v128.load(bias) : f32x4.splat(0));
  storeFew(y, relu ? clip(v) : v, width);
}

/** All weights as floats [in, out]. */
function unpack4(p: usize, to: usize, inn: i32, out: i32): void {
  for (let o = 0; o < out; o += 16) {
    for (let k = 0; k < inn; k += 2) {
      const both = v128.load(p);
      const at = to + (<usize>(k * out + o) << 2);
      values(v128.and(both, i8x16.splat(15)), at, out - o);
      if (k + 1 < inn) values(i8x16.shr_u(both, 4), at + (<usize>out << 2), out - o);
      p += 16;
    }
  }
}
function values(at: v128, to: usize, width: i32): void {
  const b0 = swizzle(v128.load(PLANES), at), b1 = swizzle(v128.load(PLANES, 16), at);
  const b2 = swizzle(v128.load(PLANES, 32), at), b3 = swizzle(v128.load(PLANES, 48), at);
  const into = width >= 16 ? to : WEIGHTS;
  let l = lows(b0, b1), h = lows(b2, b3);
  v128.store(into, first(l, h)); v128.store(into, last(l, h), 16);
  l = highs(b0, b1); h = highs(b2, b3);
  v128.store(into, first(l, h), 32); v128.store(into, last(l, h), 48);
  if (width < 16) memory.copy(to, WEIGHTS, <usize>width << 2);
}
function unpack8(table: usize, p: usize, to: usize, inn: i32, out: i32): void {
  for (let o = 0; o < out; o += 16) {
    const width = <usize>min(16, out - o);
    for (let k = 0; k < inn; k++) {
      const at = to + (<usize>(k * out + o) << 2);
      for (let j: usize = 0; j < width; j++) {
        store<f32>(at + (j << 2), load<f32>(table + (<usize>load<u8>(p + j) << 2)));
      }
      p += 16;
    }
  }
}

/** Signs of weights against signs of a row: differing bits are counted, 128 at a time. Contract and layout: contract.ts. */
import { relu as clip } from '../../simd/assembly/vec';
import { storeFew } from '../int8-weights/assembly';

/** Words whose differing bits a byte can count: 8 at a time. */
const RUN: i32 = 31;

export function xnorScratch(rows: i32, inn: i32): usize {
  return (<usize>(inn + 31) >> 5 << 2) + 32;
}

export function xnorForward(
  x: usize, signs: usize, scales: usize, bias: usize, y: usize,
  rows: i32, inn: i32, out: i32, relu: i32, scratch: usize,
): void {
  const words = (inn + 31) >> 5;
  for (let i = 0; i < rows; i++) {
    const mean = signRow(x, scratch, inn);
    let w = signs;
    for (let o = 0; o < out; o += 8) {
      const at = <usize>o << 2;
      tile(scratch, w, words, inn, mean, scales + at, bias ? bias + at : 0, y + at, out - o, relu);
      w += <usize>words << 5;
    }
    x += <usize>inn << 2;
    y += <usize>out << 2;
  }
}

/** The signs of a row, 0 behind it; returns the mean of its magnitudes. */
function signRow(x: usize, to: usize, n: i32): f32 {
  const zero = f32x4.splat(0);
  let a = zero, b = zero;
  let left = n;
  for (; left >= 32; left -= 32) {
    let word = 0;
    for (let j = 0; j < 32; j += 8) {
      const u = v128.load(x), v = v128.load(x, 16);
      a = f32x4.add(a, f32x4.abs(u));
      b = f32x4.add(b, f32x4.abs(v));
      word |= (i32x4.bitmask(f32x4.ge(u, zero)) | i32x4.bitmask(f32x4.ge(v, zero)) << 4) << j;
      x += 32;
    }
    store<i32>(to, word);
    to += 4;
  }
  if (left) {
    let word = 0;
    for (let j = 0; j < left; j++) {
      const v = v128.load32_zero(x);
      a = f32x4.add(a, f32x4.abs(v));
      word |= <i32>(f32x4.extract_lane(v, 0) >= 0) << j;
      x += 4;
    }
    store<i32>(to, word);
  }
  a = f32x4.add(a, b);
  const sum = (f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1)) + (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3));
  return sum / <f32>n;
}

/** Sums of the four bytes of each word. */
// @ts-ignore: decorator
@inline
function wide(v: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v));
}

function tile(
  x: usize, w: usize, words: i32, inn: i32, mean: f32, scales: usize, bias: usize, y: usize, width: i32, relu: i32,
): void {
  let lows = i32x4.splat(0), highs = lows;
  while (words > 0) {
    let a = i8x16.splat(0), b = a;
    for (let m = min(words, RUN); m > 0; m--) {
      const v = v128.load32_splat(x);
      a = i8x16.add(a, i8x16.popcnt(v128.xor(v, v128.load(w))));
      b = i8x16.add(b, i8x16.popcnt(v128.xor(v, v128.load(w, 16))));
      x += 4;
      w += 32;
    }
    lows = i32x4.add(lows, wide(a));
    highs = i32x4.add(highs, wide(b));
    words -= RUN;
  }
  finish(lows, inn, mean, scales, bias, y, width, relu);
  if (width > 4) finish(highs, inn, mean, scales + 16, bias ? bias + 16 : 0, y + 16, width - 4, relu);
}

// @ts-ignore: decorator
@inline
function finish(differ: v128, inn: i32, mean: f32, scales: usize, bias: usize, y: usize, width: i32, relu: i32): void {
  const agree = f32x4.convert_i32x4_s(i32x4.sub(i32x4.splat(inn), i32x4.shl(differ, 1)));
  let v = f32x4.mul(agree, f32x4.mul(f32x4.splat(mean), v128.load(scales)));
  v = f32x4.add(v, bias ? v128.load(bias) : f32x4.splat(0));
  storeFew(y, relu ? clip(v) : v, width);
}

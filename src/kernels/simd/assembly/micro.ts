/**
 * Register tiles: C[4, 12], C[4, 8] or C[4, 4] = A[4, K] * B[K, 12, 8 or 4], B packed row after row.
 * Each row of A has its own pointer, and K is cut into `segs` runs of `len`, so one kernel serves dense
 * layers (one run) and convolutions read straight from the image (one run per kernel row, no im2col).
 * Every element of C is summed in order of k from zero, whatever its tile: results do not depend on
 * how a batch is cut. `*Rows`: elements of a run are adjacent. `*Strided`: they are `step` bytes apart.
 */
import { madd, relu } from './vec';

/** Add to what is in C. */
export const ADD: i32 = 1;
/** Clip at zero, last. */
export const RELU: i32 = 2;
/** Go on from the sums that are in C: the same bits as one sum over all of K. */
export const GO_ON: i32 = 4;

// @ts-ignore: decorator
@inline
function finish(c: usize, acc: v128, bias: v128, mode: i32): void {
  let v = f32x4.add(acc, bias);
  if (mode & ADD) v = f32x4.add(v128.load(c), acc);
  if (mode & RELU) v = relu(v);
  v128.store(c, v);
}

export function rows12(
  a0: usize, a1: usize, a2: usize, a3: usize, segs: i32, len: i32, jump: usize, b: usize,
  c0: usize, c1: usize, c2: usize, c3: usize, bias: usize, mode: i32,
): void {
  let r00 = f32x4.splat(0), r01 = f32x4.splat(0), r02 = f32x4.splat(0);
  let r10 = f32x4.splat(0), r11 = f32x4.splat(0), r12 = f32x4.splat(0);
  let r20 = f32x4.splat(0), r21 = f32x4.splat(0), r22 = f32x4.splat(0);
  let r30 = f32x4.splat(0), r31 = f32x4.splat(0), r32 = f32x4.splat(0);
  let b0: v128, b1: v128, b2: v128, a: v128;
  if (mode & GO_ON) {
    r00 = v128.load(c0); r01 = v128.load(c0, 16); r02 = v128.load(c0, 32);
    r10 = v128.load(c1); r11 = v128.load(c1, 16); r12 = v128.load(c1, 32);
    r20 = v128.load(c2); r21 = v128.load(c2, 16); r22 = v128.load(c2, 32);
    r30 = v128.load(c3); r31 = v128.load(c3, 16); r32 = v128.load(c3, 32);
  }
  do {
    let k = len;
    while (k >= 4) {
      b0 = v128.load(b); b1 = v128.load(b, 16); b2 = v128.load(b, 32);
      a = v128.load32_splat(a0); r00 = madd(a, b0, r00); r01 = madd(a, b1, r01); r02 = madd(a, b2, r02);
      a = v128.load32_splat(a1); r10 = madd(a, b0, r10); r11 = madd(a, b1, r11); r12 = madd(a, b2, r12);
      a = v128.load32_splat(a2); r20 = madd(a, b0, r20); r21 = madd(a, b1, r21); r22 = madd(a, b2, r22);
      a = v128.load32_splat(a3); r30 = madd(a, b0, r30); r31 = madd(a, b1, r31); r32 = madd(a, b2, r32);
      b0 = v128.load(b, 48); b1 = v128.load(b, 64); b2 = v128.load(b, 80);
      a = v128.load32_splat(a0, 4); r00 = madd(a, b0, r00); r01 = madd(a, b1, r01); r02 = madd(a, b2, r02);
      a = v128.load32_splat(a1, 4); r10 = madd(a, b0, r10); r11 = madd(a, b1, r11); r12 = madd(a, b2, r12);
      a = v128.load32_splat(a2, 4); r20 = madd(a, b0, r20); r21 = madd(a, b1, r21); r22 = madd(a, b2, r22);
      a = v128.load32_splat(a3, 4); r30 = madd(a, b0, r30); r31 = madd(a, b1, r31); r32 = madd(a, b2, r32);
      b0 = v128.load(b, 96); b1 = v128.load(b, 112); b2 = v128.load(b, 128);
      a = v128.load32_splat(a0, 8); r00 = madd(a, b0, r00); r01 = madd(a, b1, r01); r02 = madd(a, b2, r02);
      a = v128.load32_splat(a1, 8); r10 = madd(a, b0, r10); r11 = madd(a, b1, r11); r12 = madd(a, b2, r12);
      a = v128.load32_splat(a2, 8); r20 = madd(a, b0, r20); r21 = madd(a, b1, r21); r22 = madd(a, b2, r22);
      a = v128.load32_splat(a3, 8); r30 = madd(a, b0, r30); r31 = madd(a, b1, r31); r32 = madd(a, b2, r32);
      b0 = v128.load(b, 144); b1 = v128.load(b, 160); b2 = v128.load(b, 176);
      a = v128.load32_splat(a0, 12); r00 = madd(a, b0, r00); r01 = madd(a, b1, r01); r02 = madd(a, b2, r02);
      a = v128.load32_splat(a1, 12); r10 = madd(a, b0, r10); r11 = madd(a, b1, r11); r12 = madd(a, b2, r12);
      a = v128.load32_splat(a2, 12); r20 = madd(a, b0, r20); r21 = madd(a, b1, r21); r22 = madd(a, b2, r22);
      a = v128.load32_splat(a3, 12); r30 = madd(a, b0, r30); r31 = madd(a, b1, r31); r32 = madd(a, b2, r32);
      a0 += 16; a1 += 16; a2 += 16; a3 += 16; b += 192;
      k -= 4;
    }
    while (k > 0) {
      b0 = v128.load(b); b1 = v128.load(b, 16); b2 = v128.load(b, 32);
      a = v128.load32_splat(a0); r00 = madd(a, b0, r00); r01 = madd(a, b1, r01); r02 = madd(a, b2, r02);
      a = v128.load32_splat(a1); r10 = madd(a, b0, r10); r11 = madd(a, b1, r11); r12 = madd(a, b2, r12);
      a = v128.load32_splat(a2); r20 = madd(a, b0, r20); r21 = madd(a, b1, r21); r22 = madd(a, b2, r22);
      a = v128.load32_splat(a3); r30 = madd(a, b0, r30); r31 = madd(a, b1, r31); r32 = madd(a, b2, r32);
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; b += 48;
      k--;
    }
    a0 += jump; a1 += jump; a2 += jump; a3 += jump;
  } while (--segs > 0);
  b0 = v128.load(bias); b1 = v128.load(bias, 16); b2 = v128.load(bias, 32);
  finish(c0, r00, b0, mode); finish(c0 + 16, r01, b1, mode); finish(c0 + 32, r02, b2, mode);
  finish(c1, r10, b0, mode); finish(c1 + 16, r11, b1, mode); finish(c1 + 32, r12, b2, mode);
  finish(c2, r20, b0, mode); finish(c2 + 16, r21, b1, mode); finish(c2 + 32, r22, b2, mode);
  finish(c3, r30, b0, mode); finish(c3 + 16, r31, b1, mode); finish(c3 + 32, r32, b2, mode);
}

export function rows8(
  a0: usize, a1: usize, a2: usize, a3: usize, segs: i32, len: i32, jump: usize, b: usize,
  c0: usize, c1: usize, c2: usize, c3: usize, bias: usize, mode: i32,
): void {
  let r00 = f32x4.splat(0), r01 = f32x4.splat(0), r10 = f32x4.splat(0), r11 = f32x4.splat(0);
  let r20 = f32x4.splat(0), r21 = f32x4.splat(0), r30 = f32x4.splat(0), r31 = f32x4.splat(0);
  let b0: v128, b1: v128, a: v128;
  if (mode & GO_ON) {
    r00 = v128.load(c0); r01 = v128.load(c0, 16);
    r10 = v128.load(c1); r11 = v128.load(c1, 16);
    r20 = v128.load(c2); r21 = v128.load(c2, 16);
    r30 = v128.load(c3); r31 = v128.load(c3, 16);
  }
  do {
    let k = len;
    while (k >= 4) {
      b0 = v128.load(b); b1 = v128.load(b, 16);
      a = v128.load32_splat(a0); r00 = madd(a, b0, r00); r01 = madd(a, b1, r01);
      a = v128.load32_splat(a1); r10 = madd(a, b0, r10); r11 = madd(a, b1, r11);
      a = v128.load32_splat(a2); r20 = madd(a, b0, r20); r21 = madd(a, b1, r21);
      a = v128.load32_splat(a3); r30 = madd(a, b0, r30); r31 = madd(a, b1, r31);
      b0 = v128.load(b, 32); b1 = v128.load(b, 48);
      a = v128.load32_splat(a0, 4); r00 = madd(a, b0, r00); r01 = madd(a, b1, r01);
      a = v128.load32_splat(a1, 4); r10 = madd(a, b0, r10); r11 = madd(a, b1, r11);
      a = v128.load32_splat(a2, 4); r20 = madd(a, b0, r20); r21 = madd(a, b1, r21);
      a = v128.load32_splat(a3, 4); r30 = madd(a, b0, r30); r31 = madd(a, b1, r31);
      b0 = v128.load(b, 64); b1 = v128.load(b, 80);
      a = v128.load32_splat(a0, 8); r00 = madd(a, b0, r00); r01 = madd(a, b1, r01);
      a = v128.load32_splat(a1, 8); r10 = madd(a, b0, r10); r11 = madd(a, b1, r11);
      a = v128.load32_splat(a2, 8); r20 = madd(a, b0, r20); r21 = madd(a, b1, r21);
      a = v128.load32_splat(a3, 8); r30 = madd(a, b0, r30); r31 = madd(a, b1, r31);
      b0 = v128.load(b, 96); b1 = v128.load(b, 112);
      a = v128.load32_splat(a0, 12); r00 = madd(a, b0, r00); r01 = madd(a, b1, r01);
      a = v128.load32_splat(a1, 12); r10 = madd(a, b0, r10); r11 = madd(a, b1, r11);
      a = v128.load32_splat(a2, 12); r20 = madd(a, b0, r20); r21 = madd(a, b1, r21);
      a = v128.load32_splat(a3, 12); r30 = madd(a, b0, r30); r31 = madd(a, b1, r31);
      a0 += 16; a1 += 16; a2 += 16; a3 += 16; b += 128;
      k -= 4;
    }
    while (k > 0) {
      b0 = v128.load(b); b1 = v128.load(b, 16);
      a = v128.load32_splat(a0); r00 = madd(a, b0, r00); r01 = madd(a, b1, r01);
      a = v128.load32_splat(a1); r10 = madd(a, b0, r10); r11 = madd(a, b1, r11);
      a = v128.load32_splat(a2); r20 = madd(a, b0, r20); r21 = madd(a, b1, r21);
      a = v128.load32_splat(a3); r30 = madd(a, b0, r30); r31 = madd(a, b1, r31);
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; b += 32;
      k--;
    }
    a0 += jump; a1 += jump; a2 += jump; a3 += jump;
  } while (--segs > 0);
  b0 = v128.load(bias); b1 = v128.load(bias, 16);
  finish(c0, r00, b0, mode); finish(c0 + 16, r01, b1, mode);
  finish(c1, r10, b0, mode); finish(c1 + 16, r11, b1, mode);
  finish(c2, r20, b0, mode); finish(c2 + 16, r21, b1, mode);
  finish(c3, r30, b0, mode); finish(c3 + 16, r31, b1, mode);
}

export function rows4(
  a0: usize, a1: usize, a2: usize, a3: usize, segs: i32, len: i32, jump: usize, b: usize,
  c0: usize, c1: usize, c2: usize, c3: usize, bias: usize, mode: i32,
): void {
  let r0 = f32x4.splat(0), r1 = f32x4.splat(0), r2 = f32x4.splat(0), r3 = f32x4.splat(0);
  let b0: v128;
  if (mode & GO_ON) {
    r0 = v128.load(c0);
    r1 = v128.load(c1);
    r2 = v128.load(c2);
    r3 = v128.load(c3);
  }
  do {
    let k = len;
    while (k >= 2) {
      b0 = v128.load(b);
      r0 = madd(v128.load32_splat(a0), b0, r0); r1 = madd(v128.load32_splat(a1), b0, r1);
      r2 = madd(v128.load32_splat(a2), b0, r2); r3 = madd(v128.load32_splat(a3), b0, r3);
      b0 = v128.load(b, 16);
      r0 = madd(v128.load32_splat(a0, 4), b0, r0); r1 = madd(v128.load32_splat(a1, 4), b0, r1);
      r2 = madd(v128.load32_splat(a2, 4), b0, r2); r3 = madd(v128.load32_splat(a3, 4), b0, r3);
      a0 += 8; a1 += 8; a2 += 8; a3 += 8; b += 32;
      k -= 2;
    }
    if (k > 0) {
      b0 = v128.load(b);
      r0 = madd(v128.load32_splat(a0), b0, r0); r1 = madd(v128.load32_splat(a1), b0, r1);
      r2 = madd(v128.load32_splat(a2), b0, r2); r3 = madd(v128.load32_splat(a3), b0, r3);
      a0 += 4; a1 += 4; a2 += 4; a3 += 4; b += 16;
    }
    a0 += jump; a1 += jump; a2 += jump; a3 += jump;
  } while (--segs > 0);
  b0 = v128.load(bias);
  finish(c0, r0, b0, mode); finish(c1, r1, b0, mode);
  finish(c2, r2, b0, mode); finish(c3, r3, b0, mode);
}

export function strided12(
  a0: usize, a1: usize, a2: usize, a3: usize, step: usize, segs: i32, len: i32, jump: usize, b: usize,
  c0: usize, c1: usize, c2: usize, c3: usize, bias: usize, mode: i32,
): void {
  let r00 = f32x4.splat(0), r01 = f32x4.splat(0), r02 = f32x4.splat(0);
  let r10 = f32x4.splat(0), r11 = f32x4.splat(0), r12 = f32x4.splat(0);
  let r20 = f32x4.splat(0), r21 = f32x4.splat(0), r22 = f32x4.splat(0);
  let r30 = f32x4.splat(0), r31 = f32x4.splat(0), r32 = f32x4.splat(0);
  let b0: v128, b1: v128, b2: v128, a: v128;
  do {
    let k = len;
    do {
      b0 = v128.load(b); b1 = v128.load(b, 16); b2 = v128.load(b, 32);
      a = v128.load32_splat(a0); r00 = madd(a, b0, r00); r01 = madd(a, b1, r01); r02 = madd(a, b2, r02);
      a = v128.load32_splat(a1); r10 = madd(a, b0, r10); r11 = madd(a, b1, r11); r12 = madd(a, b2, r12);
      a = v128.load32_splat(a2); r20 = madd(a, b0, r20); r21 = madd(a, b1, r21); r22 = madd(a, b2, r22);
      a = v128.load32_splat(a3); r30 = madd(a, b0, r30); r31 = madd(a, b1, r31); r32 = madd(a, b2, r32);
      a0 += step; a1 += step; a2 += step; a3 += step; b += 48;
    } while (--k > 0);
    a0 += jump; a1 += jump; a2 += jump; a3 += jump;
  } while (--segs > 0);
  b0 = v128.load(bias); b1 = v128.load(bias, 16); b2 = v128.load(bias, 32);
  finish(c0, r00, b0, mode); finish(c0 + 16, r01, b1, mode); finish(c0 + 32, r02, b2, mode);
  finish(c1, r10, b0, mode); finish(c1 + 16, r11, b1, mode); finish(c1 + 32, r12, b2, mode);
  finish(c2, r20, b0, mode); finish(c2 + 16, r21, b1, mode); finish(c2 + 32, r22, b2, mode);
  finish(c3, r30, b0, mode); finish(c3 + 16, r31, b1, mode); finish(c3 + 32, r32, b2, mode);
}

export function strided8(
  a0: usize, a1: usize, a2: usize, a3: usize, step: usize, segs: i32, len: i32, jump: usize, b: usize,
  c0: usize, c1: usize, c2: usize, c3: usize, bias: usize, mode: i32,
): void {
  let r00 = f32x4.splat(0), r01 = f32x4.splat(0), r10 = f32x4.splat(0), r11 = f32x4.splat(0);
  let r20 = f32x4.splat(0), r21 = f32x4.splat(0), r30 = f32x4.splat(0), r31 = f32x4.splat(0);
  let b0: v128, b1: v128, a: v128;
  do {
    let k = len;
    do {
      b0 = v128.load(b); b1 = v128.load(b, 16);
      a = v128.load32_splat(a0); r00 = madd(a, b0, r00); r01 = madd(a, b1, r01);
      a = v128.load32_splat(a1); r10 = madd(a, b0, r10); r11 = madd(a, b1, r11);
      a = v128.load32_splat(a2); r20 = madd(a, b0, r20); r21 = madd(a, b1, r21);
      a = v128.load32_splat(a3); r30 = madd(a, b0, r30); r31 = madd(a, b1, r31);
      a0 += step; a1 += step; a2 += step; a3 += step; b += 32;
    } while (--k > 0);
    a0 += jump; a1 += jump; a2 += jump; a3 += jump;
  } while (--segs > 0);
  b0 = v128.load(bias); b1 = v128.load(bias, 16);
  finish(c0, r00, b0, mode); finish(c0 + 16, r01, b1, mode);
  finish(c1, r10, b0, mode); finish(c1 + 16, r11, b1, mode);
  finish(c2, r20, b0, mode); finish(c2 + 16, r21, b1, mode);
  finish(c3, r30, b0, mode); finish(c3 + 16, r31, b1, mode);
}

export function strided4(
  a0: usize, a1: usize, a2: usize, a3: usize, step: usize, segs: i32, len: i32, jump: usize, b: usize,
  c0: usize, c1: usize, c2: usize, c3: usize, bias: usize, mode: i32,
): void {
  let r0 = f32x4.splat(0), r1 = f32x4.splat(0), r2 = f32x4.splat(0), r3 = f32x4.splat(0);
  let b0: v128;
  do {
    let k = len;
    do {
      b0 = v128.load(b);
      r0 = madd(v128.load32_splat(a0), b0, r0); r1 = madd(v128.load32_splat(a1), b0, r1);
      r2 = madd(v128.load32_splat(a2), b0, r2); r3 = madd(v128.load32_splat(a3), b0, r3);
      a0 += step; a1 += step; a2 += step; a3 += step; b += 16;
    } while (--k > 0);
    a0 += jump; a1 += jump; a2 += jump; a3 += jump;
  } while (--segs > 0);
  b0 = v128.load(bias);
  finish(c0, r0, b0, mode); finish(c1, r1, b0, mode);
  finish(c2, r2, b0, mode); finish(c3, r3, b0, mode);
}

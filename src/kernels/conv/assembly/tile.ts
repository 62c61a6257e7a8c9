/**
 * Products of Winograd's domain, whose operands are laid out for them: tiles of 6 x 8 (fifteen vector registers, all
 * that V8 hands out on x64) and smaller ones for what is left. Every sum runs in order of k from zero, so a result
 * does not depend on which tile it falls in.
 */
import { madd } from '../../simd/assembly/vec';

/** C[rows, 8] = A[rows, k] * B[k, 8]; rows of A lie `lda` bytes apart, those of C `ldc`. `rows` is even and > 2. */
export function rowsBy8(a: usize, lda: usize, rows: i32, b: usize, k: i32, c: usize, ldc: usize): void {
  while (rows > 0) {
    if (rows == 4 || rows == 8) {
      rows4x8(a, lda, b, k, c, ldc);
      a += lda << 2; c += ldc << 2; rows -= 4;
    } else {
      rows6x8(a, lda, b, k, c, ldc);
      a += 6 * lda; c += 6 * ldc; rows -= 6;
    }
  }
}

/** The same for a last panel of four columns. */
export function rowsBy4(a: usize, lda: usize, rows: i32, b: usize, k: i32, c: usize, ldc: usize): void {
  while (rows > 0) {
    if (rows == 4 || rows == 8) {
      rows4x4(a, lda, b, k, c, ldc);
      a += lda << 2; c += ldc << 2; rows -= 4;
    } else {
      rows6x4(a, lda, b, k, c, ldc);
      a += 6 * lda; c += 6 * ldc; rows -= 6;
    }
  }
}

function rows6x4(a0: usize, lda: usize, b: usize, k: i32, c: usize, ldc: usize): void {
  let a1 = a0 + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda, a5 = a4 + lda;
  let r0 = f32x4.splat(0), r1 = r0, r2 = r0, r3 = r0, r4 = r0, r5 = r0;
  for (; k > 0; k--) {
    const v = v128.load(b);
    r0 = madd(v128.load32_splat(a0), v, r0); r1 = madd(v128.load32_splat(a1), v, r1);
    r2 = madd(v128.load32_splat(a2), v, r2); r3 = madd(v128.load32_splat(a3), v, r3);
    r4 = madd(v128.load32_splat(a4), v, r4); r5 = madd(v128.load32_splat(a5), v, r5);
    a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4; b += 16;
  }
  v128.store(c, r0); c += ldc;
  v128.store(c, r1); c += ldc;
  v128.store(c, r2); c += ldc;
  v128.store(c, r3); c += ldc;
  v128.store(c, r4); c += ldc;
  v128.store(c, r5);
}

function rows4x4(a0: usize, lda: usize, b: usize, k: i32, c: usize, ldc: usize): void {
  let a1 = a0 + lda, a2 = a1 + lda, a3 = a2 + lda;
  let r0 = f32x4.splat(0), r1 = r0, r2 = r0, r3 = r0;
  for (; k > 0; k--) {
    const v = v128.load(b);
    r0 = madd(v128.load32_splat(a0), v, r0); r1 = madd(v128.load32_splat(a1), v, r1);
    r2 = madd(v128.load32_splat(a2), v, r2); r3 = madd(v128.load32_splat(a3), v, r3);
    a0 += 4; a1 += 4; a2 += 4; a3 += 4; b += 16;
  }
  v128.store(c, r0); c += ldc;
  v128.store(c, r1); c += ldc;
  v128.store(c, r2); c += ldc;
  v128.store(c, r3);
}

function rows6x8(a0: usize, lda: usize, b: usize, k: i32, c: usize, ldc: usize): void {
  let a1 = a0 + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda, a5 = a4 + lda;
  let r00 = f32x4.splat(0), r01 = f32x4.splat(0), r10 = f32x4.splat(0), r11 = f32x4.splat(0);
  let r20 = f32x4.splat(0), r21 = f32x4.splat(0), r30 = f32x4.splat(0), r31 = f32x4.splat(0);
  let r40 = f32x4.splat(0), r41 = f32x4.splat(0), r50 = f32x4.splat(0), r51 = f32x4.splat(0);
  let b0: v128, b1: v128, x: v128;
  for (; k >= 4; k -= 4) {
    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load32_splat(a0); r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
    x = v128.load32_splat(a1); r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
    x = v128.load32_splat(a2); r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
    x = v128.load32_splat(a3); r30 = madd(x, b0, r30); r31 = madd(x, b1, r31);
    x = v128.load32_splat(a4); r40 = madd(x, b0, r40); r41 = madd(x, b1, r41);
    x = v128.load32_splat(a5); r50 = madd(x, b0, r50); r51 = madd(x, b1, r51);
    b0 = v128.load(b, 32); b1 = v128.load(b, 48);
    x = v128.load32_splat(a0, 4); r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
    x = v128.load32_splat(a1, 4); r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
    x = v128.load32_splat(a2, 4); r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
    x = v128.load32_splat(a3, 4); r30 = madd(x, b0, r30); r31 = madd(x, b1, r31);
    x = v128.load32_splat(a4, 4); r40 = madd(x, b0, r40); r41 = madd(x, b1, r41);
    x = v128.load32_splat(a5, 4); r50 = madd(x, b0, r50); r51 = madd(x, b1, r51);
    b0 = v128.load(b, 64); b1 = v128.load(b, 80);
    x = v128.load32_splat(a0, 8); r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
    x = v128.load32_splat(a1, 8); r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
    x = v128.load32_splat(a2, 8); r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
    x = v128.load32_splat(a3, 8); r30 = madd(x, b0, r30); r31 = madd(x, b1, r31);
    x = v128.load32_splat(a4, 8); r40 = madd(x, b0, r40); r41 = madd(x, b1, r41);
    x = v128.load32_splat(a5, 8); r50 = madd(x, b0, r50); r51 = madd(x, b1, r51);
    b0 = v128.load(b, 96); b1 = v128.load(b, 112);
    x = v128.load32_splat(a0, 12); r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
    x = v128.load32_splat(a1, 12); r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
    x = v128.load32_splat(a2, 12); r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
    x = v128.load32_splat(a3, 12); r30 = madd(x, b0, r30); r31 = madd(x, b1, r31);
    x = v128.load32_splat(a4, 12); r40 = madd(x, b0, r40); r41 = madd(x, b1, r41);
    x = v128.load32_splat(a5, 12); r50 = madd(x, b0, r50); r51 = madd(x, b1, r51);
    a0 += 16; a1 += 16; a2 += 16; a3 += 16; a4 += 16; a5 += 16; b += 128;
  }
  for (; k > 0; k--) {
    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load32_splat(a0); r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
    x = v128.load32_splat(a1); r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
    x = v128.load32_splat(a2); r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
    x = v128.load32_splat(a3); r30 = madd(x, b0, r30); r31 = madd(x, b1, r31);
    x = v128.load32_splat(a4); r40 = madd(x, b0, r40); r41 = madd(x, b1, r41);
    x = v128.load32_splat(a5); r50 = madd(x, b0, r50); r51 = madd(x, b1, r51);
    a0 += 4; a1 += 4; a2 += 4; a3 += 4; a4 += 4; a5 += 4; b += 32;
  }
  v128.store(c, r00); v128.store(c, r01, 16); c += ldc;
  v128.store(c, r10); v128.store(c, r11, 16); c += ldc;
  v128.store(c, r20); v128.store(c, r21, 16); c += ldc;
  v128.store(c, r30); v128.store(c, r31, 16); c += ldc;
  v128.store(c, r40); v128.store(c, r41, 16); c += ldc;
  v128.store(c, r50); v128.store(c, r51, 16);
}

function rows4x8(a0: usize, lda: usize, b: usize, k: i32, c: usize, ldc: usize): void {
  let a1 = a0 + lda, a2 = a1 + lda, a3 = a2 + lda;
  let r00 = f32x4.splat(0), r01 = f32x4.splat(0), r10 = f32x4.splat(0), r11 = f32x4.splat(0);
  let r20 = f32x4.splat(0), r21 = f32x4.splat(0), r30 = f32x4.splat(0), r31 = f32x4.splat(0);
  let b0: v128, b1: v128, x: v128;
  for (; k >= 2; k -= 2) {
    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load32_splat(a0); r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
    x = v128.load32_splat(a1); r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
    x = v128.load32_splat(a2); r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
    x = v128.load32_splat(a3); r30 = madd(x, b0, r30); r31 = madd(x, b1, r31);
    b0 = v128.load(b, 32); b1 = v128.load(b, 48);
    x = v128.load32_splat(a0, 4); r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
    x = v128.load32_splat(a1, 4); r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
    x = v128.load32_splat(a2, 4); r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
    x = v128.load32_splat(a3, 4); r30 = madd(x, b0, r30); r31 = madd(x, b1, r31);
    a0 += 8; a1 += 8; a2 += 8; a3 += 8; b += 64;
  }
  if (k > 0) {
    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load32_splat(a0); r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
    x = v128.load32_splat(a1); r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
    x = v128.load32_splat(a2); r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
    x = v128.load32_splat(a3); r30 = madd(x, b0, r30); r31 = madd(x, b1, r31);
  }
  v128.store(c, r00); v128.store(c, r01, 16); c += ldc;
  v128.store(c, r10); v128.store(c, r11, 16); c += ldc;
  v128.store(c, r20); v128.store(c, r21, 16); c += ldc;
  v128.store(c, r30); v128.store(c, r31, 16);
}

/**
 * C[m, 8] += transpose(A[k, m]) * B[k, 8]; rows of A, B and C lie `lda`, `ldb` and `ldc` bytes apart. m is a multiple
 * of 4. The product is summed from zero and then added: long sums stay several times more accurate in such blocks.
 */
export function outerBy8(a: usize, lda: usize, m: i32, b: usize, ldb: usize, k: i32, c: usize, ldc: usize): void {
  while (m > 0) {
    if (m == 4 || m == 8) {
      outer4x8(a, lda, b, ldb, k, c, ldc);
      a += 16; c += ldc << 2; m -= 4;
    } else {
      outer6x8(a, lda, b, ldb, k, c, ldc);
      a += 24; c += 6 * ldc; m -= 6;
    }
  }
}

/** The same for a last panel of four columns. */
export function outerBy4(a: usize, lda: usize, m: i32, b: usize, ldb: usize, k: i32, c: usize, ldc: usize): void {
  for (; m > 0; m -= 4) {
    const c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
    let r0 = f32x4.splat(0), r1 = r0, r2 = r0, r3 = r0, p = a, q = b;
    for (let i = 0; i < k; i++) {
      const v = v128.load(q);
      r0 = madd(v128.load32_splat(p), v, r0);
      r1 = madd(v128.load32_splat(p, 4), v, r1);
      r2 = madd(v128.load32_splat(p, 8), v, r2);
      r3 = madd(v128.load32_splat(p, 12), v, r3);
      p += lda; q += ldb;
    }
    plus(c, r0); plus(c1, r1); plus(c2, r2); plus(c3, r3);
    a += 16; c += ldc << 2;
  }
}

function outer6x8(a: usize, lda: usize, b: usize, ldb: usize, k: i32, c: usize, ldc: usize): void {
  const c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc, c4 = c3 + ldc, c5 = c4 + ldc;
  let r00 = f32x4.splat(0), r01 = f32x4.splat(0), r10 = f32x4.splat(0), r11 = f32x4.splat(0);
  let r20 = f32x4.splat(0), r21 = f32x4.splat(0), r30 = f32x4.splat(0), r31 = f32x4.splat(0);
  let r40 = f32x4.splat(0), r41 = f32x4.splat(0), r50 = f32x4.splat(0), r51 = f32x4.splat(0);
  let b0: v128, b1: v128, x: v128;
  for (; k >= 2; k -= 2) {
    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load32_splat(a); r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
    x = v128.load32_splat(a, 4); r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
    x = v128.load32_splat(a, 8); r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
    x = v128.load32_splat(a, 12); r30 = madd(x, b0, r30); r31 = madd(x, b1, r31);
    x = v128.load32_splat(a, 16); r40 = madd(x, b0, r40); r41 = madd(x, b1, r41);
    x = v128.load32_splat(a, 20); r50 = madd(x, b0, r50); r51 = madd(x, b1, r51);
    a += lda; b += ldb;
    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load32_splat(a); r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
    x = v128.load32_splat(a, 4); r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
    x = v128.load32_splat(a, 8); r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
    x = v128.load32_splat(a, 12); r30 = madd(x, b0, r30); r31 = madd(x, b1, r31);
    x = v128.load32_splat(a, 16); r40 = madd(x, b0, r40); r41 = madd(x, b1, r41);
    x = v128.load32_splat(a, 20); r50 = madd(x, b0, r50); r51 = madd(x, b1, r51);
    a += lda; b += ldb;
  }
  if (k > 0) {
    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load32_splat(a); r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
    x = v128.load32_splat(a, 4); r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
    x = v128.load32_splat(a, 8); r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
    x = v128.load32_splat(a, 12); r30 = madd(x, b0, r30); r31 = madd(x, b1, r31);
    x = v128.load32_splat(a, 16); r40 = madd(x, b0, r40); r41 = madd(x, b1, r41);
    x = v128.load32_splat(a, 20); r50 = madd(x, b0, r50); r51 = madd(x, b1, r51);
  }
  plus(c, r00); plus(c + 16, r01); plus(c1, r10); plus(c1 + 16, r11);
  plus(c2, r20); plus(c2 + 16, r21); plus(c3, r30); plus(c3 + 16, r31);
  plus(c4, r40); plus(c4 + 16, r41); plus(c5, r50); plus(c5 + 16, r51);
}

function outer4x8(a: usize, lda: usize, b: usize, ldb: usize, k: i32, c: usize, ldc: usize): void {
  const c1 = c + ldc, c2 = c1 + ldc, c3 = c2 + ldc;
  let r00 = f32x4.splat(0), r01 = f32x4.splat(0), r10 = f32x4.splat(0), r11 = f32x4.splat(0);
  let r20 = f32x4.splat(0), r21 = f32x4.splat(0), r30 = f32x4.splat(0), r31 = f32x4.splat(0);
  let b0: v128, b1: v128, x: v128;
  for (; k > 0; k--) {
    b0 = v128.load(b); b1 = v128.load(b, 16);
    x = v128.load32_splat(a); r00 = madd(x, b0, r00); r01 = madd(x, b1, r01);
    x = v128.load32_splat(a, 4); r10 = madd(x, b0, r10); r11 = madd(x, b1, r11);
    x = v128.load32_splat(a, 8); r20 = madd(x, b0, r20); r21 = madd(x, b1, r21);
    x = v128.load32_splat(a, 12); r30 = madd(x, b0, r30); r31 = madd(x, b1, r31);
    a += lda; b += ldb;
  }
  plus(c, r00); plus(c + 16, r01); plus(c1, r10); plus(c1 + 16, r11);
  plus(c2, r20); plus(c2 + 16, r21); plus(c3, r30); plus(c3 + 16, r31);
}

// @ts-ignore: decorator
@inline
function plus(c: usize, r: v128): void {
  v128.store(c, f32x4.add(v128.load(c), r));
}

/**
 * Packing of B[K, N] into column panels of 8: panel after panel, each [K][8]. A last panel of at most
 * four columns is packed [K][4], so 300 or 20 columns waste nothing. Missing columns are zeros.
 */

/** Bytes of a packed B. */
// @ts-ignore: decorator
@inline
export function packedBytes(k: i32, n: i32): usize {
  return (<usize>k * (<usize>(n + 3) & ~3)) << 2;
}

/** B is given row-major with rows `ld` bytes apart. */
export function packB(src: usize, dst: usize, k: i32, n: i32, ld: usize): void {
  let j = 0;
  for (; j + 8 <= n; j += 8) {
    let s = src + (<usize>j << 2);
    for (let i = 0; i < k; i++) {
      v128.store(dst, v128.load(s));
      v128.store(dst, v128.load(s, 16), 16);
      s += ld;
      dst += 32;
    }
  }
  if (j < n) packTail(src + (<usize>j << 2), dst, k, n - j, ld, 4);
}

/** B is the transpose of what is given: src holds N rows of K, `ld` bytes apart. */
export function packBTransposed(src: usize, dst: usize, k: i32, n: i32, ld: usize): void {
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    // Two blocks of four rows fill one panel of eight; a lone one makes the narrow panel.
    const wide = (j & 4) != 0 || j + 4 < n;
    const step: usize = wide ? 32 : 16;
    const out = dst + (<usize>(j & ~7) * <usize>k << 2) + (j & 4 ? 16 : 0);
    transpose4(src + <usize>j * ld, out, k, ld, step);
  }
  if (j < n) {
    const wide = (j & 4) != 0;
    const out = dst + (<usize>(j & ~7) * <usize>k << 2) + (wide ? 16 : 0);
    const step: usize = wide ? 32 : 16;
    for (let i = 0; i < k; i++) {
      const o = out + <usize>i * step;
      v128.store(o, f32x4.splat(0));
      for (let l = 0; l < n - j; l++) store<f32>(o + (l << 2), load<f32>(src + <usize>(j + l) * ld + (i << 2)));
    }
  }
}

/** Four rows of k floats to k rows of four floats, `step` bytes apart. */
export function transpose4(src: usize, dst: usize, k: i32, ld: usize, step: usize): void {
  let s0 = src, s1 = src + ld, s2 = s1 + ld, s3 = s2 + ld;
  let i = 0;
  for (; i + 4 <= k; i += 4) {
    const a = v128.load(s0), b = v128.load(s1), c = v128.load(s2), d = v128.load(s3);
    const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    v128.store(dst, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5)); dst += step;
    v128.store(dst, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7)); dst += step;
    v128.store(dst, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5)); dst += step;
    v128.store(dst, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7)); dst += step;
    s0 += 16; s1 += 16; s2 += 16; s3 += 16;
  }
  for (; i < k; i++) {
    store<f32>(dst, load<f32>(s0)); store<f32>(dst, load<f32>(s1), 4);
    store<f32>(dst, load<f32>(s2), 8); store<f32>(dst, load<f32>(s3), 12);
    dst += step;
    s0 += 4; s1 += 4; s2 += 4; s3 += 4;
  }
}

/** src [m, n] (rows `ld` bytes apart) to dst [n, m] dense. */
export function transpose(src: usize, dst: usize, m: i32, n: i32, ld: usize): void {
  let i = 0;
  const row = <usize>m << 2;
  for (; i + 4 <= m; i += 4) transpose4(src + <usize>i * ld, dst + (<usize>i << 2), n, ld, row);
  for (; i < m; i++) {
    for (let j = 0; j < n; j++) {
      store<f32>(dst + <usize>j * row + (<usize>i << 2), load<f32>(src + <usize>i * ld + (<usize>j << 2)));
    }
  }
}

/** The last 1..7 columns: one more panel of 8 when more than 4, else one of 4. */
function packTail(src: usize, dst: usize, k: i32, n: i32, ld: usize, narrow: i32): void {
  const width = n > narrow ? 8 : narrow;
  for (let i = 0; i < k; i++) {
    for (let l = 0; l < width; l++) {
      store<f32>(dst + (<usize>l << 2), l < n ? load<f32>(src + (<usize>l << 2)) : 0);
    }
    src += ld;
    dst += <usize>width << 2;
  }
}

/**
 * Packing of B[K, N] into column panels of 12: panel after panel, each [K][12]. The last panel is as narrow
 * as its columns allow: [K][4], [K][8] or [K][12]. What is in lanes beyond N does not matter: nothing stores them.
 */

/** Bytes of a packed B. */
// @ts-ignore: decorator
@inline
export function packedBytes(k: i32, n: i32): usize {
  return (<usize>k * (<usize>(n + 3) & ~3)) << 2;
}

/** B is given row-major with rows `ld` bytes apart. */
export function packB(src: usize, dst: usize, k: i32, n: i32, ld: usize): void {
  for (let j = 0; j < n; j += 12) {
    let s = src + (<usize>j << 2);
    const w = n - j;
    for (let i = 0; i < k; i++) {
      v128.store(dst, v128.load(s));
      dst += 16;
      if (w > 4) {
        v128.store(dst, v128.load(s, 16));
        dst += 16;
      }
      if (w > 8) {
        v128.store(dst, v128.load(s, 32));
        dst += 16;
      }
      s += ld;
    }
  }
}

/** B is the transpose of what is given: src holds N rows of K, `ld` bytes apart. */
export function packBTransposed(src: usize, dst: usize, k: i32, n: i32, ld: usize): void {
  for (let p = 0; p < n; p += 12) {
    const step = <usize>min(12, (n - p + 3) & ~3) << 2;
    for (let j = p; j < min(p + 12, n); j += 4) {
      const out = dst + (<usize>(j - p) << 2);
      if (j + 4 <= n) transpose4(src + <usize>j * ld, out, k, ld, step);
      else transposeFew(src + <usize>j * ld, out, n - j, k, ld, step);
    }
    dst += step * <usize>k;
  }
}

/** As transpose4 of 1..3 rows. */
function transposeFew(src: usize, dst: usize, rows: i32, k: i32, ld: usize, step: usize): void {
  for (let l = 0; l < rows; l++) {
    for (let i = 0; i < k; i++) {
      store<f32>(dst + <usize>i * step + (<usize>l << 2), load<f32>(src + <usize>l * ld + (<usize>i << 2)));
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

/** src [m, n] (rows `ld` bytes apart) to dst [n, m] (rows `row` bytes apart). */
export function transpose(src: usize, dst: usize, m: i32, n: i32, ld: usize, row: usize): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) transpose4(src + <usize>i * ld, dst + (<usize>i << 2), n, ld, row);
  if (i < m) transposeFew(src + <usize>i * ld, dst + (<usize>i << 2), m - i, n, ld, row);
}

/**
 * The same for a narrow src [m, n] and a dst whose rows lie far apart: each row of dst is written at one go. Rows of
 * src hold whole vectors.
 */
export function transposeFar(src: usize, dst: usize, m: i32, n: i32, ld: usize, row: usize): void {
  for (let j = 0; j < n; j += 4) {
    const s = src + (<usize>j << 2), d = dst + <usize>j * row;
    let i = 0;
    if (j + 4 <= n) for (; i + 4 <= m; i += 4) transpose4(s + <usize>i * ld, d + (<usize>i << 2), 4, ld, row);
    for (; i < m; i++) {
      for (let l = 0; l < min(4, n - j); l++) {
        store<f32>(d + <usize>l * row + (<usize>i << 2), load<f32>(s + <usize>i * ld + (<usize>l << 2)));
      }
    }
  }
}

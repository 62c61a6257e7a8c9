/**
 * Products that skip zeros exactly: most pixels of a digit are 0, and behind relu and max pooling three of
 * four gradients are. A list holds, for each factor that is not zero, the address of the row it multiplies and
 * the factor (u32, f32); a row is walked in pairs of vectors. The order of summation is that of the dense
 * kernels, so both give the same bits (a skipped 0 * NaN or 0 * infinity aside).
 */
import { madd } from './vec';

/** A block of five pairs: what a ragged last block is made in before its valid part is copied. */
const STAGE: usize = memory.data(160, 16);
/** Floats per block. */
export const BLOCK: i32 = 40;

/** How many of x[n] are not zero; NaN counts. */
export function countNonzero(x: usize, n: i32): i32 {
  const zero = f32x4.splat(0);
  let sums = i32x4.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    sums = i32x4.sub(sums, f32x4.ne(v128.load(x), zero));
    x += 16;
  }
  let count = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1)
    + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  for (; i < n; i++) {
    if (load<f32>(x) != 0) count++;
    x += 4;
  }
  return count;
}

/** Appends x[k] with row + k * ld for each that is not zero; returns the new end of the list. */
export function listRow(x: usize, n: i32, row: usize, ld: usize, list: usize): usize {
  for (let k = 0; k < n; k++) {
    const v = load<f32>(x);
    store<u32>(list, <u32>row);
    store<f32>(list, v, 4);
    list += <usize>(v != 0) << 3;
    x += 4;
    row += ld;
  }
  return list;
}

/**
 * out = (add ? out : 0) + sum over the list of factor * row, for `pairs` times 8 floats. Pairs lie `jump` bytes
 * apart from `off` in the rows, `outJump` in out.
 */
export function combine(
  list: usize, end: usize, off: usize, jump: usize, out: usize, outJump: usize, pairs: i32, add: bool,
): void {
  while (pairs >= 5) {
    axpy5(list, end, off, jump, out, outJump, add);
    off += 5 * jump;
    out += 5 * outJump;
    pairs -= 5;
  }
  if (pairs >= 3) {
    axpy3(list, end, off, jump, out, outJump, add);
    off += 3 * jump;
    out += 3 * outJump;
    pairs -= 3;
  }
  for (; pairs > 0; pairs--) {
    axpy1(list, end, off, jump, out, outJump, add);
    off += jump;
    out += outJump;
  }
}

/** out[n] (n up to BLOCK) = sum over the list of factor * row[off...]; writes nothing beyond n. */
export function combineBlock(list: usize, end: usize, off: usize, out: usize, n: i32): void {
  const pairs = (n + 7) >> 3;
  if (n == pairs << 3) {
    combine(list, end, off, 32, out, 32, pairs, false);
  } else {
    combine(list, end, off, 32, STAGE, 32, pairs, false);
    memory.copy(out, STAGE, <usize>n << 2);
  }
}

function axpy5(list: usize, end: usize, off: usize, jump: usize, out: usize, outJump: usize, add: bool): void {
  let r0 = f32x4.splat(0), r1 = f32x4.splat(0), r2 = f32x4.splat(0), r3 = f32x4.splat(0), r4 = f32x4.splat(0), r5 = f32x4.splat(0), r6 = f32x4.splat(0), r7 = f32x4.splat(0), r8 = f32x4.splat(0), r9 = f32x4.splat(0);
  let q = out;
  if (add) {
    r0 = v128.load(q); r1 = v128.load(q, 16); q += outJump;
    r2 = v128.load(q); r3 = v128.load(q, 16); q += outJump;
    r4 = v128.load(q); r5 = v128.load(q, 16); q += outJump;
    r6 = v128.load(q); r7 = v128.load(q, 16); q += outJump;
    r8 = v128.load(q); r9 = v128.load(q, 16);
    q = out;
  }
  for (; list < end; list += 8) {
    const v = v128.load32_splat(list, 4);
    let p = load<u32>(list) + off;
    r0 = madd(v, v128.load(p), r0); r1 = madd(v, v128.load(p, 16), r1); p += jump;
    r2 = madd(v, v128.load(p), r2); r3 = madd(v, v128.load(p, 16), r3); p += jump;
    r4 = madd(v, v128.load(p), r4); r5 = madd(v, v128.load(p, 16), r5); p += jump;
    r6 = madd(v, v128.load(p), r6); r7 = madd(v, v128.load(p, 16), r7); p += jump;
    r8 = madd(v, v128.load(p), r8); r9 = madd(v, v128.load(p, 16), r9);
  }
  v128.store(q, r0); v128.store(q, r1, 16); q += outJump;
  v128.store(q, r2); v128.store(q, r3, 16); q += outJump;
  v128.store(q, r4); v128.store(q, r5, 16); q += outJump;
  v128.store(q, r6); v128.store(q, r7, 16); q += outJump;
  v128.store(q, r8); v128.store(q, r9, 16);
}

function axpy3(list: usize, end: usize, off: usize, jump: usize, out: usize, outJump: usize, add: bool): void {
  let r0 = f32x4.splat(0), r1 = f32x4.splat(0), r2 = f32x4.splat(0), r3 = f32x4.splat(0), r4 = f32x4.splat(0), r5 = f32x4.splat(0);
  let q = out;
  if (add) {
    r0 = v128.load(q); r1 = v128.load(q, 16); q += outJump;
    r2 = v128.load(q); r3 = v128.load(q, 16); q += outJump;
    r4 = v128.load(q); r5 = v128.load(q, 16);
    q = out;
  }
  for (; list < end; list += 8) {
    const v = v128.load32_splat(list, 4);
    let p = load<u32>(list) + off;
    r0 = madd(v, v128.load(p), r0); r1 = madd(v, v128.load(p, 16), r1); p += jump;
    r2 = madd(v, v128.load(p), r2); r3 = madd(v, v128.load(p, 16), r3); p += jump;
    r4 = madd(v, v128.load(p), r4); r5 = madd(v, v128.load(p, 16), r5);
  }
  v128.store(q, r0); v128.store(q, r1, 16); q += outJump;
  v128.store(q, r2); v128.store(q, r3, 16); q += outJump;
  v128.store(q, r4); v128.store(q, r5, 16);
}

function axpy1(list: usize, end: usize, off: usize, jump: usize, out: usize, outJump: usize, add: bool): void {
  let r0 = f32x4.splat(0), r1 = f32x4.splat(0);
  let q = out;
  if (add) {
    r0 = v128.load(q); r1 = v128.load(q, 16);
    q = out;
  }
  for (; list < end; list += 8) {
    const v = v128.load32_splat(list, 4);
    let p = load<u32>(list) + off;
    r0 = madd(v, v128.load(p), r0); r1 = madd(v, v128.load(p, 16), r1);
  }
  v128.store(q, r0); v128.store(q, r1, 16);
}

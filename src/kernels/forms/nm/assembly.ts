/**
 * N:M sparsity; contract.ts says how it lies. Inputs of a group are one vector where M is 4, and a shuffle brings to
 * each lane the one it reads.
 */
import { packBTransposed } from '../../simd/assembly/pack';
import { PANEL, putFour, putSums, SUMS } from '../../simd/assembly/panel';
import { madd } from '../../simd/assembly/vec';

/** Up to so many rows each is multiplied by itself. */
const SMALL: i32 = 3;
/** Rows at a time where M is 4. */
const ROWS: i32 = 8;

/** By the byte of four indices of two bits: which bytes of a vector go where. */
const SHUFFLES: usize = memory.data(4096, 16);
let tabled: bool = false;

function fillTable(): void {
  for (let code = 0; code < 256; code++) {
    for (let b = 0; b < 16; b++) {
      store<u8>(SHUFFLES + <usize>(code * 16 + b), ((code >> ((b >> 2) * 2) & 3) << 2) + (b & 3));
    }
  }
  tabled = true;
}

/** Bytes of x where each lane wants them; `how` is below 16. */
// @ts-ignore: decorator
@inline
function pick(x: v128, how: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i8x16.relaxed_swizzle(x, how) : i8x16.swizzle(x, how);
}
// @ts-ignore: decorator
@inline
function shuffleAt(index: usize, offset: usize): v128 {
  return v128.load(SHUFFLES + (<usize>load<u8>(index + offset) << 4));
}

export function nmScratch(inn: i32): usize {
  return (<usize>(inn + 16) * PANEL << 2) + 64;
}

export function nmForward(
  x: usize, pattern: usize, values: usize, indices: usize, bias: usize, y: usize,
  rows: i32, inn: i32, out: i32, relu: i32, scratch: usize,
): void {
  if (!tabled) fillTable();
  const n = load<u32>(pattern), m = load<u32>(pattern, 4);
  const ldx = <usize>inn << 2, ldy = <usize>out << 2;
  const groups = (inn + m - 1) / m;
  const step = m == 4 ? ROWS : PANEL;
  let i = 0;
  while (i < rows) {
    const few = min(step, rows - i);
    const xi = x + <usize>i * ldx, yi = y + <usize>i * ldy;
    if (few <= SMALL) {
      oneRow(xi, values, indices, bias, yi, inn, out, relu, n, m, groups, scratch);
      i++;
    } else {
      if (m == 4) rows4(xi, values, indices, bias, yi, few, inn, out, relu, n, groups, scratch);
      else panel(xi, values, indices, bias, yi, few, inn, out, relu, n, m, groups, scratch);
      i += few;
    }
  }
}

function oneRow(
  x: usize, values: usize, indices: usize, bias: usize, y: usize, inn: i32, out: i32, relu: i32,
  n: i32, m: i32, groups: i32, scratch: usize,
): void {
  if (m > 4) {
    // Whole groups are read, and nothing is known of what lies behind the row.
    memory.copy(scratch, x, <usize>inn << 2);
    memory.fill(scratch + (<usize>inn << 2), 0, 64);
    x = scratch;
  }
  const slots = <usize>(n * groups);
  const bytes: usize = m == 4 ? 1 : 4;
  for (let j = 0; j < out; j += 4) {
    let s: v128;
    if (m > 4) s = wide(x, values, indices, n, m, groups);
    else if (n == 2) s = pairs(x, values, indices, groups);
    else s = singles(x, values, indices, groups);
    putFour(y + (<usize>j << 2), s, bias ? v128.load(bias + (<usize>j << 2)) : f32x4.splat(0), out - j, relu);
    values += slots << 4;
    indices += slots * bytes;
  }
}

/** Four outputs of one row, 2:4. */
function pairs(x: usize, v: usize, index: usize, groups: i32): v128 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  let g = 0;
  for (; g + 2 <= groups; g += 2) {
    const a = v128.load(x), b = v128.load(x, 16);
    s0 = madd(pick(a, shuffleAt(index, 0)), v128.load(v), s0);
    s1 = madd(pick(a, shuffleAt(index, 1)), v128.load(v, 16), s1);
    s2 = madd(pick(b, shuffleAt(index, 2)), v128.load(v, 32), s2);
    s3 = madd(pick(b, shuffleAt(index, 3)), v128.load(v, 48), s3);
    x += 32; index += 4; v += 64;
  }
  if (g < groups) {
    const a = v128.load(x);
    s0 = madd(pick(a, shuffleAt(index, 0)), v128.load(v), s0);
    s1 = madd(pick(a, shuffleAt(index, 1)), v128.load(v, 16), s1);
  }
  return f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
}

/** The same, 1:4. */
function singles(x: usize, v: usize, index: usize, groups: i32): v128 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  let g = 0;
  for (; g + 4 <= groups; g += 4) {
    s0 = madd(pick(v128.load(x), shuffleAt(index, 0)), v128.load(v), s0);
    s1 = madd(pick(v128.load(x, 16), shuffleAt(index, 1)), v128.load(v, 16), s1);
    s2 = madd(pick(v128.load(x, 32), shuffleAt(index, 2)), v128.load(v, 32), s2);
    s3 = madd(pick(v128.load(x, 48), shuffleAt(index, 3)), v128.load(v, 48), s3);
    x += 64; index += 4; v += 64;
  }
  for (; g < groups; g++) {
    s0 = madd(pick(v128.load(x), shuffleAt(index, 0)), v128.load(v), s0);
    x += 16; index++; v += 16;
  }
  return f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
}

/** Four outputs of one row, M 8 or 16: what lies in other vectors of the group comes out as 0. */
function wide(x: usize, v: usize, index: usize, n: i32, m: i32, groups: i32): v128 {
  const spread = i8x16(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
  const within = i8x16(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
  const next = i8x16.splat(16);
  const jump = <usize>m << 2;
  let s0 = f32x4.splat(0), s1 = s0;
  for (let g = 0; g < groups; g++) {
    for (let slot = 0; slot < n; slot++) {
      let at = i8x16.add(i8x16.swizzle(i32x4.shl(v128.load32_zero(index), 2), spread), within);
      let a = i8x16.swizzle(v128.load(x), at);
      at = i8x16.sub(at, next);
      a = v128.or(a, i8x16.swizzle(v128.load(x, 16), at));
      if (m == 16) {
        at = i8x16.sub(at, next);
        a = v128.or(a, i8x16.swizzle(v128.load(x, 32), at));
        at = i8x16.sub(at, next);
        a = v128.or(a, i8x16.swizzle(v128.load(x, 48), at));
      }
      const s = madd(a, v128.load(v), s0);
      s0 = s1;
      s1 = s;
      index += 4; v += 16;
    }
    x += jump;
  }
  return f32x4.add(s0, s1);
}

/** 4..8 rows, M 4: group by group their vectors lie side by side in scratch. */
function rows4(
  x: usize, values: usize, indices: usize, bias: usize, y: usize, rows: i32, inn: i32, out: i32, relu: i32,
  n: i32, groups: i32, scratch: usize,
): void {
  const ldx = <usize>inn << 2, ldy = <usize>out << 2;
  for (let r = 0; r < rows; r++) {
    const from = x + <usize>r * ldx;
    const to = scratch + (<usize>r << 4);
    for (let g: usize = 0; g < <usize>groups; g++) v128.store(to + (g << 7), v128.load(from + (g << 4)));
  }
  const slots = <usize>(n * groups);
  for (let j = 0; j < out; j += 4) {
    if (n == 2) pairs8(scratch, values, indices, groups);
    else singles8(scratch, values, indices, groups);
    const b = bias ? v128.load(bias + (<usize>j << 2)) : f32x4.splat(0);
    for (let r = 0; r < rows; r++) {
      putFour(y + <usize>r * ldy + (<usize>j << 2), v128.load(SUMS + (<usize>r << 4)), b, out - j, relu);
    }
    values += slots << 4;
    indices += slots;
  }
}

function pairs8(x: usize, v: usize, index: usize, groups: i32): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (; groups > 0; groups--) {
    const p = shuffleAt(index, 0), q = shuffleAt(index, 1), a = v128.load(v), b = v128.load(v, 16);
    let c = v128.load(x); s0 = madd(pick(c, q), b, madd(pick(c, p), a, s0));
    c = v128.load(x, 16); s1 = madd(pick(c, q), b, madd(pick(c, p), a, s1));
    c = v128.load(x, 32); s2 = madd(pick(c, q), b, madd(pick(c, p), a, s2));
    c = v128.load(x, 48); s3 = madd(pick(c, q), b, madd(pick(c, p), a, s3));
    c = v128.load(x, 64); s4 = madd(pick(c, q), b, madd(pick(c, p), a, s4));
    c = v128.load(x, 80); s5 = madd(pick(c, q), b, madd(pick(c, p), a, s5));
    c = v128.load(x, 96); s6 = madd(pick(c, q), b, madd(pick(c, p), a, s6));
    c = v128.load(x, 112); s7 = madd(pick(c, q), b, madd(pick(c, p), a, s7));
    x += 128; index += 2; v += 32;
  }
  store8(s0, s1, s2, s3, s4, s5, s6, s7);
}

function singles8(x: usize, v: usize, index: usize, groups: i32): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (; groups > 0; groups--) {
    const p = shuffleAt(index, 0), a = v128.load(v);
    s0 = madd(pick(v128.load(x), p), a, s0); s1 = madd(pick(v128.load(x, 16), p), a, s1);
    s2 = madd(pick(v128.load(x, 32), p), a, s2); s3 = madd(pick(v128.load(x, 48), p), a, s3);
    s4 = madd(pick(v128.load(x, 64), p), a, s4); s5 = madd(pick(v128.load(x, 80), p), a, s5);
    s6 = madd(pick(v128.load(x, 96), p), a, s6); s7 = madd(pick(v128.load(x, 112), p), a, s7);
    x += 128; index++; v += 16;
  }
  store8(s0, s1, s2, s3, s4, s5, s6, s7);
}

// @ts-ignore: decorator
@inline
function store8(s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128): void {
  v128.store(SUMS, s0); v128.store(SUMS, s1, 16); v128.store(SUMS, s2, 32); v128.store(SUMS, s3, 48);
  v128.store(SUMS, s4, 64); v128.store(SUMS, s5, 80); v128.store(SUMS, s6, 96); v128.store(SUMS, s7, 112);
}

/** 4..12 rows, M 8 or 16: rows turned around, each weight by itself. */
function panel(
  x: usize, values: usize, indices: usize, bias: usize, y: usize, rows: i32, inn: i32, out: i32, relu: i32,
  n: i32, m: i32, groups: i32, scratch: usize,
): void {
  const ldx = <usize>inn << 2, ldy = <usize>out << 2;
  const width = <usize>((rows + 3) & ~3) << 2;
  packBTransposed(x, scratch, inn, rows, ldx);
  const slots = <usize>(n * groups);
  const jump = width * <usize>m;
  for (let j = 0; j < out; j += 4) {
    for (let lane: usize = 0; lane < 4; lane++) {
      const v = values + (lane << 2), index = indices + lane, to = SUMS + lane * width;
      if (width == 48) gather12(scratch, jump, v, index, n, groups, to);
      else gather4s(scratch, jump, width, v, index, n, groups, to);
    }
    putSums(rows, width, y + (<usize>j << 2), ldy, j, out, bias, relu);
    values += slots << 4;
    indices += slots << 2;
  }
}

function gather12(x: usize, jump: usize, v: usize, index: usize, n: i32, groups: i32, to: usize): void {
  let r0 = f32x4.splat(0), r1 = r0, r2 = r0, s0 = r0, s1 = r0, s2 = r0;
  for (; groups > 0; groups--) {
    let slot = n;
    for (; slot > 1; slot -= 2) {
      let p = x + <usize>load<u8>(index) * 48, w = v128.load32_splat(v);
      r0 = madd(w, v128.load(p), r0); r1 = madd(w, v128.load(p, 16), r1); r2 = madd(w, v128.load(p, 32), r2);
      p = x + <usize>load<u8>(index, 4) * 48; w = v128.load32_splat(v, 16);
      s0 = madd(w, v128.load(p), s0); s1 = madd(w, v128.load(p, 16), s1); s2 = madd(w, v128.load(p, 32), s2);
      index += 8; v += 32;
    }
    if (slot) {
      const p = x + <usize>load<u8>(index) * 48, w = v128.load32_splat(v);
      r0 = madd(w, v128.load(p), r0); r1 = madd(w, v128.load(p, 16), r1); r2 = madd(w, v128.load(p, 32), r2);
      index += 4; v += 16;
    }
    x += jump;
  }
  v128.store(to, f32x4.add(r0, s0)); v128.store(to, f32x4.add(r1, s1), 16); v128.store(to, f32x4.add(r2, s2), 32);
}

/** The same of a narrower panel, four rows after the other. */
function gather4s(
  x: usize, jump: usize, width: usize, v: usize, index: usize, n: i32, groups: i32, to: usize,
): void {
  for (let at: usize = 0; at < width; at += 16) {
    let r = f32x4.splat(0);
    let p = x + at, i = index, w = v;
    for (let g = groups; g > 0; g--) {
      for (let slot = n; slot > 0; slot--) {
        r = madd(v128.load32_splat(w), v128.load(p + <usize>load<u8>(i) * width), r);
        i += 4; w += 16;
      }
      p += jump;
    }
    v128.store(to + at, r);
  }
}

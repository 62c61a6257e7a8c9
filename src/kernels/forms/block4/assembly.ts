/** 4x1 blocks; contract.ts says how they lie. */
import { packBTransposed } from '../../simd/assembly/pack';
import { PANEL, putFour, putSums, SUMS } from '../../simd/assembly/panel';
import { madd } from '../../simd/assembly/vec';

/** Up to so many rows each is multiplied by itself: a panel would be mostly empty. */
const SMALL: i32 = 2;

export function block4Scratch(inn: i32): usize {
  return (<usize>inn * PANEL << 2) + 64;
}

export function block4Forward(
  x: usize, order: usize, starts: usize, columns: usize, values: usize, bias: usize, y: usize,
  rows: i32, inn: i32, out: i32, relu: i32, scratch: usize,
): void {
  const ldx = <usize>inn << 2, ldy = <usize>out << 2;
  if (rows <= SMALL) {
    for (let i = 0; i < rows; i++) {
      oneRow(x + <usize>i * ldx, order, starts, columns, values, bias, y + <usize>i * ldy, out, relu);
    }
    return;
  }
  const count = (out + 3) >> 2;
  for (let i = 0; i < rows; i += PANEL) {
    const few = min(PANEL, rows - i);
    const width = <usize>((few + 3) & ~3) << 2;
    packBTransposed(x + <usize>i * ldx, scratch, inn, few, ldx);
    for (let p = 0; p < count; p++) {
      const first = load<u32>(starts + (<usize>p << 2)), last = load<u32>(starts + (<usize>p << 2), 4);
      const c = columns + (<usize>first << 1), end = columns + (<usize>last << 1), v = values + (<usize>first << 4);
      if (width == 48) sum12(scratch, c, end, v);
      else if (width == 32) sum8(scratch, c, end, v);
      else sum4(scratch, c, end, v);
      const j = load<u32>(order + (<usize>p << 2)) << 2;
      putSums(few, width, y + <usize>i * ldy + (<usize>j << 2), ldy, j, out, bias, relu);
    }
  }
}

/** Four sums per group, so that one need not wait for another. */
function oneRow(
  x: usize, order: usize, starts: usize, columns: usize, values: usize, bias: usize, y: usize, out: i32, relu: i32,
): void {
  const count = (out + 3) >> 2;
  let c = columns, v = values;
  for (let p = 0; p < count; p++) {
    const end = columns + (<usize>load<u32>(starts + (<usize>p << 2), 4) << 1);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (; c + 8 <= end; c += 8) {
      const four = load<u64>(c);
      s0 = madd(v128.load32_splat(x + (<usize>(four & 0xffff) << 2)), v128.load(v), s0);
      s1 = madd(v128.load32_splat(x + (<usize>(four >> 16 & 0xffff) << 2)), v128.load(v, 16), s1);
      s2 = madd(v128.load32_splat(x + (<usize>(four >> 32 & 0xffff) << 2)), v128.load(v, 32), s2);
      s3 = madd(v128.load32_splat(x + (<usize>(four >> 48) << 2)), v128.load(v, 48), s3);
      v += 64;
    }
    for (; c < end; c += 2) {
      s0 = madd(v128.load32_splat(x + (<usize>load<u16>(c) << 2)), v128.load(v), s0);
      v += 16;
    }
    const j = load<u32>(order + (<usize>p << 2)) << 2;
    const b = bias ? v128.load(bias + (<usize>j << 2)) : f32x4.splat(0);
    putFour(y + (<usize>j << 2), f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), b, out - j, relu);
  }
}

/** SUMS of one group over a panel of twelve rows. */
function sum12(x: usize, c: usize, end: usize, v: usize): void {
  let r00 = f32x4.splat(0), r01 = r00, r02 = r00, r10 = r00, r11 = r00, r12 = r00;
  let r20 = r00, r21 = r00, r22 = r00, r30 = r00, r31 = r00, r32 = r00;
  for (; c < end; c += 2) {
    const p = x + <usize>load<u16>(c) * 48;
    const x0 = v128.load(p), x1 = v128.load(p, 16), x2 = v128.load(p, 32);
    let w = v128.load32_splat(v); r00 = madd(w, x0, r00); r01 = madd(w, x1, r01); r02 = madd(w, x2, r02);
    w = v128.load32_splat(v, 4); r10 = madd(w, x0, r10); r11 = madd(w, x1, r11); r12 = madd(w, x2, r12);
    w = v128.load32_splat(v, 8); r20 = madd(w, x0, r20); r21 = madd(w, x1, r21); r22 = madd(w, x2, r22);
    w = v128.load32_splat(v, 12); r30 = madd(w, x0, r30); r31 = madd(w, x1, r31); r32 = madd(w, x2, r32);
    v += 16;
  }
  v128.store(SUMS, r00); v128.store(SUMS, r01, 16); v128.store(SUMS, r02, 32);
  v128.store(SUMS, r10, 48); v128.store(SUMS, r11, 64); v128.store(SUMS, r12, 80);
  v128.store(SUMS, r20, 96); v128.store(SUMS, r21, 112); v128.store(SUMS, r22, 128);
  v128.store(SUMS, r30, 144); v128.store(SUMS, r31, 160); v128.store(SUMS, r32, 176);
}

function sum8(x: usize, c: usize, end: usize, v: usize): void {
  let r00 = f32x4.splat(0), r01 = r00, r10 = r00, r11 = r00, r20 = r00, r21 = r00, r30 = r00, r31 = r00;
  for (; c < end; c += 2) {
    const p = x + (<usize>load<u16>(c) << 5);
    const x0 = v128.load(p), x1 = v128.load(p, 16);
    let w = v128.load32_splat(v); r00 = madd(w, x0, r00); r01 = madd(w, x1, r01);
    w = v128.load32_splat(v, 4); r10 = madd(w, x0, r10); r11 = madd(w, x1, r11);
    w = v128.load32_splat(v, 8); r20 = madd(w, x0, r20); r21 = madd(w, x1, r21);
    w = v128.load32_splat(v, 12); r30 = madd(w, x0, r30); r31 = madd(w, x1, r31);
    v += 16;
  }
  v128.store(SUMS, r00); v128.store(SUMS, r01, 16); v128.store(SUMS, r10, 32); v128.store(SUMS, r11, 48);
  v128.store(SUMS, r20, 64); v128.store(SUMS, r21, 80); v128.store(SUMS, r30, 96); v128.store(SUMS, r31, 112);
}

function sum4(x: usize, c: usize, end: usize, v: usize): void {
  let r0 = f32x4.splat(0), r1 = r0, r2 = r0, r3 = r0;
  for (; c < end; c += 2) {
    const x0 = v128.load(x + (<usize>load<u16>(c) << 4));
    r0 = madd(v128.load32_splat(v), x0, r0); r1 = madd(v128.load32_splat(v, 4), x0, r1);
    r2 = madd(v128.load32_splat(v, 8), x0, r2); r3 = madd(v128.load32_splat(v, 12), x0, r3);
    v += 16;
  }
  v128.store(SUMS, r0); v128.store(SUMS, r1, 16); v128.store(SUMS, r2, 32); v128.store(SUMS, r3, 48);
}

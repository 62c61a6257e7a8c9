/**
 * Sparse products over lists of nonzeros, eight outputs at a time. A single row is gathered from; several rows are
 * turned around in blocks, so that every nonzero multiplies a vector of rows. Every sum runs in order of the inputs
 * from zero: a row gets the same bits in every batch.
 */
import { transpose } from '../../simd/assembly/pack';
import { madd, relu as clip } from '../../simd/assembly/vec';

/** Inputs up to which 16 rows of them stay near the first cache; of more, 8 rows are taken. */
const WIDE: i32 = 1200;

export function csrForward(
  x: usize, slices: usize, slots: usize, places: usize, index: usize, values: usize, bias: usize, y: usize,
  rows: i32, inn: i32, out: i32, relu: i32, scratch: usize,
): void {
  const count = (out + 7) >> 3;
  const most = inn <= WIDE ? 16 : 8;
  while (rows > 0) {
    const left = min(rows, most);
    const block = left > 8 ? 16 : left > 4 ? 8 : left > 1 ? 4 : 1;
    const row = <usize>block << 2;
    const sums = (scratch + <usize>(inn + 1) * row + 63) & ~63;
    take(x, scratch, left, block, inn);
    multiply(scratch, block, slices, slots, index, values, sums, count);
    if (block == 1) finishRow(sums, places, bias, y, out, relu);
    else finishBlock(sums, row, places, bias, y, left, out, relu);
    x += <usize>(left * inn) << 2;
    y += <usize>(left * out) << 2;
    rows -= left;
  }
}

/** Scratch bytes of the largest block: its inputs and its sums. */
export function csrScratch(inn: i32, out: i32): usize {
  return (<usize>(inn + 1 + ((out + 7) & ~7)) << 6) + 128;
}

/** Rows x [left, in] to xs [in + 1, block]; the last line is 0, for slots that have run out of nonzeros. */
function take(x: usize, xs: usize, left: i32, block: i32, inn: i32): void {
  const row = <usize>block << 2;
  if (block == 1) {
    memory.copy(xs, x, <usize>inn << 2);
  } else {
    if (left < block) memory.fill(xs, 0, <usize>inn * row);
    transpose(x, xs, left, inn, <usize>inn << 2, row);
  }
  memory.fill(xs + <usize>inn * row, 0, row);
}

/** sums [slots, block] of xs [in + 1, block]. */
export function multiply(
  xs: usize, block: i32, slices: usize, slots: usize, index: usize, values: usize, sums: usize, count: i32,
): void {
  if (block == 1) {
    gatherAll(xs, slices, index, values, sums, count);
    return;
  }
  const row = <usize>block << 2;
  for (let s = 0; s < count; s++) {
    const first = load<u32>(slices);
    let i = index + (<usize>first << 4), w = values + (<usize>first << 5);
    for (let pair = 0; pair < 4; pair++) {
      // The first list of the two is the longer one.
      const steps = load<u32>(slots, 4);
      if (block == 16) two16(xs, i, w, steps, sums);
      else if (block == 8) two8(xs, i, w, steps, sums);
      else two4(xs, i, w, steps, sums);
      slots += 16; i += 4; w += 8;
      sums += row << 1;
    }
    slices += 4;
  }
}

/** Two of the eight slots, 16 rows. */
function two16(xs: usize, i: usize, w: usize, steps: i32, to: usize): void {
  let r0 = f32x4.splat(0), r1 = r0, r2 = r0, r3 = r0, t0 = r0, t1 = r0, t2 = r0, t3 = r0;
  for (; steps > 0; steps--) {
    const p = xs + (<usize>load<u16>(i) << 6), q = xs + (<usize>load<u16>(i, 2) << 6);
    const a = v128.load32_splat(w), b = v128.load32_splat(w, 4);
    r0 = madd(a, v128.load(p), r0); r1 = madd(a, v128.load(p, 16), r1);
    r2 = madd(a, v128.load(p, 32), r2); r3 = madd(a, v128.load(p, 48), r3);
    t0 = madd(b, v128.load(q), t0); t1 = madd(b, v128.load(q, 16), t1);
    t2 = madd(b, v128.load(q, 32), t2); t3 = madd(b, v128.load(q, 48), t3);
    i += 16; w += 32;
  }
  v128.store(to, r0); v128.store(to, r1, 16); v128.store(to, r2, 32); v128.store(to, r3, 48);
  v128.store(to, t0, 64); v128.store(to, t1, 80); v128.store(to, t2, 96); v128.store(to, t3, 112);
}

function two8(xs: usize, i: usize, w: usize, steps: i32, to: usize): void {
  let r0 = f32x4.splat(0), r1 = r0, t0 = r0, t1 = r0;
  for (; steps > 0; steps--) {
    const p = xs + (<usize>load<u16>(i) << 5), q = xs + (<usize>load<u16>(i, 2) << 5);
    const a = v128.load32_splat(w), b = v128.load32_splat(w, 4);
    r0 = madd(a, v128.load(p), r0); r1 = madd(a, v128.load(p, 16), r1);
    t0 = madd(b, v128.load(q), t0); t1 = madd(b, v128.load(q, 16), t1);
    i += 16; w += 32;
  }
  v128.store(to, r0); v128.store(to, r1, 16); v128.store(to, t0, 32); v128.store(to, t1, 48);
}

function two4(xs: usize, i: usize, w: usize, steps: i32, to: usize): void {
  let r = f32x4.splat(0), t = r;
  for (; steps > 0; steps--) {
    r = madd(v128.load32_splat(w), v128.load(xs + (<usize>load<u16>(i) << 4)), r);
    t = madd(v128.load32_splat(w, 4), v128.load(xs + (<usize>load<u16>(i, 2) << 4)), t);
    i += 16; w += 32;
  }
  v128.store(to, r); v128.store(to, t, 16);
}

/** Four floats of x. */
// @ts-ignore: decorator
@inline
function gather(x: usize, i: usize): v128 {
  let v = v128.load32_zero(x + (<usize>load<u16>(i) << 2));
  v = v128.load32_lane(x + (<usize>load<u16>(i, 2) << 2), v, 1);
  v = v128.load32_lane(x + (<usize>load<u16>(i, 4) << 2), v, 2);
  return v128.load32_lane(x + (<usize>load<u16>(i, 6) << 2), v, 3);
}

/** One row. */
function gatherAll(x: usize, slices: usize, index: usize, values: usize, sums: usize, count: i32): void {
  let from = load<u32>(slices);
  for (let s = 0; s < count; s++) {
    slices += 4;
    const end = load<u32>(slices);
    let a = f32x4.splat(0), b = a;
    for (let steps = end - from; steps > 0; steps--) {
      a = madd(v128.load(values), gather(x, index), a);
      b = madd(v128.load(values, 16), gather(x, index + 8), b);
      index += 16; values += 32;
    }
    from = end;
    v128.store(sums, a);
    v128.store(sums, b, 16);
    sums += 32;
  }
}

/** y [out] = relu?(sums + bias), each output from its slot. */
function finishRow(sums: usize, places: usize, bias: usize, y: usize, out: i32, relu: i32): void {
  let o = 0;
  for (; o + 4 <= out; o += 4) {
    let v = v128.load32_zero(sums + (<usize>load<u32>(places) << 2));
    v = v128.load32_lane(sums + (<usize>load<u32>(places, 4) << 2), v, 1);
    v = v128.load32_lane(sums + (<usize>load<u32>(places, 8) << 2), v, 2);
    v = v128.load32_lane(sums + (<usize>load<u32>(places, 12) << 2), v, 3);
    if (bias) {
      v = f32x4.add(v, v128.load(bias));
      bias += 16;
    }
    v128.store(y, relu ? clip(v) : v);
    places += 16; y += 16;
  }
  for (; o < out; o++) {
    let v = load<f32>(sums + (<usize>load<u32>(places) << 2));
    if (bias) {
      v += load<f32>(bias);
      bias += 4;
    }
    store<f32>(y, relu && v < 0 ? 0 : v);
    places += 4; y += 4;
  }
}

/** y [rows, out] = relu?(transpose(sums [slots, block]) + bias). */
export function finishBlock(
  sums: usize, row: usize, places: usize, bias: usize, y: usize, rows: i32, out: i32, relu: i32,
): void {
  const ld = <usize>out << 2;
  let o = 0;
  for (; o + 4 <= out; o += 4) {
    const s0 = sums + <usize>load<u32>(places) * row, s1 = sums + <usize>load<u32>(places, 4) * row;
    const s2 = sums + <usize>load<u32>(places, 8) * row, s3 = sums + <usize>load<u32>(places, 12) * row;
    const add = bias ? v128.load(bias + (<usize>o << 2)) : f32x4.splat(0);
    let to = y + (<usize>o << 2), at: usize = 0;
    for (let i = 0; i < rows; i += 4) {
      const a = v128.load(s0 + at), b = v128.load(s1 + at), c = v128.load(s2 + at), d = v128.load(s3 + at);
      const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      put(to, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5), add, relu);
      if (i + 1 < rows) put(to + ld, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), add, relu);
      if (i + 2 < rows) put(to + 2 * ld, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), add, relu);
      if (i + 3 < rows) put(to + 3 * ld, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), add, relu);
      to += ld << 2;
      at += 16;
    }
    places += 16;
  }
  for (; o < out; o++) {
    let from = sums + <usize>load<u32>(places) * row, to = y + (<usize>o << 2);
    const add: f32 = bias ? load<f32>(bias + (<usize>o << 2)) : 0;
    for (let i = 0; i < rows; i++) {
      const v = load<f32>(from) + add;
      store<f32>(to, relu && v < 0 ? 0 : v);
      from += 4;
      to += ld;
    }
    places += 4;
  }
}

// @ts-ignore: decorator
@inline
function put(to: usize, v: v128, add: v128, relu: i32): void {
  const sum = f32x4.add(v, add);
  v128.store(to, relu ? clip(sum) : sum);
}

/**
 * Products with one bit per weight. For a single row, every four bits spread as many values over the lanes of a
 * vector. For more rows the bits are turned into lists of indices first, which csr multiplies. Both sum in order of
 * the inputs from zero: a row gets the same bits in every batch.
 */
import { madd, relu as clip } from '../../simd/assembly/vec';
import { csrForward, csrScratch } from '../csr/assembly';

/** By four bits: which bytes of the values go where; 0x80 makes a zero. */
const SPREAD: usize = memory.data<u32>([
  0x80808080, 0x80808080, 0x80808080, 0x80808080,
  0x03020100, 0x80808080, 0x80808080, 0x80808080,
  0x80808080, 0x03020100, 0x80808080, 0x80808080,
  0x03020100, 0x07060504, 0x80808080, 0x80808080,
  0x80808080, 0x80808080, 0x03020100, 0x80808080,
  0x03020100, 0x80808080, 0x07060504, 0x80808080,
  0x80808080, 0x03020100, 0x07060504, 0x80808080,
  0x03020100, 0x07060504, 0x0b0a0908, 0x80808080,
  0x80808080, 0x80808080, 0x80808080, 0x03020100,
  0x03020100, 0x80808080, 0x80808080, 0x07060504,
  0x80808080, 0x03020100, 0x80808080, 0x07060504,
  0x03020100, 0x07060504, 0x80808080, 0x0b0a0908,
  0x80808080, 0x80808080, 0x03020100, 0x07060504,
  0x03020100, 0x80808080, 0x07060504, 0x0b0a0908,
  0x80808080, 0x03020100, 0x07060504, 0x0b0a0908,
  0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c,
], 16);

export function bitmapForward(
  x: usize, masks: usize, starts: usize, values: usize, bias: usize, y: usize,
  rows: i32, inn: i32, out: i32, relu: i32, scratch: usize,
): void {
  if (rows == 1) spreadRow(x, masks, values, bias, y, inn, out, relu);
  else byLists(x, masks, values, bias, y, rows, inn, out, relu, scratch);
}

/** Scratch bytes: lists as long as they can be, and what csr needs; none for a single row. */
export function bitmapScratch(inn: i32, out: i32, rows: i32): usize {
  if (rows == 1) return 0;
  const groups = <usize>(out + 7) >> 3;
  return groups * (100 + <usize>inn * 48) + csrScratch(inn, out) + 256;
}

// @ts-ignore: decorator
@inline
function spread(p: usize, control: v128): v128 {
  const v = v128.load(p);
  return ASC_FEATURE_RELAXED_SIMD ? i8x16.relaxed_swizzle(v, control) : i8x16.swizzle(v, control);
}

/** y [out] of one row. */
function spreadRow(
  x: usize, masks: usize, values: usize, bias: usize, y: usize, inn: i32, out: i32, relu: i32,
): void {
  for (let o = 0; o < out; o += 8) {
    let a = f32x4.splat(0), b = a, at = x;
    for (let k = 0; k < inn; k += 4) {
      let word = load<u32>(masks);
      for (let i = 0; i < 4; i++) {
        const low = word & 15, high = word >> 4 & 15;
        const c = v128.load(SPREAD + (<usize>low << 4)), d = v128.load(SPREAD + (<usize>high << 4));
        const v = v128.load32_splat(at);
        // A weight that is not there must not meet NaN: x is 0 in its lane, too.
        a = madd(v128.andnot(v, i32x4.shr_s(c, 31)), spread(values, c), a);
        values += <usize>popcnt(low) << 2;
        b = madd(v128.andnot(v, i32x4.shr_s(d, 31)), spread(values, d), b);
        values += <usize>popcnt(high) << 2;
        word >>= 8; at += 4;
      }
      masks += 4;
    }
    put(y, a, bias, out - o, relu);
    if (out - o > 4) put(y + 16, b, bias ? bias + 16 : 0, out - o - 4, relu);
    y += 32;
    if (bias) bias += 32;
  }
}

/** Up to four outputs. */
function put(y: usize, v: v128, bias: usize, n: i32, relu: i32): void {
  if (bias) v = f32x4.add(v, v128.load(bias));
  if (relu) v = clip(v);
  if (n >= 4) {
    v128.store(y, v);
    return;
  }
  v128.store32_lane(y, v, 0);
  if (n > 1) v128.store32_lane(y, v, 1, 4);
  if (n > 2) v128.store32_lane(y, v, 2, 8);
}

/** The form of csr made in scratch memory, outputs in their own order. */
function byLists(
  x: usize, masks: usize, values: usize, bias: usize, y: usize,
  rows: i32, inn: i32, out: i32, relu: i32, scratch: usize,
): void {
  const groups = (out + 7) >> 3;
  const slices = scratch + 32;
  const slots = slices + (<usize>(groups + 1) << 2);
  const places = slots + (<usize>groups << 6);
  const index = (places + (<usize>groups << 5) + 15) & ~15;
  const list = index + (<usize>(groups * inn) << 4);
  const rest = (list + (<usize>(groups * inn) << 5) + 63) & ~63;
  for (let o = 0; o < out; o++) store<u32>(places + (<usize>o << 2), o);
  let first = 0;
  for (let g = 0; g < groups; g++) {
    store<u32>(slices + (<usize>g << 2), first);
    const i = index + (<usize>first << 4), v = list + (<usize>first << 5);
    values = listGroup(masks, values, inn, scratch, i, v);
    first += finishLists(scratch, slots + (<usize>g << 6), inn, i, v);
    masks += <usize>((inn + 3) >> 2) << 2;
  }
  store<u32>(slices + (<usize>groups << 2), first);
  csrForward(x, slices, slots, places, index, list, bias, y, rows, inn, out, relu, rest);
}

/** Index and value of every bit of a group to the list of its output; returns where the next group's values begin. */
function listGroup(masks: usize, values: usize, inn: i32, counts: usize, index: usize, list: usize): usize {
  memory.fill(counts, 0, 32);
  for (let k = 0; k < inn; k += 4) {
    let word = load<u32>(masks);
    while (word) {
      const bit = ctz(word);
      const count = counts + ((bit & 7) << 2);
      const n = load<u32>(count);
      store<u32>(count, n + 1);
      const at = <usize>(n << 3 | (bit & 7));
      store<u16>(index + (at << 1), k + (bit >> 3));
      store<f32>(list + (at << 2), load<f32>(values));
      values += 4;
      word &= word - 1;
    }
    masks += 4;
  }
  return values;
}

/** Fills the lists of a group up to the longest; returns how long that is. */
function finishLists(counts: usize, slots: usize, inn: i32, index: usize, list: usize): i32 {
  let most = 0;
  for (let l: usize = 0; l < 8; l++) most = max(most, load<i32>(counts + (l << 2)));
  for (let l: usize = 0; l < 8; l++) {
    const mine = load<i32>(counts + (l << 2)), other = load<i32>(counts + ((l ^ 1) << 2));
    // Of two neighbours, csr asks the first how long both are.
    store<i32>(slots + (l << 3), max(mine, other), 4);
    for (let j = mine; j < most; j++) {
      const at = (<usize>j << 3) + l;
      store<u16>(index + (at << 1), inn);
      store<f32>(list + (at << 2), 0);
    }
  }
  return most;
}

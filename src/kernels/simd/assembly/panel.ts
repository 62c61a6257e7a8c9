/**
 * Products of a sparse kernel with many rows of x: twelve rows are turned around, so that one vector holds the same
 * input of four rows, and four outputs of twelve rows are summed up in registers. They are then put where they belong.
 */
import { relu as clip } from './vec';

/** Rows of x per panel; the last panel of a product is as narrow as its rows allow, in fours. */
export const PANEL: i32 = 12;

/** Sums of four outputs: [4][12]. */
export const SUMS: usize = memory.data(192, 16);

/** y[rows][4] = relu?(transposed sums + bias) for outputs j..j+3 as far as there are; `y` is at column j. */
export function putSums(
  rows: i32, width: usize, y: usize, ld: usize, j: i32, out: i32, bias: usize, relu: i32,
): void {
  const few = out - j;
  const b = bias ? v128.load(bias + (<usize>j << 2)) : f32x4.splat(0);
  for (let i = 0; i < rows; i += 4) {
    const s = SUMS + (<usize>i << 2);
    const r0 = v128.load(s), r1 = v128.load(s + width), r2 = v128.load(s + 2 * width), r3 = v128.load(s + 3 * width);
    const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), c = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const d = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), e = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    const n = rows - i;
    putFour(y, v128.shuffle<f32>(a, d, 0, 1, 4, 5), b, few, relu); y += ld;
    if (n > 1) putFour(y, v128.shuffle<f32>(a, d, 2, 3, 6, 7), b, few, relu); y += ld;
    if (n > 2) putFour(y, v128.shuffle<f32>(c, e, 0, 1, 4, 5), b, few, relu); y += ld;
    if (n > 3) putFour(y, v128.shuffle<f32>(c, e, 2, 3, 6, 7), b, few, relu); y += ld;
  }
}

/** y[0..few) = relu?(sum + bias), at most four. */
// @ts-ignore: decorator
@inline
export function putFour(y: usize, sum: v128, bias: v128, few: i32, relu: i32): void {
  let s = f32x4.add(sum, bias);
  if (relu) s = clip(s);
  if (few >= 4) {
    v128.store(y, s);
  } else {
    v128.store32_lane(y, s, 0);
    if (few > 1) v128.store32_lane(y, s, 1, 4);
    if (few > 2) v128.store32_lane(y, s, 2, 8);
  }
}

/** Four mask bytes, 0 or 0xff, as four lanes. */
// @ts-ignore: decorator
@inline
export function spread(mask: usize): v128 {
  return i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(mask)));
}

/** y = mask ? x : +0; mask bytes 0xff or 0. */
export function applyMask(x: usize, mask: usize, y: usize, n: i32): void {
  let i: usize = 0;
  for (; i + 4 <= <usize>n; i += 4) v128.store(y + (i << 2), v128.and(v128.load(x + (i << 2)), spread(mask + i)));
  for (; i < <usize>n; i++) store<f32>(y + (i << 2), load<u8>(mask + i) ? load<f32>(x + (i << 2)) : 0);
}

/** y = mask ? x : +0; mask bytes 0xff or 0. */
export function applyMask(x: usize, mask: usize, y: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    store<f32>(y + (i << 2), load<u8>(mask + i) ? load<f32>(x + (i << 2)) : 0);
  }
}

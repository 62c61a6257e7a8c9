/** Images with room for padding around them. */

/**
 * Copies an image [h, w, c] into a frame [ph, pw, c] whose border is zero already, `pad` from the top and the left;
 * what lies beyond the frame is left out.
 */
export function frame(x: usize, dst: usize, h: i32, w: i32, c: i32, ph: i32, pw: i32, pad: i32): void {
  const width = <usize>(min(w, pw - pad) * c) << 2;
  const rows = min(h, ph - pad);
  dst += <usize>((pad * pw + pad) * c) << 2;
  for (let y = 0; y < rows; y++) {
    memory.copy(dst, x, width);
    dst += <usize>(pw * c) << 2;
    x += <usize>(w * c) << 2;
  }
}

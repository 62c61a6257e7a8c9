/** From bytes to floats. */

/** Eight bytes, zero-extended, in two vectors of floats. */
// @ts-ignore: decorator
@inline
function scaledLow(v: v128, s: v128, t: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(v)), s), t);
}
// @ts-ignore: decorator
@inline
function scaledHigh(v: v128, s: v128, t: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(v)), s), t);
}

/** y = x * scale + shift from bytes. */
export function fromBytes(x: usize, y: usize, n: i32, scale: f32, shift: f32): void {
  const s = f32x4.splat(scale), t = f32x4.splat(shift);
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const v = v128.load_ext<u8>(x);
    v128.store(y, scaledLow(v, s, t));
    v128.store(y, scaledHigh(v, s, t), 16);
    x += 8;
    y += 32;
  }
  for (; i < n; i++) {
    store<f32>(y, <f32>load<u8>(x) * scale + shift);
    x++;
    y += 4;
  }
}

/** Crop and flip, line by line; `moves` has 4 signed bytes per image: flip, down, right and one unused. */
export function augment(
  x: usize, moves: usize, y: usize, batch: i32, h: i32, w: i32, c: i32, scale: f32, shift: f32,
): void {
  const line = <usize>(w * c);
  for (let i = 0; i < batch; i++) {
    const flip = <i32>load<i8>(moves), down = <i32>load<i8>(moves, 1), right = <i32>load<i8>(moves, 2);
    // Columns of the result that come from inside; all others, and lines from outside, are those of byte 0.
    const start = flip ? max(0, right) : max(0, -right);
    const end = min(w, w + (flip ? right : -right));
    for (let r = 0; r < h; r++) {
      const from = r + down;
      if (from < 0 || from >= h || start >= end) {
        blank(y, w * c, shift);
      } else {
        const source = x + <usize>from * line;
        blank(y, start * c, shift);
        const to = y + (<usize>(start * c) << 2);
        if (flip) mirrored(source + <usize>((w - 1 - start + right) * c), to, end - start, c, scale, shift);
        else fromBytes(source + <usize>((start + right) * c), to, (end - start) * c, scale, shift);
        blank(y + (<usize>(end * c) << 2), (w - end) * c, shift);
      }
      y += line << 2;
    }
    x += <usize>h * line;
    moves += 4;
  }
}

/** n floats of the value of byte 0. */
function blank(y: usize, n: i32, shift: f32): void {
  for (let i = 0; i < n; i++) store<f32>(y + (<usize>i << 2), shift);
}

/** n pixels from x on, going left in the source and right in the result. */
function mirrored(x: usize, y: usize, n: i32, c: i32, scale: f32, shift: f32): void {
  const s = f32x4.splat(scale), t = f32x4.splat(shift);
  let i = 0;
  if (c == 1) {
    for (; i + 8 <= n; i += 8) {
      const v = v128.load64_zero(x - 7);
      // Bytes 7 to 0, each with a zero byte above it: eight numbers of 16 bits.
      const wide = i8x16.shuffle(v, v, 7, 15, 6, 15, 5, 15, 4, 15, 3, 15, 2, 15, 1, 15, 0, 15);
      v128.store(y, scaledLow(wide, s, t));
      v128.store(y, scaledHigh(wide, s, t), 16);
      x -= 8;
      y += 32;
    }
  } else if (c == 3) {
    // Four channels at a time: the fourth is overwritten by the next pixel, so the last one is left out here.
    for (; i + 1 < n; i++) {
      v128.store(y, scaledLow(i16x8.extend_low_i8x16_u(v128.load32_zero(x)), s, t));
      x -= 3;
      y += 12;
    }
  }
  for (; i < n; i++) {
    for (let k = 0; k < c; k++) store<f32>(y + (<usize>k << 2), <f32>load<u8>(x + k) * scale + shift);
    x -= c;
    y += <usize>c << 2;
  }
}

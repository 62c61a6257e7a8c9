/** The matrix of patches: of every line of a kernel, what lies inside the image is one run of floats. */

/** Rows [from, from + rows) to y [rows, k * k * c]. */
export function patches(
  x: usize, y: usize, from: i32, rows: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, k: i32, stride: i32, pad: i32,
): void {
  let ox = from % ow, oy = from / ow % oh;
  const image = <usize>(h * w * c) << 2;
  x += <usize>(from / (oh * ow)) * image;
  const line = <usize>(k * c) << 2, pixel = <usize>c << 2;
  for (let row = 0; row < rows; row++) {
    const left = ox * stride - pad, top = oy * stride - pad;
    const before = <usize>min(k, max(0, -left)) * pixel;
    const after = <usize>min(k, max(0, left + k - w)) * pixel;
    for (let r = 0; r < k; r++) {
      const iy = top + r;
      if (iy < 0 || iy >= h || before + after >= line) {
        zero(y, line);
      } else {
        zero(y, before);
        copy(y + before, x + (<usize>(iy * w + max(0, left)) * pixel), line - before - after);
        zero(y + line - after, after);
      }
      y += line;
    }
    if (++ox == ow) {
      ox = 0;
      if (++oy == oh) {
        oy = 0;
        x += image;
      }
    }
  }
}

/** Runs are short: a call of memory.copy would take longer. */
// @ts-ignore: decorator
@inline
function copy(to: usize, from: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < bytes; i += 4) store<u32>(to + i, load<u32>(from + i));
}

// @ts-ignore: decorator
@inline
function zero(to: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, i32x4.splat(0));
  for (; i < bytes; i += 4) store<u32>(to + i, 0);
}

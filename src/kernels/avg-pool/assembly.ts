/** Average pooling, NHWC, and the mean over the whole image. */

/** y [batch, oh, ow, c]: the means of windows. */
export function avgPoolForward(
  x: usize, y: usize, batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, size: i32, stride: i32,
): void {
  const part = <f32>(1 / <f64>(size * size));
  for (let i = 0; i < batch; i++) {
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        const base = x + (<usize>((i * h + oy * stride) * w + ox * stride) * <usize>c << 2);
        windowMean(base, y, w, c, size, part);
        y += <usize>c << 2;
      }
    }
  }
}

function windowMean(base: usize, y: usize, w: i32, c: i32, size: i32, part: f32): void {
  const bytes = <usize>c << 2;
  const line = <usize>w * bytes;
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) {
    let sum = f32x4.splat(0);
    for (let r = 0; r < size; r++) {
      const from = base + j + <usize>r * line;
      for (let q = 0; q < size; q++) sum = f32x4.add(sum, v128.load(from + <usize>q * bytes));
    }
    v128.store(y + j, f32x4.mul(sum, f32x4.splat(part)));
  }
  for (; j < bytes; j += 4) {
    let sum: f32 = 0;
    for (let r = 0; r < size; r++) {
      const from = base + j + <usize>r * line;
      for (let q = 0; q < size; q++) sum += load<f32>(from + <usize>q * bytes);
    }
    store<f32>(y + j, sum * part);
  }
}

/** dx [batch, h, w, c]: every window gives each of its elements an equal part of its gradient. */
export function avgPoolBackward(
  dy: usize, dx: usize, batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, size: i32, stride: i32,
): void {
  const part = <f32>(1 / <f64>(size * size));
  const bytes = <usize>c << 2;
  // Where windows tile the image, every element is written once; otherwise windows add up.
  const tiled = stride == size && oh * size == h && ow * size == w;
  if (!tiled) memory.fill(dx, 0, <usize>(batch * h * w) * bytes);
  for (let i = 0; i < batch; i++) {
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        const base = dx + <usize>((i * h + oy * stride) * w + ox * stride) * bytes;
        for (let r = 0; r < size; r++) {
          for (let q = 0; q < size; q++) {
            const to = base + <usize>(r * w + q) * bytes;
            if (tiled) scaled(dy, to, bytes, part);
            else addScaled(dy, to, bytes, part);
          }
        }
        dy += bytes;
      }
    }
  }
}

/** to = from * factor. */
function scaled(from: usize, to: usize, bytes: usize, factor: f32): void {
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) v128.store(to + j, f32x4.mul(v128.load(from + j), f32x4.splat(factor)));
  for (; j < bytes; j += 4) store<f32>(to + j, load<f32>(from + j) * factor);
}

/** to += from * factor. */
function addScaled(from: usize, to: usize, bytes: usize, factor: f32): void {
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) {
    const part = f32x4.mul(v128.load(from + j), f32x4.splat(factor));
    v128.store(to + j, f32x4.add(v128.load(to + j), part));
  }
  for (; j < bytes; j += 4) store<f32>(to + j, load<f32>(to + j) + load<f32>(from + j) * factor);
}

/** y [batch, c]: the mean of all `pixels` of each image. */
export function globalPoolForward(x: usize, y: usize, batch: i32, pixels: i32, c: i32): void {
  const part = <f32>(1 / <f64>pixels);
  const bytes = <usize>c << 2;
  for (let i = 0; i < batch; i++) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) v128.store(y + j, f32x4.mul(columns(x + j, pixels, bytes), f32x4.splat(part)));
    for (; j < bytes; j += 4) {
      let sum: f64 = 0;
      for (let p = 0; p < pixels; p++) sum += <f64>load<f32>(x + j + <usize>p * bytes);
      store<f32>(y + j, <f32>(sum / <f64>pixels));
    }
    x += <usize>pixels * bytes;
    y += bytes;
  }
}

/** Sums of four columns. */
function columns(p: usize, rows: i32, ld: usize): v128 {
  // Four sums, so that one addition need not wait for the last.
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    s0 = f32x4.add(s0, v128.load(p)); p += ld;
    s1 = f32x4.add(s1, v128.load(p)); p += ld;
    s2 = f32x4.add(s2, v128.load(p)); p += ld;
    s3 = f32x4.add(s3, v128.load(p)); p += ld;
  }
  for (; i < rows; i++) {
    s0 = f32x4.add(s0, v128.load(p));
    p += ld;
  }
  return f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
}

/** dx [batch, pixels, c]: every pixel gets an equal part. */
export function globalPoolBackward(dy: usize, dx: usize, batch: i32, pixels: i32, c: i32): void {
  const part = <f32>(1 / <f64>pixels);
  const bytes = <usize>c << 2;
  for (let i = 0; i < batch; i++) {
    scaled(dy, dx, bytes, part);
    for (let p = 1; p < pixels; p++) memory.copy(dx + <usize>p * bytes, dx, bytes);
    dx += <usize>pixels * bytes;
    dy += bytes;
  }
}

/** Max pooling, NHWC. The first maximum of a window wins; NaN wins over numbers. */

/** y [batch, oh, ow, c] and, for each, which tap (r * size + s) it came from, as u32. */
export function poolForward(
  x: usize, y: usize, taps: usize, batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, size: i32, stride: i32,
): void {
  for (let i = 0; i < batch; i++) {
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        const base = x + (<usize>((i * h + oy * stride) * w + ox * stride) * <usize>c << 2);
        if (size == 2) window2(base, y, taps, w, c);
        else window(base, y, taps, w, c, size);
        y += <usize>c << 2;
        taps += <usize>c << 2;
      }
    }
  }
}

/** The usual 2 x 2, written out. */
function window2(base: usize, y: usize, taps: usize, w: i32, c: i32): void {
  const bytes = <usize>c << 2;
  const below = base + <usize>w * bytes;
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) {
    let best = v128.load(base + j), v = v128.load(base + j + bytes);
    let wins = v128.or(f32x4.gt(v, best), f32x4.ne(v, v));
    best = v128.bitselect(v, best, wins);
    let tap = v128.and(wins, i32x4.splat(1));
    v = v128.load(below + j);
    wins = v128.or(f32x4.gt(v, best), f32x4.ne(v, v));
    best = v128.bitselect(v, best, wins);
    tap = v128.bitselect(i32x4.splat(2), tap, wins);
    v = v128.load(below + j + bytes);
    wins = v128.or(f32x4.gt(v, best), f32x4.ne(v, v));
    v128.store(y + j, v128.bitselect(v, best, wins));
    v128.store(taps + j, v128.bitselect(i32x4.splat(3), tap, wins));
  }
  if (j < bytes) windowTail(base, y, taps, w, c, 2, j);
}

function window(base: usize, y: usize, taps: usize, w: i32, c: i32, size: i32): void {
  const bytes = <usize>c << 2;
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) {
    let best = v128.load(base + j);
    let tap = i32x4.splat(0);
    for (let r = 0; r < size; r++) {
      for (let s = r == 0 ? 1 : 0; s < size; s++) {
        const v = v128.load(base + j + <usize>(r * w + s) * bytes);
        const wins = v128.or(f32x4.gt(v, best), f32x4.ne(v, v));
        best = v128.bitselect(v, best, wins);
        tap = v128.bitselect(i32x4.splat(r * size + s), tap, wins);
      }
    }
    v128.store(y + j, best);
    v128.store(taps + j, tap);
  }
  if (j < bytes) windowTail(base, y, taps, w, c, size, j);
}

/** Channels from byte j on, one by one. */
function windowTail(base: usize, y: usize, taps: usize, w: i32, c: i32, size: i32, j: usize): void {
  const bytes = <usize>c << 2;
  for (; j < bytes; j += 4) {
    let best = load<f32>(base + j);
    let tap = 0;
    for (let r = 0; r < size; r++) {
      for (let s = r == 0 ? 1 : 0; s < size; s++) {
        const v = load<f32>(base + j + <usize>(r * w + s) * bytes);
        if (v > best || v != v) {
          best = v;
          tap = r * size + s;
        }
      }
    }
    store<f32>(y + j, best);
    store<u32>(taps + j, tap);
  }
}

/** dx [batch, h, w, c]: each dy goes to the tap it came from; overlapping windows add up. */
export function poolBackward(
  dy: usize, taps: usize, dx: usize, batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, size: i32, stride: i32,
): void {
  const tiled = stride == size && oh * size == h && ow * size == w;
  if (!tiled) memory.fill(dx, 0, <usize>(batch * h * w * c) << 2);
  for (let i = 0; i < batch; i++) {
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        const base = dx + (<usize>((i * h + oy * stride) * w + ox * stride) * <usize>c << 2);
        if (tiled) spread(dy, taps, base, w, c, size);
        else scatter(dy, taps, base, w, c, size);
        dy += <usize>c << 2;
        taps += <usize>c << 2;
      }
    }
  }
}

/** Windows that tile the image: every element is written once. */
function spread(dy: usize, taps: usize, base: usize, w: i32, c: i32, size: i32): void {
  const bytes = <usize>c << 2;
  for (let r = 0; r < size; r++) {
    for (let s = 0; s < size; s++) {
      const to = base + <usize>(r * w + s) * bytes;
      const tap = r * size + s;
      let j: usize = 0;
      for (; j + 16 <= bytes; j += 16) {
        const hit = i32x4.eq(v128.load(taps + j), i32x4.splat(tap));
        v128.store(to + j, v128.and(v128.load(dy + j), hit));
      }
      for (; j < bytes; j += 4) store<f32>(to + j, load<i32>(taps + j) == tap ? load<f32>(dy + j) : 0);
    }
  }
}

function scatter(dy: usize, taps: usize, base: usize, w: i32, c: i32, size: i32): void {
  for (let j: usize = 0; j < <usize>c << 2; j += 4) {
    const tap = load<i32>(taps + j);
    const to = base + j + (<usize>((tap / size) * w + (tap % size)) * <usize>c << 2);
    store<f32>(to, load<f32>(to) + load<f32>(dy + j));
  }
}

/**
 * Winograd's transforms on tiles of 6 x 6 for the six points 0, ±1/sqrt(2), ±sqrt(2), infinity: a 3 x 3 kernel gives
 * 4 x 4 results per tile, a 5 x 5 kernel 2 x 2. These points and not the usual 0, ±1, ±2: in single precision they cost
 * hardly more accuracy than summing directly does, where the usual ones lose a factor of five.
 *
 * y = A' [(G w G') * (B' x B)] A, with ' for transposed. Gradients are the adjoints of the same three maps:
 * dw = G' [(A dy A') * (B' x B)] G. Each map is applied to one axis, then to the other, four channels at a time.
 */
import { madd } from '../../simd/assembly/vec';

/** Where a tile waits between its two axes. */
const HALF: usize = memory.data(576, 16);
/** A tile of results of which not all channels exist. */
const WHOLE: usize = memory.data(256, 16);

/** 1/sqrt(2) and sqrt(2). */
const A: f32 = 0.7071067811865476;
const B: f32 = 1.4142135623730951;

/** G for kernels of three and of five, row after row. */
const G3: usize = memory.data<f32>([
  1, 0, 0,
  -0.66666666666666663, -0.47140452079103168, -0.33333333333333337,
  -0.66666666666666663, 0.47140452079103168, -0.33333333333333337,
  0.16666666666666666, 0.23570226039551584, 0.33333333333333337,
  0.16666666666666666, -0.23570226039551584, 0.33333333333333337,
  0, 0, 1
]);
const G5: usize = memory.data<f32>([
  1, 0, 0, 0, 0,
  -0.66666666666666663, -0.47140452079103168, -0.33333333333333337, -0.23570226039551589, -0.16666666666666669,
  -0.66666666666666663, 0.47140452079103168, -0.33333333333333337, 0.23570226039551589, -0.16666666666666669,
  0.16666666666666666, 0.23570226039551584, 0.33333333333333337, 0.47140452079103179, 0.66666666666666674,
  0.16666666666666666, -0.23570226039551584, 0.33333333333333337, -0.47140452079103179, 0.66666666666666674,
  0, 0, 0, 0, 1
]);

/** Stores the first `left` lanes, if that is fewer than four. */
// @ts-ignore: decorator
@inline
function put(to: usize, v: v128, left: i32): void {
  if (left >= 4) {
    v128.store(to, v);
    return;
  }
  if (left & 2) {
    v128.store64_lane(to, v, 0);
    if (left & 1) v128.store32_lane(to, v, 2, 8);
  } else {
    v128.store32_lane(to, v, 0);
  }
}

/** Six vectors to six by B'. */
// @ts-ignore: decorator
@inline
function image6(s: usize, ss: usize, d: usize, ds: usize): void {
  const x0 = v128.load(s); s += ss;
  const x1 = v128.load(s); s += ss;
  const x2 = v128.load(s); s += ss;
  const x3 = v128.load(s); s += ss;
  const x4 = v128.load(s); s += ss;
  const x5 = v128.load(s);
  const two = f32x4.splat(-2), half = f32x4.splat(-0.5), most = f32x4.splat(-2.5);
  v128.store(d, madd(most, x2, f32x4.add(x0, x4))); d += ds;
  let even = madd(two, x2, x4), odd = madd(two, x1, x3);
  v128.store(d, madd(f32x4.splat(A), odd, even)); d += ds;
  v128.store(d, madd(f32x4.splat(-A), odd, even)); d += ds;
  even = madd(half, x2, x4); odd = madd(half, x1, x3);
  v128.store(d, madd(f32x4.splat(B), odd, even)); d += ds;
  v128.store(d, madd(f32x4.splat(-B), odd, even)); d += ds;
  v128.store(d, madd(most, x3, f32x4.add(x1, x5)));
}

/**
 * B' x B of one tile: pixels lie `pixel` bytes apart, rows `row`; the 36 results of a channel go `stride` bytes apart.
 */
export function imageTile(x: usize, row: usize, pixel: usize, vectors: i32, to: usize, stride: usize): void {
  for (; vectors > 0; vectors--) {
    let s = x;
    for (let i: usize = 0; i < 96; i += 16) {
      image6(s, row, HALF + i, 96);
      s += pixel;
    }
    let d = to;
    for (let i: usize = 0; i < 576; i += 96) {
      image6(HALF + i, 16, d, stride);
      d += 6 * stride;
    }
    x += 16;
    to += 16;
  }
}

/** Six vectors to four by A'. */
// @ts-ignore: decorator
@inline
function result4(s: usize, ss: usize, d: usize, ds: usize): void {
  const m0 = v128.load(s); s += ss;
  const m1 = v128.load(s); s += ss;
  const m2 = v128.load(s); s += ss;
  const m3 = v128.load(s); s += ss;
  const m4 = v128.load(s); s += ss;
  const m5 = v128.load(s);
  const s1 = f32x4.add(m1, m2), d1 = f32x4.sub(m1, m2), s2 = f32x4.add(m3, m4), d2 = f32x4.sub(m3, m4);
  v128.store(d, f32x4.add(m0, f32x4.add(s1, s2))); d += ds;
  v128.store(d, madd(f32x4.splat(B), d2, f32x4.mul(f32x4.splat(A), d1))); d += ds;
  v128.store(d, madd(f32x4.splat(2), s2, f32x4.mul(f32x4.splat(0.5), s1))); d += ds;
  v128.store(d, madd(f32x4.splat(2 * B), d2, madd(f32x4.splat(A / 2), d1, m5)));
}

/** Six vectors to two by A'. */
// @ts-ignore: decorator
@inline
function result2(s: usize, ss: usize, d: usize, ds: usize): void {
  const m0 = v128.load(s); s += ss;
  const m1 = v128.load(s); s += ss;
  const m2 = v128.load(s); s += ss;
  const m3 = v128.load(s); s += ss;
  const m4 = v128.load(s); s += ss;
  const m5 = v128.load(s);
  v128.store(d, f32x4.add(m0, f32x4.add(f32x4.add(m1, m2), f32x4.add(m3, m4)))); d += ds;
  v128.store(d, madd(f32x4.splat(B), f32x4.sub(m3, m4), madd(f32x4.splat(A), f32x4.sub(m1, m2), m5)));
}

/** Six vectors to four by A', plus bias, clipped at `low`: the second axis of most tiles, straight into the image. */
// @ts-ignore: decorator
@inline
function finish4(s: usize, to: usize, pixel: usize, bias: v128, low: v128): void {
  const m0 = v128.load(s), m1 = v128.load(s, 16), m2 = v128.load(s, 32);
  const m3 = v128.load(s, 48), m4 = v128.load(s, 64), m5 = v128.load(s, 80);
  const s1 = f32x4.add(m1, m2), d1 = f32x4.sub(m1, m2), s2 = f32x4.add(m3, m4), d2 = f32x4.sub(m3, m4);
  v128.store(to, f32x4.pmax(f32x4.add(f32x4.add(m0, f32x4.add(s1, s2)), bias), low)); to += pixel;
  let v = madd(f32x4.splat(B), d2, f32x4.mul(f32x4.splat(A), d1));
  v128.store(to, f32x4.pmax(f32x4.add(v, bias), low)); to += pixel;
  v = madd(f32x4.splat(2), s2, f32x4.mul(f32x4.splat(0.5), s1));
  v128.store(to, f32x4.pmax(f32x4.add(v, bias), low)); to += pixel;
  v = madd(f32x4.splat(2 * B), d2, madd(f32x4.splat(A / 2), d1, m5));
  v128.store(to, f32x4.pmax(f32x4.add(v, bias), low));
}

/** As finish4, to two. */
// @ts-ignore: decorator
@inline
function finish2(s: usize, to: usize, pixel: usize, bias: v128, low: v128): void {
  const m0 = v128.load(s), m1 = v128.load(s, 16), m2 = v128.load(s, 32);
  const m3 = v128.load(s, 48), m4 = v128.load(s, 64), m5 = v128.load(s, 80);
  let v = f32x4.add(m0, f32x4.add(f32x4.add(m1, m2), f32x4.add(m3, m4)));
  v128.store(to, f32x4.pmax(f32x4.add(v, bias), low));
  v = madd(f32x4.splat(B), f32x4.sub(m3, m4), madd(f32x4.splat(A), f32x4.sub(m1, m2), m5));
  v128.store(to + pixel, f32x4.pmax(f32x4.add(v, bias), low));
}

/** y = relu?(A' m A + bias) of one tile of 4 x 4 or 2 x 2: `channels` of them, the 36 values of m `stride` bytes apart. */
export function resultTile(
  m: usize, stride: usize, side: i32, bias: usize, relu: bool, y: usize, row: usize, pixel: usize, channels: i32,
): void {
  // What is smaller is clipped; NaN is not.
  const low = f32x4.splat(relu ? 0 : -Infinity);
  let plus = f32x4.splat(0);
  for (; channels > 0; channels -= 4) {
    if (bias) {
      plus = v128.load(bias);
      bias += 16;
    }
    // Channels that fill no vector must not be written over their neighbours.
    const full = channels >= 4;
    const to = full ? y : WHOLE, jump = full ? pixel : 16;
    const line = full ? row : <usize>side << 4;
    let s = m, d = to;
    if (side == 4) {
      for (let i: usize = 0; i < 96; i += 16) {
        result4(s, 6 * stride, HALF + i, 96);
        s += stride;
      }
      for (let i: usize = 0; i < 384; i += 96) {
        finish4(HALF + i, d, jump, plus, low);
        d += line;
      }
    } else {
      for (let i: usize = 0; i < 96; i += 16) {
        result2(s, 6 * stride, HALF + i, 96);
        s += stride;
      }
      finish2(HALF, d, jump, plus, low);
      finish2(HALF + 96, d + line, jump, plus, low);
    }
    if (!full) {
      for (let i = 0; i < side * side; i++) {
        put(y + <usize>(i / side) * row + <usize>(i % side) * pixel, v128.load(WHOLE + (<usize>i << 4)), channels);
      }
    }
    m += 16;
    y += 16;
  }
}

/** Four vectors to six by A. */
// @ts-ignore: decorator
@inline
function gradient4(s: usize, ss: usize, d: usize, ds: usize): void {
  const y0 = v128.load(s); s += ss;
  const y1 = v128.load(s); s += ss;
  const y2 = v128.load(s); s += ss;
  const y3 = v128.load(s);
  const half = f32x4.splat(0.5), two = f32x4.splat(2);
  v128.store(d, y0); d += ds;
  let even = madd(half, y2, y0), odd = madd(half, y3, y1);
  v128.store(d, madd(f32x4.splat(A), odd, even)); d += ds;
  v128.store(d, madd(f32x4.splat(-A), odd, even)); d += ds;
  even = madd(two, y2, y0); odd = madd(two, y3, y1);
  v128.store(d, madd(f32x4.splat(B), odd, even)); d += ds;
  v128.store(d, madd(f32x4.splat(-B), odd, even)); d += ds;
  v128.store(d, y3);
}

/** Two vectors to six by A. */
// @ts-ignore: decorator
@inline
function gradient2(s: usize, ss: usize, d: usize, ds: usize): void {
  const y0 = v128.load(s), y1 = v128.load(s + ss);
  v128.store(d, y0); d += ds;
  v128.store(d, madd(f32x4.splat(A), y1, y0)); d += ds;
  v128.store(d, madd(f32x4.splat(-A), y1, y0)); d += ds;
  v128.store(d, madd(f32x4.splat(B), y1, y0)); d += ds;
  v128.store(d, madd(f32x4.splat(-B), y1, y0)); d += ds;
  v128.store(d, y1);
}

/** A dy A' of one tile of 4 x 4 or 2 x 2, laid out as by imageTile. */
export function gradientTile(
  dy: usize, row: usize, pixel: usize, side: i32, vectors: i32, to: usize, stride: usize,
): void {
  for (; vectors > 0; vectors--) {
    let s = dy;
    for (let i: usize = 0; i < <usize>side << 4; i += 16) {
      if (side == 4) gradient4(s, row, HALF + i, 96);
      else gradient2(s, row, HALF + i, 96);
      s += pixel;
    }
    let d = to;
    for (let i: usize = 0; i < 576; i += 96) {
      if (side == 4) gradient4(HALF + i, 16, d, stride);
      else gradient2(HALF + i, 16, d, stride);
      d += 6 * stride;
    }
    dy += 16;
    to += 16;
  }
}

/** d[i] = sum over j < n of g[i * gi + j * gj] * s[j] for i < m: vectors `ss` and `ds` bytes apart, g in floats. */
function mix(s: usize, ss: usize, n: i32, d: usize, ds: usize, m: i32, g: usize, gi: usize, gj: usize): void {
  for (let i = 0; i < m; i++) {
    let sum = f32x4.splat(0), p = s, q = g;
    for (let j = 0; j < n; j++) {
      sum = madd(v128.load32_splat(q), v128.load(p), sum);
      p += ss;
      q += gj << 2;
    }
    v128.store(d, sum);
    d += ds;
    g += gi << 2;
  }
}

/** G w G' of four channels: the k * k vectors of w `from` bytes apart, the 36 of the result `stride`. */
export function kernelTile(w: usize, from: usize, k: i32, to: usize, stride: usize): void {
  const g = k == 3 ? G3 : G5;
  for (let s: usize = 0; s < <usize>k; s++) mix(w + s * from, <usize>k * from, k, HALF + (s << 4), 96, 6, g, k, 1);
  for (let i: usize = 0; i < 6; i++) mix(HALF + i * 96, 16, k, to + 6 * i * stride, stride, 6, g, k, 1);
}

/** dw = G' m G of up to four channels, the 36 vectors of m `stride` bytes apart, the k * k of dw `to`. */
export function kernelGradient(m: usize, stride: usize, k: i32, dw: usize, to: usize, channels: i32): void {
  const g = k == 3 ? G3 : G5;
  for (let j: usize = 0; j < 6; j++) mix(m + j * stride, 6 * stride, 6, HALF + (j << 4), 96, k, g, 1, k);
  for (let r: usize = 0; r < <usize>k; r++) {
    mix(HALF + r * 96, 16, 6, WAIT, 16, k, g, 1, k);
    for (let s: usize = 0; s < <usize>k; s++) put(dw + (r * k + s) * to, v128.load(WAIT + (s << 4)), channels);
  }
}
const WAIT: usize = memory.data(80, 16);

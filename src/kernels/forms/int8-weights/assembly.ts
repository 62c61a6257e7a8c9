/**
 * Weights of 8 or 4 bits in quads (../coded.ts) times rows of floats. Few rows go through the codes as they lie; for
 * more the weights are unpacked once and multiplied like any others.
 */
import { denseForward, denseScratch } from '../../dense/assembly';
import { transpose4 } from '../../simd/assembly/pack';
import { madd, relu as clip } from '../../simd/assembly/vec';

/** Rows up to this go one by one: unpacking costs as much as they do. */
const FEW: i32 = 96;
/** Quads whose integer sums are sure to fit: 4 * 2000 * 2048 * 128 < 2^31. */
const RUN: i32 = 2000;
/** The sums of one tile. */
const SUMS: usize = memory.data(32, 16);
/** A tile's quads, output by output and input by input. */
const QUADS: usize = memory.data(128, 16);
const TURNED: usize = memory.data(128, 16);
/** Greatest magnitude of a row over its mean, up to which fixed point has bits enough for all of it. */
const SPREAD: f32 = 1024;

// @ts-ignore: decorator
@inline
function quads(n: i32): i32 {
  return (n + 3) >> 2;
}

export function unpackScratch(rows: i32, inn: i32, out: i32): usize {
  if (rows <= FEW) return <usize>(quads(inn) + 4) << 4;
  return unpackedBytes(inn, out) + denseScratch(rows, inn, out);
}
export function unpackedBytes(inn: i32, out: i32): usize {
  return ((<usize>(inn * out) << 2) + 79) & ~15;
}

export function int8WeightsForward(
  x: usize, codes: usize, scales: usize, offsets: usize, bias: usize, y: usize,
  rows: i32, inn: i32, out: i32, relu: i32, scratch: usize,
): void {
  forward(x, codes, scales, offsets, bias, y, rows, inn, out, relu, scratch, false);
}
export function int4Forward(
  x: usize, codes: usize, scales: usize, offsets: usize, bias: usize, y: usize,
  rows: i32, inn: i32, out: i32, relu: i32, scratch: usize,
): void {
  forward(x, codes, scales, offsets, bias, y, rows, inn, out, relu, scratch, true);
}

// @ts-ignore: decorator
@inline
function forward(
  x: usize, codes: usize, scales: usize, offsets: usize, bias: usize, y: usize,
  rows: i32, inn: i32, out: i32, relu: i32, scratch: usize, nibbles: bool,
): void {
  if (rows > FEW) {
    unpack(codes, scales, offsets, scratch, inn, out, nibbles);
    denseForward(x, scratch, bias, y, rows, inn, out, relu, scratch + unpackedBytes(inn, out));
    return;
  }
  const tile = <usize>quads(inn) << (nibbles ? 4 : 5);
  for (let i = 0; i < rows; i++) {
    const step = fixedStep(x, inn);
    const total = step == 0 ? copyRow(x, scratch, inn) : fixRow(x, scratch, inn, step);
    let w = codes;
    for (let o = 0; o < out; o += 8) {
      const at = <usize>o << 2;
      if (step == 0) floatTile(scratch, w, quads(inn), nibbles);
      else fixedTile(scratch, w, quads(inn), step, nibbles);
      finishTile(total, scales + at, offsets + at, bias ? bias + at : 0, y + at, min(8, out - o), relu);
      w += tile;
    }
    x += <usize>inn << 2;
    y += <usize>out << 2;
  }
}

/** The quads of outputs 2 i and 2 i + 1 as 16-bit integers. */
// @ts-ignore: decorator
@inline
function quad8(w: usize, i: usize): v128 {
  return v128.load_ext<i8>(w + (i << 3));
}
/** The same of half bytes, all of a tile in `v`. */
// @ts-ignore: decorator
@inline
function quad4(v: v128, i: i32): v128 {
  return i16x8.shr_s(i < 3 ? i16x8.shl(v, 12 - 4 * i) : v, 12);
}
/** Four inputs of the first and of the second output as floats. */
// @ts-ignore: decorator
@inline
function one(v: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(v));
}
// @ts-ignore: decorator
@inline
function other(v: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(v));
}

/** The row with zeros up to a quad; returns its sum. */
export function copyRow(x: usize, to: usize, n: i32): f32 {
  memory.copy(to, x, <usize>n << 2);
  v128.store(to + (<usize>n << 2), f32x4.splat(0));
  let a = f32x4.splat(0);
  for (let k = 0; k < n; k += 4) {
    a = f32x4.add(a, v128.load(to));
    to += 16;
  }
  return (f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1)) + (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3));
}

/** Four sums of four lanes each. */
// @ts-ignore: decorator
@inline
function across(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** Sums of a tile in floats. */
// @ts-ignore: decorator
@inline
function floatTile(x: usize, w: usize, n: i32, nibbles: bool): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
  for (; n > 0; n--) {
    const q = v128.load(x), v = v128.load(w);
    let u = nibbles ? quad4(v, 0) : quad8(w, 0);
    a0 = madd(q, one(u), a0); a1 = madd(q, other(u), a1);
    u = nibbles ? quad4(v, 1) : quad8(w, 1);
    a2 = madd(q, one(u), a2); a3 = madd(q, other(u), a3);
    u = nibbles ? quad4(v, 2) : quad8(w, 2);
    a4 = madd(q, one(u), a4); a5 = madd(q, other(u), a5);
    u = nibbles ? quad4(v, 3) : quad8(w, 3);
    a6 = madd(q, one(u), a6); a7 = madd(q, other(u), a7);
    x += 16;
    w += nibbles ? 16 : 32;
  }
  v128.store(SUMS, across(a0, a1, a2, a3));
  v128.store(SUMS, across(a4, a5, a6, a7), 16);
}

/**
 * The power of two that a row is counted in as fixed point: with 12 bits before the point and 12 behind it, every
 * value is right to 2^-23 of the greatest. 0 where that is not enough: not finite, or one value dwarfs all others.
 */
function fixedStep(x: usize, n: i32): f32 {
  let m = f32x4.splat(0), s = m;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const v = f32x4.abs(v128.load(x));
    m = f32x4.max(m, v);
    s = f32x4.add(s, v);
    x += 16;
  }
  for (; i < n; i++) {
    const v = f32x4.abs(v128.load32_zero(x));
    m = f32x4.max(m, v);
    s = f32x4.add(s, v);
    x += 4;
  }
  const top = max(max(f32x4.extract_lane(m, 0), f32x4.extract_lane(m, 1)), max(f32x4.extract_lane(m, 2), f32x4.extract_lane(m, 3)));
  const sum = f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3);
  const exponent = reinterpret<i32>(top) >> 23;
  if (exponent < 24 || exponent >= 254 || !(top * <f32>n <= SPREAD * sum)) return 0;
  return reinterpret<f32>((exponent - 10) << 23);
}

/** The row in steps, per quad four whole parts and four 4096ths, 16 bits each; returns its sum. */
function fixRow(x: usize, to: usize, n: i32, step: f32): f32 {
  const per = f32x4.splat(1 / step);
  let sum = f32x4.splat(0);
  for (let k = 0; k < n; k += 4) {
    let v = v128.load(x);
    if (n - k < 4) v = v128.and(v, i32x4.gt_s(i32x4.splat(n - k), i32x4(0, 1, 2, 3)));
    sum = f32x4.add(sum, v);
    const t = f32x4.mul(v, per), whole = f32x4.nearest(t);
    const rest = f32x4.nearest(f32x4.mul(f32x4.sub(t, whole), f32x4.splat(4096)));
    v128.store(to, i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(whole), i32x4.trunc_sat_f32x4_s(rest)));
    x += 16;
    to += 16;
  }
  return (f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1)) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

// @ts-ignore: decorator
@inline
function dots(acc: v128, x: v128, w: v128): v128 {
  return i32x4.add(acc, i32x4.dot_i16x8_s(x, w));
}
/** Four outputs from two vectors of [output, half of the inputs]. */
// @ts-ignore: decorator
@inline
function halves(a: v128, b: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7)));
}

/** Sums of a tile in fixed point: exact in integers, over runs that fit. */
// @ts-ignore: decorator
@inline
function fixedTile(x: usize, w: usize, n: i32, step: f32, nibbles: bool): void {
  let lows = f32x4.splat(0), highs = lows;
  const part = f32x4.splat(1.0 / 4096);
  while (n > 0) {
    let a0 = i32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
    for (let m = min(n, RUN); m > 0; m--) {
      const h = v128.load64_splat(x), l = v128.load64_splat(x, 8);
      const v = v128.load(w);
      const w0 = nibbles ? quad4(v, 0) : quad8(w, 0), w1 = nibbles ? quad4(v, 1) : quad8(w, 1);
      const w2 = nibbles ? quad4(v, 2) : quad8(w, 2), w3 = nibbles ? quad4(v, 3) : quad8(w, 3);
      a0 = dots(a0, h, w0); b0 = dots(b0, l, w0); a1 = dots(a1, h, w1); b1 = dots(b1, l, w1);
      a2 = dots(a2, h, w2); b2 = dots(b2, l, w2); a3 = dots(a3, h, w3); b3 = dots(b3, l, w3);
      x += 16;
      w += nibbles ? 16 : 32;
    }
    n -= RUN;
    lows = f32x4.add(lows, f32x4.add(halves(a0, a1), f32x4.mul(part, halves(b0, b1))));
    highs = f32x4.add(highs, f32x4.add(halves(a2, a3), f32x4.mul(part, halves(b2, b3))));
  }
  v128.store(SUMS, f32x4.mul(lows, f32x4.splat(step)));
  v128.store(SUMS, f32x4.mul(highs, f32x4.splat(step)), 16);
}

/** The outputs of a tile from `SUMS`. */
function finishTile(total: f32, scales: usize, offsets: usize, bias: usize, y: usize, width: i32, relu: i32): void {
  let at: usize = 0;
  for (; width > 0; width -= 4) {
    // A product with 0 would make NaN of an infinity.
    const offset = f32x4.convert_i32x4_s(v128.load(offsets + at));
    const less = v128.andnot(f32x4.mul(f32x4.splat(total), offset), f32x4.eq(offset, f32x4.splat(0)));
    let v = f32x4.mul(f32x4.sub(v128.load(SUMS + at), less), v128.load(scales + at));
    v = f32x4.add(v, bias ? v128.load(bias + at) : f32x4.splat(0));
    storeFew(y + at, relu ? clip(v) : v, width);
    at += 16;
  }
}
/** The first `width` of four floats. */
// @ts-ignore: decorator
@inline
export function storeFew(to: usize, v: v128, width: i32): void {
  if (width >= 4) {
    v128.store(to, v);
  } else {
    v128.store32_lane(to, v, 0);
    if (width > 1) v128.store32_lane(to, v, 1, 4);
    if (width > 2) v128.store32_lane(to, v, 2, 8);
  }
}

/** All weights as floats [in, out]: the very values that were quantized. */
// @ts-ignore: decorator
@inline
function unpack(codes: usize, scales: usize, offsets: usize, to: usize, inn: i32, out: i32, nibbles: bool): void {
  const ld = <usize>out << 2;
  for (let o = 0; o < out; o += 8) {
    const s0 = v128.load(scales), s1 = v128.load(scales, 16);
    const z0 = f32x4.convert_i32x4_s(v128.load(offsets)), z1 = f32x4.convert_i32x4_s(v128.load(offsets, 16));
    for (let k = 0; k < inn; k += 4) {
      const v = v128.load(codes);
      const u0 = nibbles ? quad4(v, 0) : quad8(codes, 0), u1 = nibbles ? quad4(v, 1) : quad8(codes, 1);
      const u2 = nibbles ? quad4(v, 2) : quad8(codes, 2), u3 = nibbles ? quad4(v, 3) : quad8(codes, 3);
      v128.store(QUADS, one(u0)); v128.store(QUADS, other(u0), 16);
      v128.store(QUADS, one(u1), 32); v128.store(QUADS, other(u1), 48);
      v128.store(QUADS, one(u2), 64); v128.store(QUADS, other(u2), 80);
      v128.store(QUADS, one(u3), 96); v128.store(QUADS, other(u3), 112);
      transpose4(QUADS, TURNED, 4, 16, 32);
      transpose4(QUADS + 64, TURNED + 16, 4, 16, 32);
      let p = to + <usize>k * ld + (<usize>o << 2), t = TURNED;
      for (let i = k; i < min(k + 4, inn); i++) {
        unpackRow(p, v128.load(t), v128.load(t, 16), z0, z1, s0, s1, out - o);
        p += ld;
        t += 32;
      }
      codes += nibbles ? 16 : 32;
    }
    scales += 32;
    offsets += 32;
  }
}
// @ts-ignore: decorator
@inline
function unpackRow(p: usize, a: v128, b: v128, z0: v128, z1: v128, s0: v128, s1: v128, left: i32): void {
  storeFew(p, f32x4.mul(f32x4.sub(a, z0), s0), left);
  if (left > 4) storeFew(p + 16, f32x4.mul(f32x4.sub(b, z1), s1), left - 4);
}

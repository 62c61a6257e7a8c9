/** Masks drawn from scores. Contract: contract.ts, whose LANE and WARM these are. */

import { spread } from '../mask/assembly';

const LANE: i32 = 0x3504f333;
const WARM: i32 = 16;

/** e^x, 1e-7 of it apart, by 2^k times a polynomial on [-ln 2 / 2, ln 2 / 2] (Cephes, expf). NaN stays. */
// @ts-ignore: decorator
@inline
function exp(v: v128): v128 {
  const x = f32x4.max(f32x4.min(v, f32x4.splat(87)), f32x4.splat(-87));
  const k = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(k, f32x4.splat(0.693359375))), f32x4.mul(k, f32x4.splat(-2.12194440e-4)));
  let y = f32x4.add(f32x4.mul(f32x4.splat(1.9875691500e-4), r), f32x4.splat(1.3981999507e-3));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(8.3334519073e-3));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(4.1665795894e-2));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.6666665459e-1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(5.0000001201e-1));
  y = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(y, r), r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23);
  return f32x4.mul(y, power);
}
// @ts-ignore: decorator
@inline
function sigmoid(s: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(s))));
}
/** All ones in lanes whose number is below n. */
// @ts-ignore: decorator
@inline
function first(n: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(n));
}

export function drawWeights(
  w: usize, s: usize, mask: usize, y: usize, n: i32, alive: f64, sa: i32, sb: i32, sc: i32,
): i32 {
  // Four generators side by side.
  let a = i32x4.splat(sa), b = i32x4.splat(sb), c = i32x4.splat(sc);
  let counter = i32x4.add(i32x4.splat(1), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(LANE)));
  const one = i32x4.splat(1), unit = f32x4.splat(1.0 / 16777216.0);
  let there = 0;
  for (let i = -4 * WARM; i < n; i += 4) {
    const out = i32x4.add(i32x4.add(a, b), counter);
    counter = i32x4.add(counter, one);
    a = v128.xor(b, i32x4.shr_u(b, 9));
    b = i32x4.add(c, i32x4.shl(c, 3));
    c = i32x4.add(v128.or(i32x4.shl(c, 21), i32x4.shr_u(c, 11)), out);
    if (i < 0) continue;
    const at = <usize>i << 2;
    const u = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(out, 8)), unit);
    const inside = first(n - i);
    let keep = v128.and(f32x4.lt(u, sigmoid(v128.load(s + at))), inside);
    if (mask) keep = v128.and(keep, spread(mask + <usize>i));
    there += i32.popcnt(i32x4.bitmask(keep));
    v128.store(y + at, v128.bitselect(v128.and(v128.load(w + at), keep), v128.load(y + at), inside));
  }
  if (alive > 0 && there > 0) scale(y, n, <f32>(alive / <f64>there));
  return there;
}

function scale(y: usize, n: i32, factor: f32): void {
  const four = f32x4.splat(factor);
  for (let i = 0; i < n; i += 4) {
    const at = y + (<usize>i << 2);
    const old = v128.load(at);
    v128.store(at, v128.bitselect(f32x4.mul(old, four), old, first(n - i)));
  }
}

/** Sign of x: 1, -1 or x itself, where it is zero or NaN. */
// @ts-ignore: decorator
@inline
function signOf(x: v128): v128 {
  const zero = f32x4.splat(0);
  const sided = v128.or(f32x4.splat(1), v128.and(x, i32x4.splat(0x80000000)));
  return v128.bitselect(sided, x, v128.or(f32x4.lt(x, zero), f32x4.gt(x, zero)));
}

export function scoreGradient(g: usize, w: usize, s: usize, n: i32, factor: f32, drawn: i32): void {
  const four = f32x4.splat(factor), one = f32x4.splat(1);
  for (let i = 0; i < n; i += 4) {
    const at = <usize>i << 2;
    const score = v128.load(s + at), old = v128.load(g + at);
    let slope: v128;
    if (drawn) {
      const p = sigmoid(score);
      slope = f32x4.mul(p, f32x4.sub(one, p));
    } else slope = signOf(score);
    const by = f32x4.mul(f32x4.mul(old, v128.load(w + at)), f32x4.mul(four, slope));
    v128.store(g + at, v128.bitselect(by, old, first(n - i)));
  }
}

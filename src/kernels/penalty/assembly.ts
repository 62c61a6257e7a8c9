/** Penalties on one kernel. NaN stays NaN. */

/** Sign bits of four floats. */
const SIGN: i32 = 0x80000000;

/** x with the sign of y; x has none. */
// @ts-ignore: decorator
@inline
function signed(x: v128, y: v128): v128 {
  return v128.or(x, v128.and(y, i32x4.splat(SIGN)));
}

/** g += strength * sign(w). */
export function l1Gradient(g: usize, w: usize, n: i32, strength: f32): void {
  const size = f32x4.splat(strength), zero = f32x4.splat(0);
  let i: usize = 0;
  for (; i + 4 <= <usize>n; i += 4) {
    const at = i << 2;
    const x = v128.load(w + at);
    const pull = v128.and(signed(size, x), f32x4.ne(x, zero));
    v128.store(g + at, f32x4.add(v128.load(g + at), v128.bitselect(x, pull, f32x4.ne(x, x))));
  }
  for (; i < <usize>n; i++) {
    const at = i << 2;
    const x = load<f32>(w + at);
    const pull: f32 = x > 0 ? strength : x < 0 ? -strength : x;
    store<f32>(g + at, load<f32>(g + at) + pull);
  }
}

/** w = sign(w) max(|w| - t, 0). */
export function softThreshold(w: usize, n: i32, t: f32): void {
  const least = f32x4.splat(t);
  let i: usize = 0;
  for (; i + 4 <= <usize>n; i += 4) {
    const at = w + (i << 2);
    const x = v128.load(at), size = f32x4.abs(x);
    v128.store(at, v128.andnot(signed(f32x4.sub(size, least), x), f32x4.le(size, least)));
  }
  for (; i < <usize>n; i++) {
    const at = w + (i << 2);
    const x = load<f32>(at), size = Mathf.abs(x);
    store<f32>(at, size <= t ? 0 : x < 0 ? x + t : x - t);
  }
}

/** Four columns at a time; `reach` = t sqrt(rows). */
// @ts-ignore: decorator
@inline
function shrinkFour(w: usize, rows: i32, stride: usize, reach: f32): void {
  let squares = f32x4.splat(0), end = w + stride * <usize>rows;
  for (let at = w; at < end; at += stride) {
    const x = v128.load(at);
    squares = f32x4.add(squares, f32x4.mul(x, x));
  }
  const norm = f32x4.sqrt(squares), least = f32x4.splat(reach);
  const gone = f32x4.le(norm, least);
  const factor = f32x4.sub(f32x4.splat(1), f32x4.div(least, norm));
  for (let at = w; at < end; at += stride) {
    v128.store(at, v128.andnot(f32x4.mul(v128.load(at), factor), gone));
  }
}

/** Every column of w[rows, cols] times max(0, 1 - reach / its norm). */
export function shrinkColumns(w: usize, rows: i32, cols: i32, reach: f32): void {
  const stride = <usize>cols << 2;
  let c: usize = 0;
  for (; c + 4 <= <usize>cols; c += 4) shrinkFour(w + (c << 2), rows, stride, reach);
  for (; c < <usize>cols; c++) {
    const first = w + (c << 2), end = first + stride * <usize>rows;
    let squares: f32 = 0;
    for (let at = first; at < end; at += stride) squares += load<f32>(at) * load<f32>(at);
    const norm = Mathf.sqrt(squares);
    const factor: f32 = norm <= reach ? 0.0 : <f32>1.0 - reach / norm;
    for (let at = first; at < end; at += stride) store<f32>(at, factor == 0 ? <f32>0 : load<f32>(at) * factor);
  }
}

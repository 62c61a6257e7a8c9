/** Small SIMD helpers. All pointers are bytes; floats need no alignment. */

/** acc + a * b: fused in the relaxed build, two roundings in the plain one. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, acc: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, acc) : f32x4.add(acc, f32x4.mul(a, b));
}

/** max(x, 0) that lets NaN through: pmax is `x < 0 ? 0 : x`. */
// @ts-ignore: decorator
@inline
export function relu(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

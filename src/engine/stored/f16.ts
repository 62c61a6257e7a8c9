/** Bit patterns of half-precision floats (IEEE 754 binary16): only where nothing is lost. */

/**
 * The binary16 pattern of a binary32 pattern, or -1 where it cannot be held exactly. Zeros keep their sign, NaNs
 * their payload.
 */
export function toHalf(pattern: number): number {
  const sign = (pattern >>> 16) & 0x8000;
  const exponent = (pattern >>> 23) & 0xff;
  const mantissa = pattern & 0x7fffff;
  if (exponent === 0xff) {
    // A payload in the lower bits would be lost, or turn the NaN into an infinity.
    return (mantissa & 0x1fff) === 0 ? sign | 0x7c00 | (mantissa >>> 13) : -1;
  }
  if (exponent === 0) return mantissa === 0 ? sign : -1;
  const power = exponent - 112;
  if (power >= 31) return -1;
  if (power > 0) return (mantissa & 0x1fff) === 0 ? sign | (power << 10) | (mantissa >>> 13) : -1;
  const shift = 14 - power;
  const full = mantissa | 0x800000;
  return shift <= 23 && (full & ((1 << shift) - 1)) === 0 ? sign | (full >>> shift) : -1;
}

/** The binary32 pattern of a binary16 pattern. */
export function fromHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 31) return (sign | 0x7f800000 | (mantissa << 13)) >>> 0;
  if (exponent > 0) return (sign | ((exponent + 112) << 23) | (mantissa << 13)) >>> 0;
  if (mantissa === 0) return sign >>> 0;
  const lead = Math.clz32(mantissa) - 21;
  return (sign | ((113 - lead) << 23) | (((mantissa << lead) & 0x3ff) << 13)) >>> 0;
}

/** Whether all of these can be written in 16 bits. */
export function fitsHalf(patterns: Uint32Array): boolean {
  for (let i = 0; i < patterns.length; i++) if (toHalf(patterns[i]) < 0) return false;
  return true;
}

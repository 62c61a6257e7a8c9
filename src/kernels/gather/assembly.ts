/** y = x * scale + shift from bytes. */
export function fromBytes(x: usize, y: usize, n: i32, scale: f32, shift: f32): void {
  const s = f32x4.splat(scale), t = f32x4.splat(shift);
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const v = v128.load_ext<u8>(x);
    const lo = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(v));
    const hi = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(v));
    v128.store(y, f32x4.add(f32x4.mul(lo, s), t));
    v128.store(y, f32x4.add(f32x4.mul(hi, s), t), 16);
    x += 8;
    y += 32;
  }
  for (; i < n; i++) {
    store<f32>(y, <f32>load<u8>(x) * scale + shift);
    x++;
    y += 4;
  }
}

/** Residual connections. */
import { relu as clip } from '../simd/assembly/vec';

/** y = relu?(a + b); y may be a or b. */
export function add(a: usize, b: usize, y: usize, n: i32, relu: i32): void {
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const s = f32x4.add(v128.load(a), v128.load(b));
    const t = f32x4.add(v128.load(a, 16), v128.load(b, 16));
    v128.store(y, relu ? clip(s) : s);
    v128.store(y, relu ? clip(t) : t, 16);
    a += 32;
    b += 32;
    y += 32;
  }
  for (; i < n; i++) {
    const s = f32x4.add(v128.load32_zero(a), v128.load32_zero(b));
    store<f32>(y, f32x4.extract_lane(relu ? clip(s) : s, 0));
    a += 4;
    b += 4;
    y += 4;
  }
}

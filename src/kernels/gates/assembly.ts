/** Gates on rows of a kernel [rows, cols]; gate r % units serves row r. */

/** y[r, :] = z[r % units] x[r, :]. */
export function scaleRows(x: usize, z: usize, y: usize, rows: i32, cols: i32, units: i32): void {
  const stride = <usize>cols << 2;
  for (let r = 0; r < rows; r++) {
    const gate = load<f32>(z + (<usize>(r % units) << 2));
    const four = f32x4.splat(gate);
    const from = x + stride * <usize>r, to = y + stride * <usize>r;
    let c: usize = 0;
    for (; c + 16 <= stride; c += 16) v128.store(to + c, f32x4.mul(v128.load(from + c), four));
    for (; c < stride; c += 4) store<f32>(to + c, load<f32>(from + c) * gate);
  }
}

/** Of one row: two sums of four, so that additions do not wait for each other. */
// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, bytes: usize): f32 {
  let one = f32x4.splat(0), two = f32x4.splat(0);
  let c: usize = 0;
  for (; c + 32 <= bytes; c += 32) {
    one = f32x4.add(one, f32x4.mul(v128.load(a + c), v128.load(b + c)));
    two = f32x4.add(two, f32x4.mul(v128.load(a + c, 16), v128.load(b + c, 16)));
  }
  const all = f32x4.add(one, two);
  let sum = f32x4.extract_lane(all, 0) + f32x4.extract_lane(all, 1) + f32x4.extract_lane(all, 2) +
    f32x4.extract_lane(all, 3);
  for (; c < bytes; c += 4) sum += load<f32>(a + c) * load<f32>(b + c);
  return sum;
}

/** dz[u] = sum of g * w over the rows of gate u. */
export function dotRows(g: usize, w: usize, dz: usize, rows: i32, cols: i32, units: i32): void {
  const stride = <usize>cols << 2;
  for (let u = 0; u < units; u++) {
    let sum: f32 = 0;
    for (let r = u; r < rows; r += units) sum += dot(g + stride * <usize>r, w + stride * <usize>r, stride);
    store<f32>(dz + (<usize>u << 2), sum);
  }
}

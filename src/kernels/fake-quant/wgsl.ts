/**
 * Effective weights of a quantized kernel during training, by the formulas of methods/fake-quant. Pruned weights
 * are zero in the latent kernel already. Two kernels: scale and zero point of every range, then the weights.
 * A graphics card may divide less exactly than a CPU, so evaluation does not use these.
 */
import { type Binding, elementwise, type Kernel } from '../webgpu/kernel';

export interface QuantShape {
  /** Where the kernel begins in the arenas, its length, and how many ranges: 1 or the output channels. */
  offset: number;
  length: number;
  ranges: number;
  bits: number;
  scheme: 'affine' | 'symmetric';
}
const THREADS = 256;
const symmetricLimit = (bits: number) => 2 ** (bits - 1) - 1;

/** Scale and zero point from low, high, sum of |w| and the count of kept weights. */
function parameters({ bits, scheme }: QuantShape): string {
  if (bits === 1) return 'vec2<f32>(select(0.0, total / kept, kept > 0.0), 0.0)';
  if (scheme === 'symmetric') {
    const limit = symmetricLimit(bits);
    return `vec2<f32>(max(1e-12, max(high, -low) / ${limit}.0), ${limit}.0)`;
  }
  return `affine(low, high)`;
}
const affine = (bits: number): string => `
fn affine(low: f32, high: f32) -> vec2<f32> {
  let scale = max(1e-12, (high - low) / ${2 ** bits - 1}.0);
  return vec2<f32>(scale, clamp(round(-low / scale), 0.0, ${2 ** bits - 1}.0));
}`;
const look = `let value = w[at];
    low = min(low, value);
    high = max(high, value);
    total += abs(value);
    kept += select(0.0, 1.0, mask[at] != 0.0);`;

/** Bindings w, mask, ranges (scale, zero point each). */
export function quantRanges(q: QuantShape): Kernel {
  const bindings: Binding[] = [
    ['w', 'f32', 'read'],
    ['mask', 'f32', 'read'],
    ['ranges', 'vec2<f32>', 'read_write'],
  ];
  const start = 'var low = 0.0; var high = 0.0; var total = 0.0; var kept = 0.0;';
  if (q.ranges > 1) {
    return elementwise(
      'quantization ranges by channel',
      bindings,
      affine(q.bits),
      () => q.ranges,
      `  if (i >= ${q.ranges}u) { return; }
  ${start}
  for (var at = ${q.offset}u + i; at < ${q.offset + q.length}u; at += ${q.ranges}u) {
    ${look}
  }
  ranges[i] = ${parameters(q)};`,
    );
  }
  return {
    label: 'quantization range',
    bindings,
    groups: () => [1, 1],
    threads: [THREADS, 1],
    head: `${affine(q.bits)}
var<workgroup> found: array<vec4<f32>, ${THREADS}>;`,
    body: `  ${start}
  for (var at = ${q.offset}u + thread; at < ${q.offset + q.length}u; at += ${THREADS}u) {
    ${look}
  }
  found[thread] = vec4<f32>(low, high, total, kept);
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    if (thread < half) {
      let a = found[thread];
      let b = found[thread + half];
      found[thread] = vec4<f32>(min(a.x, b.x), max(a.y, b.y), a.z + b.z, a.w + b.w);
    }
    workgroupBarrier();
  }
  if (thread == 0u) {
    low = found[0].x;
    high = found[0].y;
    total = found[0].z;
    kept = found[0].w;
    ranges[0] = ${parameters(q)};
  }`,
  };
}

/** Bindings w, mask, ranges, effective. */
export function quantWeights(q: QuantShape): Kernel {
  const high = q.scheme === 'affine' ? 2 ** q.bits - 1 : 2 * symmetricLimit(q.bits);
  const value =
    q.bits === 1
      ? 'select(-range.x, range.x, value >= 0.0)'
      : `range.x * (clamp(round(value / range.x) + range.y, 0.0, ${high}.0) - range.y)`;
  return elementwise(
    'quantize',
    [
      ['w', 'f32', 'read'],
      ['mask', 'f32', 'read'],
      ['ranges', 'vec2<f32>', 'read'],
      ['effective', 'f32', 'read_write'],
    ],
    '',
    () => q.length,
    `  if (i >= ${q.length}u) { return; }
  let at = ${q.offset}u + i;
  let value = w[at];
  let range = ranges[i % ${q.ranges}u];
  effective[at] = select(0.0, ${value}, mask[at] != 0.0);`,
  );
}

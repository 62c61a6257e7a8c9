/**
 * What a quantized kernel is executed as. Codes are computed first and the weights decoded from them, so
 * that the file, which stores the codes, and the network, which runs the weights, agree bit for bit.
 *
 * Scales are float32; a weight's division, rounding (to the nearest, halves to even) and product are those
 * of float32, as WASM and WGSL have them.
 * - affine: the range [min, max] of the kept weights, widened to contain 0, in 2^b - 1 steps; the zero
 *   point is an integer code, so that 0 is exact.
 * - symmetric (restricted): codes -L..L with L = 2^(b-1) - 1 and scale max|w| / L; 2 bits are ternary.
 * - 1 bit, in either scheme: sign(w) times the mean |w| of the kept weights; 0 counts as positive.
 * Scales are at least 1e-12, so an all-zero channel stays zero; pruned weights are 0 and widen no range.
 */
import { kernelName, kernelShape } from '../models/build';
import type { QuantSpec, WeightLayer, Weights } from '../models/types';
import { WinnowError } from '../spec/problem';
import { masked } from './layers';

export interface Codes {
  /** Unsigned codes in [0, 2^bits), one per weight; at pruned weights the code of 0 (1-bit: 0). */
  codes: Uint8Array;
  /** Per channel, or one; the weight is scale * (code - zero), for 1 bit ±scale. */
  scales: Float32Array;
  /** Code of 0, per channel or one; unused (0) for 1 bit. */
  zeros: Uint8Array;
}

const floor = Math.fround(1e-12);
/** 1.5 * 2^52: adding and taking it away leaves the nearest integer, halves to even. */
const magic = 6755399441055744;
const nearest = (x: number): number => x + magic - magic;
const clamp = (x: number, high: number): number => Math.max(0, Math.min(x, high));

/** Largest |code| of the restricted symmetric scheme; also the code that stands for 0. */
export const symmetricLimit = (bits: number): number => 2 ** (bits - 1) - 1;
/** How many scales a kernel of this shape has; the last axis is the output channel. */
export const scaleCount = (shape: readonly number[], spec: QuantSpec): number =>
  spec.granularity === 'channel' ? shape[shape.length - 1] : 1;

/**
 * @param kernel latent weights, row-major in `shape`, output channel last
 * @param mask 1 = kept
 * @throws WinnowError if a kept weight is not finite or `bits` is not an integer in 1..8.
 */
export function quantizeCodes(
  kernel: Float32Array,
  shape: readonly number[],
  spec: QuantSpec,
  mask?: Uint8Array,
): Codes {
  check(kernel, spec, mask);
  const n = scaleCount(shape, spec);
  const { scales, zeros } = spec.bits === 1 ? means(kernel, n, mask) : ranges(kernel, n, spec, mask);
  const codes = new Uint8Array(kernel.length);
  const high =
    spec.bits === 1 ? 1 : spec.scheme === 'affine' ? 2 ** spec.bits - 1 : 2 * symmetricLimit(spec.bits);
  for (let base = 0; base < kernel.length; base += n) {
    for (let c = 0; c < n; c++) {
      const i = base + c;
      if (mask && mask[i] === 0) codes[i] = zeros[c];
      else if (spec.bits === 1) codes[i] = kernel[i] >= 0 ? 1 : 0;
      else codes[i] = clamp(nearest(Math.fround(kernel[i] / scales[c])) + zeros[c], high);
    }
  }
  return { codes, scales, zeros };
}

/** Weights of the codes; exactly 0 where pruned. */
export function dequantize({ codes, scales, zeros }: Codes, bits: number, mask?: Uint8Array): Float32Array {
  const n = scales.length;
  const out = new Float32Array(codes.length);
  for (let base = 0; base < out.length; base += n) {
    for (let c = 0; c < n; c++) {
      const i = base + c;
      if (mask && mask[i] === 0) continue;
      out[i] = bits === 1 ? (codes[i] === 1 ? scales[c] : -scales[c]) : scales[c] * (codes[i] - zeros[c]);
    }
  }
  return out;
}

/** Effective weights of a latent kernel; see the head of this file. */
export const fakeQuant = (
  kernel: Float32Array,
  shape: readonly number[],
  spec: QuantSpec,
  mask?: Uint8Array,
): Float32Array => dequantize(quantizeCodes(kernel, shape, spec, mask), spec.bits, mask);

export interface Executed {
  /** Effective weights: masked, then quantized. Not to be written to. */
  values: Float32Array;
  /** Present when quantized. */
  codes?: Codes;
}
interface Memo extends Executed {
  mask?: Uint8Array;
  spec?: QuantSpec;
}
// Kernels and masks are never written to, so the last result per latent kernel can be kept.
const memo = new WeakMap<Float32Array, Memo>();

/** What is executed in place of a layer's latent kernel, and its codes when quantized. */
export function executed(weights: Weights, layer: WeightLayer): Executed {
  const name = kernelName(layer);
  const kernel = weights.tensors[name];
  const mask = weights.masks[name];
  const spec = weights.quant[name];
  if (!mask && !spec) return { values: kernel };
  const known = memo.get(kernel);
  if (known && known.mask === mask && sameSpec(known.spec, spec)) return known;
  const made: Memo = { mask, spec, values: kernel };
  if (spec) {
    made.codes = quantizeCodes(kernel, kernelShape(layer), spec, mask);
    made.values = dequantize(made.codes, spec.bits, mask);
  } else {
    made.values = masked(kernel, mask);
  }
  memo.set(kernel, made);
  return made;
}

/** Effective weights of a layer's kernel; the latent array itself if nothing is masked or quantized. */
export const effectiveKernel = (weights: Weights, layer: WeightLayer): Float32Array =>
  executed(weights, layer).values;

const sameSpec = (a: QuantSpec | undefined, b: QuantSpec | undefined): boolean =>
  a === b || (!!a && !!b && a.bits === b.bits && a.scheme === b.scheme && a.granularity === b.granularity);

function check(kernel: Float32Array, spec: QuantSpec, mask: Uint8Array | undefined): void {
  if (!Number.isInteger(spec.bits) || spec.bits < 1 || spec.bits > 8) {
    throw new WinnowError({
      code: 'range',
      path: 'with.bits',
      message: `must be an integer in [1, 8], got ${spec.bits}`,
      values: { min: 1, max: 8, found: spec.bits },
    });
  }
  for (let i = 0; i < kernel.length; i++) {
    if (Number.isFinite(kernel[i]) || (mask && mask[i] === 0)) continue;
    throw new WinnowError({
      code: 'weight',
      path: '',
      message: `weights must be finite numbers, found ${kernel[i]} at index ${i}: the training has probably diverged`,
      values: { found: String(kernel[i]), index: i },
    });
  }
}

function means(kernel: Float32Array, n: number, mask: Uint8Array | undefined) {
  const sums = new Float64Array(n);
  const counts = new Uint32Array(n);
  for (let i = 0; i < kernel.length; i++) {
    if (mask && mask[i] === 0) continue;
    sums[i % n] += Math.abs(kernel[i]);
    counts[i % n]++;
  }
  // A channel without kept weights has scale 0 and decodes to nothing but zeros.
  const scales = Float32Array.from(sums, (sum, c) => (counts[c] === 0 ? 0 : sum / counts[c]));
  return { scales, zeros: new Uint8Array(n) };
}

function ranges(kernel: Float32Array, n: number, spec: QuantSpec, mask: Uint8Array | undefined) {
  // Both start at 0, which puts 0 inside every range.
  const low = new Float32Array(n);
  const high = new Float32Array(n);
  for (let base = 0; base < kernel.length; base += n) {
    for (let c = 0; c < n; c++) {
      if (mask && mask[base + c] === 0) continue;
      const w = kernel[base + c];
      if (w < low[c]) low[c] = w;
      else if (w > high[c]) high[c] = w;
    }
  }
  const scales = new Float32Array(n);
  const zeros = new Uint8Array(n);
  const most = 2 ** spec.bits - 1;
  for (let c = 0; c < n; c++) {
    if (spec.scheme === 'affine') {
      scales[c] = Math.max(floor, Math.fround((high[c] - low[c]) / most));
      zeros[c] = clamp(nearest(Math.fround(-low[c] / scales[c])), most);
    } else {
      const limit = symmetricLimit(spec.bits);
      scales[c] = Math.max(floor, Math.fround(Math.max(high[c], -low[c]) / limit));
      zeros[c] = limit;
    }
  }
  return { scales, zeros };
}

/**
 * Latent weights for a quantized kernel of which only the codes are left, as in a file: any that round to the very
 * same codes and scales will do. The code itself nearly does, but a scale is the rounded quotient of a range, and the
 * range of the decoded weights may be off by a last place; so its two ends are looked for among their neighbours.
 */
import type { QuantSpec } from '../models/types';
import { type Codes, dequantize, quantizeCodes, symmetricLimit } from './fake-quant';

/** Last places tried on either side of an end. */
const REACH = 3;

export interface Recovered {
  latent: Float32Array;
  spec: QuantSpec;
}
/**
 * @param codes of the whole kernel; at pruned weights whatever
 * @param mask 1 = kept
 * @returns undefined where no latent weights are found that quantize to these
 */
export function recoverQuant(
  codes: Codes,
  bits: number,
  shape: readonly number[],
  mask?: Uint8Array,
): Recovered | undefined {
  const granularity = codes.scales.length === 1 ? 'tensor' : 'channel';
  const symmetric = bits > 1 && codes.zeros.every((z) => z === symmetricLimit(bits));
  const values = dequantize(codes, bits, mask);
  for (const scheme of symmetric ? (['symmetric', 'affine'] as const) : (['affine'] as const)) {
    const spec: QuantSpec = { bits, scheme, granularity };
    const latent = bits === 1 ? values : withEnds(values, codes, spec, mask);
    if (latent && agrees(latent, codes, spec, shape, mask)) return { latent, spec };
  }
  return undefined;
}

function agrees(
  latent: Float32Array,
  codes: Codes,
  spec: QuantSpec,
  shape: readonly number[],
  mask?: Uint8Array,
): boolean {
  const again = quantizeCodes(latent, shape, spec, mask);
  return (
    same(again.scales, codes.scales) &&
    (spec.bits === 1 || same(again.zeros, codes.zeros)) &&
    again.codes.every((code, i) => mask?.[i] === 0 || code === codes.codes[i])
  );
}
const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.from(a).every((x, i) => x === b[i]);

/** Decoded weights with the ends of each channel's range moved to where its scale comes out. */
function withEnds(
  values: Float32Array,
  { codes, scales, zeros }: Codes,
  { bits, scheme }: QuantSpec,
  mask?: Uint8Array,
): Float32Array {
  const out = values.slice();
  const n = scales.length;
  const ends = Array.from(scales, (scale, c) =>
    scheme === 'affine' ? affineEnds(scale, zeros[c], bits) : symmetricEnds(scale, bits),
  );
  const top = scheme === 'affine' ? 2 ** bits - 1 : 2 * symmetricLimit(bits);
  for (let i = 0; i < out.length; i++) {
    if (mask?.[i] === 0) continue;
    if (codes[i] === 0) out[i] = ends[i % n].low;
    else if (codes[i] === top) out[i] = ends[i % n].high;
  }
  return out;
}
interface Ends {
  low: number;
  high: number;
}
function symmetricEnds(scale: number, bits: number): Ends {
  const limit = symmetricLimit(bits);
  const high = neighbours(scale * limit).find((w) => Math.fround(w / limit) === scale) ?? scale * limit;
  return { low: -high, high };
}
function affineEnds(scale: number, zero: number, bits: number): Ends {
  const most = 2 ** bits - 1;
  const fits = (low: number, high: number) => Math.fround((high - low) / most) === scale;
  // An end at 0 stays there: ranges are widened to contain it.
  const ends = (at: number) => (at === 0 ? [0] : neighbours(at));
  for (const low of ends(-zero * scale))
    for (const high of ends((most - zero) * scale)) if (fits(low, high)) return { low, high };
  return { low: -zero * scale, high: (most - zero) * scale };
}

/** Floats around `x`, the nearest first. */
function neighbours(x: number): number[] {
  const at = Math.fround(x);
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, at);
  const bits = view.getInt32(0);
  const by = (k: number) => {
    view.setInt32(0, bits + k);
    return view.getFloat32(0);
  };
  return [at, ...Array.from({ length: REACH }, (_, k) => [by(k + 1), by(-k - 1)]).flat()];
}

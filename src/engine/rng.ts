/**
 * Random numbers that depend on nothing but a seed and names, so that the same experiment draws the same
 * weights and the same batches on every backend and machine, and no stream moves when another is used.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** An independent generator per (seed, names): its 128-bit state is the start of their SHA-256. */
export function stream(seed: number, ...names: (string | number)[]): RandomGenerator {
  const digest = sha256(new TextEncoder().encode(JSON.stringify([seed, ...names])));
  const view = new DataView(digest.buffer, digest.byteOffset);
  return xoroshiro128plusFromState([0, 4, 8, 12].map((at) => view.getInt32(at)));
}

/** Uniform in [0, 1), multiples of 2^-53. */
export const uniform =
  (rng: RandomGenerator): (() => number) =>
  () =>
    uniformFloat64(rng);

/**
 * n draws of N(0, deviation²), rounded to float32, by Box and Muller's transform in double precision.
 * ECMAScript leaves the last bit of log, cos and sin open; float32 hides it but for one draw in 10^8.
 */
export function normals(rng: RandomGenerator, n: number, deviation: number): Float32Array {
  const out = new Float32Array(n);
  for (let i = 0; i < n; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - uniformFloat64(rng)));
    const angle = 2 * Math.PI * uniformFloat64(rng);
    out[i] = radius * Math.cos(angle);
    if (i + 1 < n) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}

/** 0..n-1 in random order (Fisher and Yates), every order equally likely. */
export function permutation(n: number, rng: RandomGenerator): Uint32Array<ArrayBuffer> {
  const out = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = uniformInt(rng, 0, i);
    const kept = out[i];
    out[i] = out[j];
    out[j] = kept;
  }
  return out;
}

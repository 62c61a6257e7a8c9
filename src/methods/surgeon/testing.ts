/** For tests: matrices that have nothing to do with ours. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Uniform in [-1, 1). */
export function numbers(n: number, seed: number): Float64Array {
  const rng = xoroshiro128plus(seed);
  return Float64Array.from({ length: n }, () => uniformFloat64(rng) * 2 - 1);
}

/** Mean of x xᵀ over `samples` random x, [n, n]. */
export function gram(n: number, samples: number, seed: number): Float64Array {
  const x = numbers(n * samples, seed);
  const out = new Float64Array(n * n);
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) out[i * n + j] += (x[s * n + i] * x[s * n + j]) / samples;
    }
  }
  return out;
}

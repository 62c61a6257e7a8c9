/**
 * Weights shared by hashing (HashedNets: Chen et al. 2015): w[i] = s(i) * bucket[XXH32(i, seed) mod K], where s(i) is
 * -1 if XXH32(i, seed + 1) is odd, else 1. The hash is XXH32 (Yann Collet) of i as four bytes, little-endian. Signs are
 * set in the bit pattern, so that zeros and NaNs are the same everywhere.
 */
const [P2, P3, P4, P5] = [2246822519, 3266489917, 668265263, 374761393];

/** XXH32 of the four bytes of `word`. */
export function xxh32(word: number, seed: number): number {
  let h = (seed + P5 + 4 + Math.imul(word, P3)) | 0;
  h = Math.imul((h << 17) | (h >>> 15), P4);
  h = Math.imul(h ^ (h >>> 15), P2);
  h = Math.imul(h ^ (h >>> 13), P3);
  return (h ^ (h >>> 16)) >>> 0;
}

/** @param buckets at least one */
export function hashedValues(length: number, seed: number, buckets: Float32Array): Float32Array {
  const shared = new Uint32Array(buckets.buffer, buckets.byteOffset, buckets.length);
  const out = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    out[i] = shared[xxh32(i, seed) % shared.length] ^ (xxh32(i, seed + 1) << 31);
  }
  return new Float32Array(out.buffer);
}

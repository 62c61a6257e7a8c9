/** Drawn masks, weight by weight. Contract: contract.ts. */
import { type DrawSeed, LANE, type ScoreOps, WARM } from './contract';

/** sfc32: the next of its 32-bit numbers, from 0. */
function generator([a, b, c]: DrawSeed, lane: number): () => number {
  let counter = (1 + Math.imul(lane, LANE)) | 0;
  const next = (): number => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return out >>> 0;
  };
  for (let i = 0; i < WARM; i++) next();
  return next;
}
const sigmoid = (s: number): number => 1 / (1 + Math.exp(-s));

export const scoreOps = (view: () => Float32Array, raw: () => Uint8Array): ScoreOps => ({
  drawWeights(w, s, mask, y, n, alive, seed) {
    const [f, bytes] = [view(), raw()];
    const lanes = [0, 1, 2, 3].map((lane) => generator(seed, lane));
    let there = 0;
    for (let i = 0; i < n; i++) {
      const drawn = (lanes[i % 4]() >>> 8) / 2 ** 24 < Math.fround(sigmoid(f[s / 4 + i]));
      const kept = drawn && (mask === 0 || bytes[mask + i] !== 0);
      if (kept) there++;
      f[y / 4 + i] = kept ? f[w / 4 + i] : 0;
    }
    const factor = alive > 0 && there > 0 ? alive / there : 1;
    for (let i = 0; i < n; i++) f[y / 4 + i] *= factor;
    return there;
  },
  scoreGradient(g, w, s, n, factor, drawn) {
    const f = view();
    for (let i = 0; i < n; i++) {
      const p = sigmoid(f[s / 4 + i]);
      const slope = drawn ? p * (1 - p) : Math.sign(f[s / 4 + i]);
      f[g / 4 + i] *= f[w / 4 + i] * factor * slope;
    }
  },
});

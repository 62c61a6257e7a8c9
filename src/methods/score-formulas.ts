/**
 * Scores that decide which weights are there, plainly: what the fast loops of training are held against. One layer at a
 * time, in double precision but for what is stored.
 */

import type { ScoreRule } from './regime';
import { smallestBySorting } from './select';

export const sigmoid = (s: number): number => 1 / (1 + Math.exp(-s));

/** 1 for the weights with the largest |s|: all but round((1 - keep) n), of equal ones the last. */
export const topMask = (scores: Float32Array, keep: number, mask?: Uint8Array): Uint8Array => {
  const parts = [{ scores: scores.map(Math.abs), mask }];
  const alive = mask ? mask.filter((m) => m === 1).length : scores.length;
  return smallestBySorting(parts, Math.round((1 - keep) * alive))[0];
};

/** Weights as executed. @param ones which are there @param alive of how many */
export function executedBy(weights: Float32Array, ones: Uint8Array, rescale: boolean, alive: number) {
  const there = ones.reduce((sum, b) => sum + b, 0);
  const factor = rescale && there > 0 ? alive / there : 1;
  return { factor, values: weights.map((w, i) => (ones[i] === 1 ? w * factor : 0)) };
}

/** One step of descent: new scores and velocity. @param gradients of the loss by the weights as executed */
export function scoreStep(
  before: { scores: Float32Array; velocity: Float32Array },
  weights: Float32Array,
  gradients: Float32Array,
  factor: number,
  { method, lr, momentum, weightDecay }: Pick<ScoreRule, 'method' | 'lr' | 'momentum' | 'weightDecay'>,
): { scores: Float32Array; velocity: Float32Array } {
  const slope = (s: number) => (method === 'bernoulli' ? sigmoid(s) * (1 - sigmoid(s)) : Math.sign(s));
  const velocity = before.scores.map((s, i) => {
    const gradient = gradients[i] * weights[i] * factor * slope(s) + weightDecay * s;
    return momentum * before.velocity[i] + gradient;
  });
  return { scores: before.scores.map((s, i) => s - lr * velocity[i]), velocity };
}

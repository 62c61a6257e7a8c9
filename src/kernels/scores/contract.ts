/**
 * Masks drawn from learned scores: a weight is there with probability sigma(score), anew in every step, and gradients
 * reach its score straight through that draw (Zhou, Lan, Liu, Yosinski 2019).
 *
 * Weight i takes the next number of generator i % 4, which is sfc32 (C. Doty-Humphrey, PractRand; 128 bits of state)
 * begun at (a, b, c, 1 + (i % 4) * LANE) and run WARM times; it is there where the number's upper 24 bits, as a
 * fraction, are below sigma(score). A score that is NaN is never drawn.
 */
import type { Ptr } from '../memory';

/** What the counters of neighbouring generators begin apart, and numbers thrown away at first. */
export const LANE = 0x3504f333;
export const WARM = 16;

/** Whole numbers of 32 bits that begin the generators. */
export type DrawSeed = readonly [a: number, b: number, c: number];

export interface ScoreOps {
  /**
   * y[n] = w where drawn and mask is not 0, else 0; mask 0: all may be drawn. With `alive` > 0 what is there is
   * multiplied by alive / (weights that are there).
   * @returns how many are there
   */
  drawWeights(w: Ptr, s: Ptr, mask: Ptr, y: Ptr, n: number, alive: number, seed: DrawSeed): number;
  /**
   * g[n] becomes the gradient by the scores: g * w * factor * slope, with slope sigma'(s), or, without `drawn`, sign(s).
   */
  scoreGradient(g: Ptr, w: Ptr, s: Ptr, n: number, factor: number, drawn: boolean): void;
}

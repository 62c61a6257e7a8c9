import { describe, expect, it } from 'vitest';
import golden from './goldens/sparsity.json';
import {
  BETA,
  GAMMA,
  gateSample,
  gateSlope,
  openProbability,
  openSlope,
  startOf,
  testGate,
  ZETA,
} from './hard-concrete';

/** The middle of n equal parts of (0, 1). */
const grid = (n: number) => Array.from({ length: n }, (_, i) => (i + 0.5) / n);
const ALPHAS = [-4, -1.5, 0, 0.7, 3];

describe('hard concrete', () => {
  it('is never below 0 or above 1, and exactly 0 and 1 as often as its distribution says', () => {
    for (const a of ALPHAS) {
      const drawn = grid(20_000).map((u) => gateSample(a, u));
      expect(drawn.every((z) => z >= 0 && z <= 1)).toBe(true);
      const share = (of: (z: number) => boolean) => drawn.filter(of).length / drawn.length;
      expect(share((z) => z !== 0)).toBeCloseTo(openProbability(a), 3);
      // P(z = 1) = 1 - P(s < (1 - gamma) / (zeta - gamma)), P(s < x) = sigmoid(beta logit(x) - log alpha).
      const x = (1 - GAMMA) / (ZETA - GAMMA);
      const below = 1 / (1 + Math.exp(-(BETA * Math.log(x / (1 - x)) - a)));
      expect(share((z) => z === 1)).toBeCloseTo(1 - below, 3);
    }
  });
  it('has the slope of its samples', () => {
    for (const a of ALPHAS) {
      for (const u of grid(41)) {
        const d = 1e-5;
        const found = (gateSample(a + d, u) - gateSample(a - d, u)) / (2 * d);
        // At the very edge of a cut there is no slope.
        if (gateSample(a + d, u) * (1 - gateSample(a + d, u)) === 0) continue;
        if (gateSample(a - d, u) * (1 - gateSample(a - d, u)) === 0) continue;
        expect(gateSlope(a, u)).toBeCloseTo(found, 6);
      }
    }
    expect(gateSlope(-4, 0.01)).toBe(0);
    expect(gateSlope(4, 0.99)).toBe(0);
  });
  it('has the slope of its penalty, which rises with log alpha', () => {
    for (const a of ALPHAS) {
      const found = (openProbability(a + 1e-5) - openProbability(a - 1e-5)) / 2e-5;
      expect(openSlope(a)).toBeCloseTo(found, 8);
      expect(openSlope(a)).toBeGreaterThan(0);
    }
  });
  it('closes for good at sigmoid(log alpha) = 1/12 and below, and begins where the droprate says', () => {
    const edge = Math.log(1 / 11);
    expect(testGate(edge - 1e-9)).toBe(0);
    expect(testGate(edge + 1e-6)).toBeGreaterThan(0);
    expect(testGate(10)).toBe(1);
    expect(startOf(0.5)).toBe(0);
    expect(1 / (1 + Math.exp(-startOf(0.2)))).toBeCloseTo(0.8, 12);
  });
  it('gives what PyTorch gives, forward and backward', () => {
    const { logAlpha, u, z, slope, test, penalty, penaltySlope } = golden.hardConcrete;
    logAlpha.forEach((a, i) => {
      expect(gateSample(a, u[i])).toBeCloseTo(z[i], 10);
      expect(gateSlope(a, u[i])).toBeCloseTo(slope[i], 10);
      expect(testGate(a)).toBeCloseTo(test[i], 10);
      expect(openProbability(a)).toBeCloseTo(penalty[i], 10);
      expect(openSlope(a)).toBeCloseTo(penaltySlope[i], 10);
    });
  });
});

/** The Gaussian process against NumPy, against plain loops, and what expected improvement has to be. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from './goldens/gp.json';
import { expectedImprovement, fitGp, type GpOptions, gpWith, matern, normalBelow } from './gp';

/** Solves A x = b by Gauss and Jordan's elimination. */
function solve(a: number[][], b: number[]): number[] {
  const m = a.map((row, i) => [...row, b[i]]);
  for (let c = 0; c < m.length; c++) {
    let pivot = c;
    for (let r = c; r < m.length; r++) if (Math.abs(m[r][c]) > Math.abs(m[pivot][c])) pivot = r;
    [m[c], m[pivot]] = [m[pivot], m[c]];
    for (let r = 0; r < m.length; r++) {
      if (r === c) continue;
      const f = m[r][c] / m[c][c];
      for (let k = c; k <= m.length; k++) m[r][k] -= f * m[c][k];
    }
  }
  return m.map((row, i) => row[m.length] / row[i]);
}
const apart = (a: readonly number[], b: readonly number[]) =>
  Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0));
/** The formulas as they stand in a book. */
function plain(points: number[][], values: number[], { length, noise }: GpOptions, at: number[]) {
  const n = points.length;
  const mean = values.reduce((a, b) => a + b) / n;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n) || 1;
  const covariance = points.map((a, i) =>
    points.map((b, j) => matern(apart(a, b) / length) + (i === j ? noise : 0)),
  );
  const k = points.map((p) => matern(apart(p, at) / length));
  const alpha = solve(
    covariance,
    values.map((v) => (v - mean) / deviation),
  );
  const beta = solve(covariance, k);
  const mu = k.reduce((sum, v, i) => sum + v * alpha[i], 0);
  const variance = 1 - k.reduce((sum, v, i) => sum + v * beta[i], 0);
  return { mean: mean + deviation * mu, deviation: deviation * Math.sqrt(Math.max(0, variance)) };
}

const unit = fc.integer({ min: 0, max: 1000 }).map((v) => v / 1000);
const data = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 })).chain(([d, n]) =>
  fc.record({
    points: fc.array(fc.array(unit, { minLength: d, maxLength: d }), { minLength: n, maxLength: n }),
    values: fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: n, maxLength: n }),
    at: fc.array(unit, { minLength: d, maxLength: d }),
  }),
);

describe('gpWith', () => {
  it('predicts what NumPy predicts, with the same likelihood', () => {
    for (const { points, values, asked, mean, deviation, evidence, ...options } of golden.cases) {
      const gp = gpWith(points, values, options);
      expect(gp.evidence).toBeCloseTo(evidence, 8);
      asked.forEach((at, i) => {
        const told = gp.predict(at);
        expect(told.mean).toBeCloseTo(mean[i], 7);
        expect(told.deviation).toBeCloseTo(deviation[i], 6);
      });
    }
  });

  it('is the plain formula, repeated points and equal values included', () => {
    fc.assert(
      fc.property(data, ({ points, values, at }) => {
        const options = { length: 0.4, noise: 1e-2 };
        const doubled = [...points, points[0]];
        const all = [...values, values[0]];
        const told = gpWith(doubled, all, options).predict(at);
        const known = plain(doubled, all, options, at);
        expect(told.mean).toBeCloseTo(known.mean, 6);
        expect(told.deviation).toBeCloseTo(known.deviation, 4);
      }),
      { numRuns: 60 },
    );
  });
});

describe('fitGp', () => {
  it('takes the likeliest length and noise of its grid', () => {
    const points = Array.from({ length: 20 }, (_, i) => [i / 19]);
    const smooth = fitGp(
      points,
      points.map(([x]) => Math.sin(3 * x)),
    );
    const rough = fitGp(
      points,
      points.map((_, i) => (i * 7919) % 13),
    );
    expect(smooth.length).toBeGreaterThan(rough.length);
    expect(smooth.noise).toBeLessThanOrEqual(rough.noise);
    for (const gp of [smooth, rough]) {
      for (const length of [0.1, 0.2, 0.35, 0.6, 1]) {
        for (const noise of [1e-4, 1e-2]) {
          const values =
            gp === smooth ? points.map(([x]) => Math.sin(3 * x)) : points.map((_, i) => (i * 7919) % 13);
          expect(gpWith(points, values, { length, noise }).evidence).toBeLessThanOrEqual(gp.evidence + 1e-12);
        }
      }
    }
  });
});

describe('expectedImprovement', () => {
  it('is what NumPy says', () => {
    for (const { values, mean, deviation, gain } of golden.cases) {
      gain.forEach((g, i) => {
        expect(expectedImprovement(mean[i], deviation[i], Math.min(...values))).toBeCloseTo(g, 9);
      });
    }
    for (const [z, below] of golden.normal) expect(Math.abs(normalBelow(z) / below - 1)).toBeLessThan(1e-9);
  });

  it('is the mean of max(0, best - f), by adding up', () => {
    for (const [mean, deviation, best] of [
      [0, 1, 0.3],
      [2, 0.5, 1],
      [-1, 2, -4],
    ]) {
      let sum = 0;
      const step = deviation / 500;
      for (let f = mean - 9 * deviation; f < best; f += step) {
        const z = (f - mean) / deviation;
        sum += ((best - f) * Math.exp((-z * z) / 2) * step) / (deviation * Math.sqrt(2 * Math.PI));
      }
      expect(expectedImprovement(mean, deviation, best)).toBeCloseTo(sum, 3);
    }
  });

  it('is the certain gain where nothing is uncertain, and never negative', () => {
    expect(expectedImprovement(1, 0, 3)).toBe(2);
    expect(expectedImprovement(3, 0, 1)).toBe(0);
    expect(expectedImprovement(50, 1, 0)).toBeGreaterThanOrEqual(0);
  });
});

/**
 * A Gaussian process over the unit cube and the expected improvement below the best value known (Jones, Schonlau and
 * Welch 1998). Kernel: Matérn 5/2, as for functions that are not infinitely smooth (Snoek, Larochelle and Adams 2012),
 * of one length for all axes; length and noise are those of a small grid under which the values are most likely.
 */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';

export interface GpOptions {
  /** Distance over which values are alike, in units of the cube. */
  length: number;
  /** Variance of the noise, as a share of the variance of the values. */
  noise: number;
}
export interface Gp extends GpOptions {
  /** Logarithm of the likelihood of the standardized values. */
  evidence: number;
  /** Mean and standard deviation of the function (without noise) at a point. */
  predict(point: readonly number[]): { mean: number; deviation: number };
}

const LENGTHS = [0.1, 0.2, 0.35, 0.6, 1];
const NOISES = [1e-4, 1e-2];

const distance = (a: readonly number[], b: readonly number[]): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
};
/** Matérn 5/2 of distance / length. */
export function matern(r: number): number {
  const s = Math.sqrt(5) * r;
  return (1 + s + (s * s) / 3) * Math.exp(-s);
}

/**
 * The process that has seen these values. Lengths of the grid are for one axis; with more, points are farther apart.
 * @param points [n][d] in the unit cube; n > 0
 * @param values finite numbers
 */
export function fitGp(points: readonly (readonly number[])[], values: readonly number[]): Gp {
  const apart = points.map((a) => points.map((b) => distance(a, b)));
  const spread = Math.sqrt(points[0].length);
  let best: Gp | undefined;
  for (const length of LENGTHS) {
    for (const noise of NOISES) {
      const gp = condition(points, values, apart, { length: length * spread, noise });
      if (gp && (!best || gp.evidence > best.evidence)) best = gp;
    }
  }
  if (!best) throw new Error('no covariance of the grid is positive definite');
  return best;
}

/** The same with length and noise given. */
export function gpWith(
  points: readonly (readonly number[])[],
  values: readonly number[],
  options: GpOptions,
): Gp {
  const apart = points.map((a) => points.map((b) => distance(a, b)));
  const gp = condition(points, values, apart, options);
  if (!gp) throw new Error('the covariance is not positive definite');
  return gp;
}

function condition(
  points: readonly (readonly number[])[],
  values: readonly number[],
  apart: readonly (readonly number[])[],
  { length, noise }: GpOptions,
): Gp | undefined {
  const n = points.length;
  const { mean, deviation } = moments(values);
  const y = Matrix.columnVector(values.map((v) => (v - mean) / deviation));
  const covariance = new Matrix(
    apart.map((row, i) => row.map((r, j) => matern(r / length) + (i === j ? noise : 0))),
  );
  const cholesky = new CholeskyDecomposition(covariance);
  if (!cholesky.isPositiveDefinite()) return undefined;
  const lower = cholesky.lowerTriangularMatrix;
  const alpha = cholesky.solve(y).getColumn(0);
  let evidence = (-n / 2) * Math.log(2 * Math.PI);
  for (let i = 0; i < n; i++) evidence -= 0.5 * y.get(i, 0) * alpha[i] + Math.log(lower.get(i, i));
  return {
    length,
    noise,
    evidence,
    predict(point) {
      const k = points.map((p) => matern(distance(p, point) / length));
      const mu = k.reduce((sum, v, i) => sum + v * alpha[i], 0);
      const v = forward(lower, k);
      const variance = Math.max(0, 1 - v.reduce((sum, x) => sum + x * x, 0));
      return { mean: mean + deviation * mu, deviation: deviation * Math.sqrt(variance) };
    },
  };
}

/** Values that are all equal are left as they are. */
function moments(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return { mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}

/** Solves L x = b. */
function forward(lower: Matrix, b: readonly number[]): Float64Array {
  const x = new Float64Array(b.length);
  for (let i = 0; i < b.length; i++) {
    let sum = b[i];
    for (let j = 0; j < i; j++) sum -= lower.get(i, j) * x[j];
    x[i] = sum / lower.get(i, i);
  }
  return x;
}

/** How much lower than `best` a value of this distribution is on average, where being higher counts as 0. */
export function expectedImprovement(mean: number, deviation: number, best: number): number {
  if (!(deviation > 0)) return Math.max(0, best - mean);
  const z = (best - mean) / deviation;
  return deviation * (z * normalBelow(z) + Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
}

/** Distribution function of the standard normal: a series near 0, a continued fraction in the tails. */
export function normalBelow(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const x = Math.abs(z);
  if (x > 3) {
    let fraction = x;
    for (let i = 60; i > 0; i--) fraction = x + i / fraction;
    const tail = density / fraction;
    return z > 0 ? 1 - tail : tail;
  }
  let term = z;
  let sum = z;
  for (let i = 1; i < 60; i++) {
    term *= (z * z) / (2 * i + 1);
    sum += term;
  }
  return 0.5 + density * sum;
}

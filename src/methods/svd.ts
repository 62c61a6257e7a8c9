/**
 * Singular values and vectors of a kernel, kept for as long as the kernel lives: a kernel is never written
 * to, so that moving the rank slider costs one small product and no new decomposition.
 */
import { WinnowError } from '../spec/problem';
import { eigenSymmetric } from './eigen';

export interface Svd {
  rows: number;
  cols: number;
  /** min(rows, cols) singular values, descending, >= 0. */
  values: Float64Array;
  /** Left and right vector of the j-th singular value; [rows] and [cols]. Zero where the value is. */
  pair(j: number): { left: Float64Array; right: Float64Array };
}
const cache = new WeakMap<Float32Array, Svd>();

/**
 * By the eigenvectors of the smaller Gram matrix in double precision, far faster than a direct
 * decomposition and exact enough for float32 weights: singular values below 1e-7 of the largest drown.
 * @param kernel row-major [rows, cols]
 * @throws WinnowError if a weight is not finite.
 */
export function svd(kernel: Float32Array, rows: number, cols: number): Svd {
  const known = cache.get(kernel);
  if (known && known.rows === rows) return known;
  const made = decompose(kernel, rows, cols);
  cache.set(kernel, made);
  return made;
}

function decompose(kernel: Float32Array, rows: number, cols: number): Svd {
  if (!kernel.every(Number.isFinite)) {
    throw new WinnowError({
      code: 'weight',
      path: '',
      message: 'weights must be finite numbers: the training has probably diverged',
    });
  }
  const tall = rows >= cols;
  const [long, short] = tall ? [rows, cols] : [cols, rows];
  // a: long x short, row-major.
  const a = tall ? Float64Array.from(kernel) : transposed(kernel, rows, cols);
  const eigen = eigenSymmetric(gram(a, long, short), short);
  const order = Array.from(eigen.values.keys()).sort((i, j) => eigen.values[j] - eigen.values[i]);
  const values = Float64Array.from(order, (j) => Math.sqrt(Math.max(0, eigen.values[j])));
  const far: Float64Array[] = [];
  return {
    rows,
    cols,
    values,
    pair(j) {
      const near = eigen.vectors.subarray(order[j] * short, (order[j] + 1) * short);
      far[j] ??= project(a, near, values[j], long);
      return tall ? { left: far[j], right: near } : { left: near, right: far[j] };
    },
  };
}

function transposed(kernel: Float32Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(kernel.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = kernel[i * cols + j];
  return out;
}

/** aᵀa, row by row of a, so that memory is read in order. */
function gram(a: Float64Array, long: number, short: number): Float64Array {
  const g = new Float64Array(short * short);
  for (let r = 0; r < long; r++) {
    const row = a.subarray(r * short, (r + 1) * short);
    for (let i = 0; i < short; i++) {
      const x = row[i];
      if (x === 0) continue;
      for (let j = i, at = i * short + i; j < short; j++, at++) g[at] += x * row[j];
    }
  }
  for (let i = 0; i < short; i++) for (let j = 0; j < i; j++) g[i * short + j] = g[j * short + i];
  return g;
}

/** a near / value: the vector on the longer side, made when it is first asked for. */
function project(a: Float64Array, near: Float64Array, value: number, long: number): Float64Array {
  const out = new Float64Array(long);
  if (value === 0) return out;
  const short = near.length;
  for (let r = 0; r < long; r++) {
    let dot = 0;
    for (let i = 0, at = r * short; i < short; i++, at++) dot += a[at] * near[i];
    out[r] = dot / value;
  }
  return out;
}

export interface Spectrum {
  /** Singular values, descending. */
  values: Float64Array;
  /** Share of the squared Frobenius norm kept by ranks 1, 2, ...; all ones for a zero kernel. */
  energy: Float64Array;
}

/** Singular values of a row-major [rows, cols] kernel and the energy each rank keeps. */
export function spectrum(kernel: Float32Array, rows: number, cols: number): Spectrum {
  const { values } = svd(kernel, rows, cols);
  const total = values.reduce((sum, s) => sum + s * s, 0);
  let kept = 0;
  const energy = values.map((s) => {
    kept += s * s;
    return total === 0 ? 1 : Math.min(1, kept / total);
  });
  return { values, energy };
}

/** The smallest rank (at least 1) that keeps this share of the energy. */
export function rankForEnergy({ energy }: Spectrum, share: number): number {
  // Rounding may leave the last entry a hair below 1.
  const found = energy.findIndex((e) => e >= share - 1e-12);
  return found < 0 ? energy.length : found + 1;
}

import * as fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { expect, it } from 'vitest';
import { eigenSymmetric } from './eigen';

// Small integers make repeated and zero eigenvalues, and matrices that are diagonal already, common.
const symmetric = fc.integer({ min: 1, max: 14 }).chain((n) =>
  fc
    .array(fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ min: -5, max: 5, noNaN: true })), {
      minLength: n * n,
      maxLength: n * n,
    })
    .map((list) => ({
      n,
      a: Float64Array.from(list, (_, at) => list[Math.min(at, (at % n) * n + Math.floor(at / n))]),
    })),
);
const sorted = (a: ArrayLike<number>) => Array.from(a).sort((x, y) => x - y);

it('finds the eigenvalues that ml-matrix finds, with orthonormal vectors: A v = λ v', () => {
  fc.assert(
    fc.property(symmetric, ({ n, a }) => {
      const { values, vectors } = eigenSymmetric(a, n);
      const rows = Array.from({ length: n }, (_, i) => Array.from(a.subarray(i * n, (i + 1) * n)));
      const size = 1 + Math.max(...a.map(Math.abs)) * n;
      const wanted = new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true }).realEigenvalues;
      sorted(values).forEach((x, i) => {
        expect(Math.abs(x - sorted(wanted)[i]) / size).toBeLessThan(1e-12);
      });
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < n; i++) {
          let [image, dot] = [0, 0];
          for (let k = 0; k < n; k++) {
            image += a[i * n + k] * vectors[j * n + k];
            dot += vectors[i * n + k] * vectors[j * n + k];
          }
          expect(Math.abs(image - values[j] * vectors[j * n + i]) / size).toBeLessThan(1e-12);
          expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-12);
        }
      }
    }),
    { numRuns: 200 },
  );
});

it('a matrix as large as a layer’s: trace and reconstruction', () => {
  const n = 120;
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = Math.sin(i * j + i + j);
  const { values, vectors } = eigenSymmetric(a, n);
  const back = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) back[i * n + j] += values[k] * vectors[k * n + i] * vectors[k * n + j];
    }
  }
  expect(Math.max(...back.map((x, i) => Math.abs(x - a[i])))).toBeLessThan(1e-11);
});

import * as fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { expect, it } from 'vitest';
import { eigenSymmetric } from './eigen';

interface Case {
  n: number;
  a: Float64Array;
}
// Small integers make repeated and zero eigenvalues, and matrices that are diagonal already, common; the
// doubles include those so small that their squares underflow.
const symmetric: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 14 }).chain((n) =>
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
const sizeOf = ({ n, a }: Case) => 1 + n * Math.max(...a.map(Math.abs));
const sorted = (a: ArrayLike<number>) => Array.from(a).sort((x, y) => x - y);

it('gives orthonormal vectors with A v = λ v', () => {
  fc.assert(
    fc.property(symmetric, (given) => {
      const { n, a } = given;
      const { values, vectors } = eigenSymmetric(a, n);
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < n; i++) {
          let [image, dot] = [0, 0];
          for (let k = 0; k < n; k++) {
            image += a[i * n + k] * vectors[j * n + k];
            dot += vectors[i * n + k] * vectors[j * n + k];
          }
          expect(Math.abs(image - values[j] * vectors[j * n + i]) / sizeOf(given)).toBeLessThan(1e-12);
          expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-12);
        }
      }
    }),
    { numRuns: 200 },
  );
});

it('finds the eigenvalues that ml-matrix finds', () => {
  fc.assert(
    fc.property(symmetric, ({ n, a: raw }) => {
      // The library breaks off on entries whose squares underflow.
      const a = raw.map((x) => (Math.abs(x) < 1e-30 ? 0 : x));
      const rows = Array.from({ length: n }, (_, i) => Array.from(a.subarray(i * n, (i + 1) * n)));
      const wanted = new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true }).realEigenvalues;
      sorted(eigenSymmetric(a, n).values).forEach((x, i) => {
        expect(Math.abs(x - sorted(wanted)[i]) / sizeOf({ n, a })).toBeLessThan(1e-12);
      });
    }),
    { numRuns: 200 },
  );
});

it('takes any scale: the vectors of a tiny matrix are those of the large one', () => {
  const a = Float64Array.of(2, 1, 0, 1, 2, 1, 0, 1, 2);
  const tiny = a.map((x) => x * 2 ** -900);
  expect(eigenSymmetric(tiny, 3).vectors).toEqual(eigenSymmetric(a, 3).vectors);
  expect(eigenSymmetric(new Float64Array(4), 2)).toEqual({
    values: new Float64Array(2),
    vectors: Float64Array.of(1, 0, 0, 1),
  });
});

it('a matrix as large as a layer’s: the vectors give the matrix back', () => {
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

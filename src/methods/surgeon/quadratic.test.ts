import { describe, expect, it } from 'vitest';
import { finish } from '../types';
import { factor, inverse, inverseFactor, roomFor, solve } from './cholesky';
import { solveByElimination } from './plain';
import { Quadratic } from './quadratic';
import { gram, numbers } from './testing';

const sizes = [3, 6, 9, 15, 24, 33];

describe('cholesky', () => {
  it.each(sizes)('of order %i: L Lᵀ is the matrix, and solutions solve', (n) => {
    const a = gram(n, n + 3, 1);
    const l = a.slice();
    finish(factor(l, n));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k <= j; k++) sum += l[i * n + k] * l[j * n + k];
        expect(sum).toBeCloseTo(a[i * n + j], 10);
      }
    }
    const b = numbers(n, 2);
    const x = b.slice();
    solve(l, n, x);
    const wanted = solveByElimination(a, n, b);
    for (let i = 0; i < n; i++) expect(x[i]).toBeCloseTo(wanted[i], 6);
  });
  it.each(sizes)('of order %i: the inverse, and its diagonal from the factor', (n) => {
    const a = gram(n, n + 5, 3);
    const inv = finish(inverse(a.slice(), n));
    for (let j = 0; j < n; j++) {
      const unit = new Float64Array(n);
      unit[j] = 1;
      const wanted = solveByElimination(a, n, unit);
      for (let i = 0; i < n; i++) expect(inv[i * n + j]).toBeCloseTo(wanted[i], 6);
    }
    const l = a.slice();
    finish(factor(l, n));
    const u = finish(inverseFactor(l, n));
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += u[j * n + k] ** 2;
      expect(sum).toBeCloseTo(inv[j * n + j], 6);
    }
  });
  it('refuses what is not finite or not positive definite', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 2]) {
      expect(() => finish(factor(new Float64Array([1, 0, 0, bad, 1, 0, 0, 0, 1]), 3))).toThrow(/finite/);
    }
  });
  it('keeps orders at multiples of three', () => expect([0, 1, 3, 4].map(roomFor)).toEqual([0, 3, 3, 6]));
});

/** 1/2 dᵀ (H + damping) d. */
function error(h: Float64Array, n: number, damping: number, d: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) sum += 0.5 * d[i] * (h[i * n + j] + (i === j ? damping : 0)) * d[j];
  }
  return sum;
}
/** The best change by plain elimination of H_KK d_K = H_KP w_P. */
function plainly(h: Float64Array, n: number, damping: number, w: ArrayLike<number>, kept: Uint8Array) {
  const at = (i: number, j: number) => h[i * n + j] + (i === j ? damping : 0);
  const inside = Array.from(kept.keys()).filter((i) => kept[i] === 1);
  const outside = Array.from(kept.keys()).filter((i) => kept[i] === 0);
  const m = inside.length;
  const a = new Float64Array(m * m);
  const b = new Float64Array(m);
  inside.forEach((i, r) => {
    inside.forEach((j, c) => {
      a[r * m + c] = at(i, j);
    });
    b[r] = outside.reduce((sum, j) => sum + at(i, j) * w[j], 0);
  });
  const d = new Float64Array(n);
  for (const i of outside) d[i] = -w[i];
  const x = solveByElimination(a, m, b);
  inside.forEach((i, r) => {
    d[i] = x[r];
  });
  return d;
}
const maskOf = (n: number, gone: readonly number[]) =>
  Uint8Array.from({ length: n }, (_, i) => (gone.includes(i) ? 0 : 1));

describe('quadratic', () => {
  const n = 13;
  // Places 4 and 9 are inputs that are always zero.
  const h = gram(n, 40, 5);
  for (const dead of [4, 9]) {
    for (let i = 0; i < n; i++) {
      h[dead * n + i] = 0;
      h[i * n + dead] = 0;
    }
  }
  const w = numbers(n, 6);
  const make = () => new Quadratic(h, n, n);

  it('has what each weight costs: removing it and re-optimizing the rest by solving, for every weight', () => {
    const q = make();
    const diagonal = finish(q.diagonal(undefined));
    for (let i = 0; i < n; i++) {
      const d = plainly(h, n, q.damping, w, maskOf(n, [i]));
      expect(w[i] ** 2 / (2 * diagonal[i])).toBeCloseTo(error(h, n, q.damping, d), 8);
    }
  });
  it.each([
    [[0]],
    [[0, 3, 12]],
    [[4, 9]],
    [[1, 2, 3, 5, 6, 7]],
    [[0, 1, 2, 3, 5, 6, 7, 8, 10, 11]],
    [[0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12]],
  ])('without %j: cost and change are those of the smaller problem', (gone) => {
    const q = make();
    const there = maskOf(n, gone);
    const diagonal = finish(q.diagonal(there));
    const left = w.map((x, i) => (there[i] ? x : 0));
    for (let i = 0; i < n; i++) {
      if (!there[i]) {
        expect(diagonal[i]).toBe(0);
        continue;
      }
      const kept = there.slice();
      kept[i] = 0;
      const wanted = plainly(h, n, q.damping, left, kept);
      expect(left[i] ** 2 / (2 * diagonal[i])).toBeCloseTo(error(h, n, q.damping, wanted), 8);
      const found = finish(q.change(left, kept));
      for (let j = 0; j < n; j++) expect(found[j]).toBeCloseTo(kept[j] ? wanted[j] : 0, 8);
    }
  });
  it('changes many at once as the plain solution does, whichever way is shorter', () => {
    for (const count of [1, 4, 6, 7, 8, 12]) {
      const kept = maskOf(
        n,
        Array.from({ length: count }, (_, i) => (i * 5) % n),
      );
      const q = make();
      const found = finish(q.change(w, kept));
      const wanted = plainly(h, n, q.damping, w, kept);
      for (let j = 0; j < n; j++) expect(found[j]).toBeCloseTo(kept[j] ? wanted[j] : 0, 8);
    }
  });
  it('joint removal equals removal one by one with the inverse brought up to date', () => {
    const q = make();
    const gone = [2, 7, 0, 11];
    const damped = Float64Array.from(h, (x, i) => x + (i % (n + 1) === 0 ? q.damping : 0));
    const inv = new Float64Array(n * n);
    for (let j = 0; j < n; j++) {
      const unit = maskOf(n, [j]).map((m) => 1 - m);
      inv.set(solveByElimination(damped, n, unit), j * n);
    }
    const weights = w.slice();
    for (const p of gone) {
      // Hassibi and Stork 1993: all weights change by -w_p / [H⁻¹]_pp times column p; then p leaves the inverse.
      const [scale, column] = [inv[p * n + p], Array.from({ length: n }, (_, i) => inv[i * n + p])];
      const value = weights[p];
      for (let i = 0; i < n; i++) weights[i] -= (value / scale) * column[i];
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) inv[i * n + j] -= (column[i] * column[j]) / scale;
      }
    }
    const kept = maskOf(n, gone);
    const change = finish(q.change(w, kept));
    for (let i = 0; i < n; i++) expect(kept[i] ? w[i] + change[i] : 0).toBeCloseTo(weights[i], 8);
  });
  it('the inverse is that of the recursion of the paper, one outer product after the other', () => {
    const [m, samples] = [6, 11];
    const x = numbers(m * samples, 8);
    const h2 = new Float64Array(m * m);
    for (let s = 0; s < samples; s++) {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < m; j++) h2[i * m + j] += (x[s * m + i] * x[s * m + j]) / samples;
      }
    }
    const q = new Quadratic(h2, m, m);
    // H⁻¹ ← H⁻¹ - H⁻¹ x xᵀ H⁻¹ / (P + xᵀ H⁻¹ x), from 1 / damping on the diagonal (Sherman, Morrison 1950).
    let inv = Array.from({ length: m * m }, (_, i) => (i % (m + 1) === 0 ? 1 / q.damping : 0));
    for (let s = 0; s < samples; s++) {
      const hx = Array.from({ length: m }, (_, i) =>
        Array.from({ length: m }, (_, j) => inv[i * m + j] * x[s * m + j]).reduce((a, b) => a + b),
      );
      const scale = samples + hx.reduce((sum, v, i) => sum + v * x[s * m + i], 0);
      inv = inv.map((v, i) => v - (hx[Math.floor(i / m)] * hx[i % m]) / scale);
    }
    finish(q.diagonal(undefined)).forEach((d, i) => {
      expect(d).toBeCloseTo(inv[i * (m + 1)], 7);
    });
  });
  it('leaves what is tied to nothing alone, and keeps to its block of a larger array', () => {
    const apart = new Float64Array(7 + n * n);
    apart.set(h, 7);
    const kept = maskOf(n, [0, 4, 5]);
    const found = finish(new Quadratic(apart, n, n, 7).change(w, kept));
    expect(found).toEqual(finish(make().change(w, kept)));
    expect(found[9]).toBe(0);
    // A row more than is used: the bias of a layer that has none.
    const fewer = finish(new Quadratic(h, n, n - 1).change(w, kept.subarray(0, n - 1)));
    const wanted = plainly(
      Float64Array.from({ length: (n - 1) ** 2 }, (_, i) => h[Math.floor(i / (n - 1)) * n + (i % (n - 1))]),
      n - 1,
      new Quadratic(h, n, n - 1).damping,
      w,
      kept.subarray(0, n - 1),
    );
    fewer.forEach((d, i) => {
      if (kept[i]) expect(d).toBeCloseTo(wanted[i], 8);
    });
  });
  it('knows nothing where all inputs are zero: every weight costs the same, and nothing changes', () => {
    const q = new Quadratic(new Float64Array(9), 3, 3);
    expect([...finish(q.diagonal(undefined))]).toEqual([1, 1, 1]);
    expect([...finish(q.change([1, 2, 3], Uint8Array.of(1, 0, 1)))]).toEqual([0, 0, 0]);
  });
});

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { describe, expect, it } from 'vitest';
import golden from './goldens/rng.json';
import { normals, permutation, stream, uniform } from './rng';

const mean = (a: ArrayLike<number>) => Array.from(a).reduce((s, x) => s + x, 0) / a.length;

describe('streams', () => {
  it.each(golden)('agree with a plain Python implementation: $key', ({ key, uniforms, normals: wanted }) => {
    const [seed, ...names] = key as [number, ...string[]];
    const next = uniform(stream(seed, ...names));
    expect(uniforms.map(next)).toEqual(uniforms);
    const drawn = normals(stream(seed, ...names), wanted.length, 1);
    wanted.forEach((x, i) => {
      expect(Math.abs(drawn[i] - x)).toBeLessThanOrEqual(2 ** -23 * Math.abs(x));
    });
  });
  it('differ by seed and by every name, and a number is not its digits', () => {
    const first = (...key: [number, ...(string | number)[]]) => uniformFloat64(stream(...key));
    const all = [
      first(1, 'a', 1),
      first(2, 'a', 1),
      first(1, 'b', 1),
      first(1, 'a', 2),
      first(1, 'a', '1'),
      first(1, 'a1'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

it('normals have the mean, deviation and tails of N(0, 0.5²)', () => {
  const n = 200_000;
  const drawn = normals(stream(3, 'normals'), n, 0.5);
  // Bounds of five standard errors.
  expect(Math.abs(mean(drawn))).toBeLessThan((5 * 0.5) / Math.sqrt(n));
  expect(Math.abs(mean(drawn.map((x) => x * x)) - 0.25)).toBeLessThan(5 * 0.25 * Math.sqrt(2 / n));
  for (const [z, share] of [
    [1, 0.3173],
    [2, 0.0455],
    [3, 0.0027],
  ]) {
    const found = drawn.filter((x) => Math.abs(x) > z * 0.5).length / n;
    expect(Math.abs(found - share)).toBeLessThan(5 * Math.sqrt(share / n));
  }
  expect(drawn.every(Number.isFinite)).toBe(true);
});

describe('permutation', () => {
  it('holds every index once, for any length', () => {
    for (const n of [0, 1, 2, 17, 55_000]) {
      const order = permutation(n, stream(1, 'p', n));
      expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }
  });
  it('gives all orders of three equally often', () => {
    const rng = stream(1, 'three');
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const key = permutation(3, rng).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const c of counts.values()) expect(Math.abs(c - 1000)).toBeLessThan(5 * Math.sqrt(1000));
  });
});

import { expect, test } from 'vitest';
import { keptStats, shadesOf } from './kept';

test('middle, border and pixels without a weight', () => {
  const counts = Array.from({ length: 64 }, (_, i) => {
    const [x, y] = [i % 8, Math.floor(i / 8)];
    return x >= 2 && x < 6 && y >= 2 && y < 6 ? 10 : y === 0 ? 0 : 1;
  });
  const stats = keptStats({ width: 8, height: 8, counts, max: 10 });
  expect(stats?.centre).toBe(1);
  expect(stats?.border).toBeCloseTo(40 / 480);
  expect(stats?.untouched).toBe(8);
  expect(keptStats({ width: 0, height: 0, counts: [], max: 0 })).toBeUndefined();
});

test('every pixel with a weight is in exactly one shade, the fullest is opaque', () => {
  const shades = shadesOf({ width: 3, height: 2, counts: [0, 1, 2, 64, 64, 1], max: 100 });
  expect(shades.map((s) => s.opacity)).toEqual([1 / 32, 1]);
  expect(shades[0].path).toBe('M1 0h1v1h-1zM2 0h1v1h-1zM2 1h1v1h-1z');
  expect(shades[1].path).toBe('M0 1h1v1h-1zM1 1h1v1h-1z');
});

import { expect, test } from 'vitest';
import { keptStats } from './kept';

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

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { downsample } from './downsample';

const line = fc
  .array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 300 })
  .map((ys) => ys.map((y, x) => ({ x, y })));

test('keeps ends, order and limit, and invents nothing', () =>
  fc.assert(
    fc.property(line, fc.integer({ min: 3, max: 60 }), (points, most) => {
      const kept = downsample(points, most);
      expect(kept.length).toBeLessThanOrEqual(Math.min(points.length, most));
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(points.length, most - 2));
      const ys = points.map((p) => p.y);
      if (most >= 5)
        expect(kept.map((p) => p.y)).toEqual(expect.arrayContaining([Math.min(...ys), Math.max(...ys)]));
      expect(kept[0]).toBe(points[0]);
      expect(kept[kept.length - 1]).toBe(points[points.length - 1]);
      for (const p of kept) expect(points).toContain(p);
      expect(kept.map((p) => p.x)).toEqual([...new Set(kept.map((p) => p.x))].sort((a, b) => a - b));
    }),
  ));
test('a single spike survives', () => {
  const points = Array.from({ length: 1000 }, (_, x) => ({ x, y: x === 617 ? 9 : 1 }));
  expect(downsample(points, 20)).toContainEqual({ x: 617, y: 9 });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pagesOf } from './data';

it('pages hold every image once, fit, and begin at whole words', () => {
  const sizes = fc.record({
    total: fc.integer({ min: 1, max: 3000 }),
    size: fc.integer({ min: 1, max: 5000 }),
    limit: fc.integer({ min: 40_000, max: 2 ** 28 }),
  });
  fc.assert(
    fc.property(sizes, ({ total, size, limit }) => {
      const pages = pagesOf(total, size, limit);
      let next = 0;
      for (const { first, count } of pages) {
        expect(first).toBe(next);
        expect((first * size) % 4).toBe(0);
        expect(Math.ceil((count * size) / 16) * 16).toBeLessThanOrEqual(limit);
        next += count;
      }
      expect(next).toBe(total);
    }),
  );
});
it('one page where it fits', () => {
  expect(pagesOf(45_000, 3072, 2 ** 28)).toEqual([{ first: 0, count: 45_000 }]);
  expect(pagesOf(45_000, 3072, 2 ** 27)).toHaveLength(2);
});

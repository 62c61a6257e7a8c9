import { expect, test } from 'vitest';
import { shapesOf } from './histogram';

const heights = (path: string) => [...path.matchAll(/V([\d.]+)H/g)].map((m) => Number(m[1]));

test('counts go up before and down after, on one scale', () => {
  const h = { layer: 'a', edges: [0, 1, 2, 3], before: [0, 60, 30], after: [0, 20, 0], zeros: 5 };
  const { before, after, baseline } = shapesOf(h, 30, 80);
  expect(baseline).toBe(60);
  expect(heights(before)).toEqual([60, 0, 30]);
  expect(heights(after)).toEqual([60, 80, 60]);
});

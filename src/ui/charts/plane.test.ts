import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apart, type Label, pathOf, planeOf, stacked } from './plane';
import { linearScale, logScale } from './scales';

const margin = { top: 10, right: 20, bottom: 30, left: 40 };

test('ends of the axes are the corners of the plotted area, up is more', () => {
  const x = linearScale([0, 100]);
  const y = logScale([0.1, 10], 0.1, 10);
  const far = linearScale([0, 1]);
  const plane = planeOf({ width: 400, height: 200 }, margin, { x, y, far });
  expect([plane.x(x.domain[0]), plane.x(x.domain[1])]).toEqual([40, 380]);
  expect([plane.y(y.domain[0]), plane.y(y.domain[1])]).toEqual([170, 10]);
  expect([plane.far(0), plane.far(0.5), plane.far(1)]).toEqual([170, 90, 10]);
  expect(plane.y(y.to(1))).toBe(90);
});
test('without room, and with a range of nothing, everything stays finite', () => {
  const x = { ...linearScale([0]), domain: [1, 1] as [number, number] };
  const plane = planeOf({ width: 10, height: 10 }, margin, { x, y: x });
  expect([plane.x(1), plane.y(1), plane.far(5)].every(Number.isFinite)).toBe(true);
  expect(plane.right).toBeGreaterThanOrEqual(plane.left);
});
test('labels that are kept do not touch, and the ends are kept', () => {
  const places = fc.uniqueArray(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(places, (at) => {
      const labels: Label[] = at.sort((a, b) => a - b).map((a) => ({ at: a, text: String(a) }));
      const kept = apart(labels, 4);
      expect(kept[0]).toBe(labels[0]);
      expect(kept.at(-1)).toBe(labels.at(-1));
      const inner = kept.slice(0, -1);
      for (const [i, l] of inner.slice(1).entries()) expect(l.at - inner[i].at).toBeGreaterThanOrEqual(4);
      const lines = stacked(labels);
      expect(lines[0]).toBe(labels[0]);
      for (const [i, l] of lines.slice(1).entries()) expect(l.at - lines[i].at).toBeGreaterThanOrEqual(13);
    }),
  );
});
test('a path through spots in order', () => {
  expect(
    pathOf([
      { x: 0, y: 0 },
      { x: 10, y: 0 },
    ]),
  ).toBe('M0,0L10,0');
});

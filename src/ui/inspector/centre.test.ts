import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factsOf } from '../charts/fixtures';
import { centreByMass, centreOf, SIDE } from './centre';
import { totals } from './totals';

function box(size: number, x0: number, y0: number, w: number, h: number): Uint8Array {
  const ink = new Uint8Array(size * size);
  for (let y = y0; y < y0 + h; y++) ink.fill(255, y * size + x0, y * size + x0 + w);
  return ink;
}
test('nothing drawn, nothing sent', () => {
  expect(centreByMass(new Uint8Array(100), 10, 10).every((v) => v === 0)).toBe(true);
});
test('wherever and however large a box is drawn, it ends up 20 high with its mass in the middle', () =>
  fc.assert(
    fc.property(fc.nat(100), fc.nat(100), fc.integer({ min: 20, max: 150 }), (x, y, h) => {
      const w = Math.round(h / 2);
      const out = centreByMass(box(280, x, y, w, h), 280, 280);
      const rows = Array.from({ length: SIDE }, (_, r) =>
        out.subarray(r * SIDE, (r + 1) * SIDE).some((v) => v > 0),
      );
      expect(rows.filter(Boolean)).toHaveLength(20);
      const middle = centreOf(out, SIDE, SIDE);
      expect(Math.abs(middle.x - 14)).toBeLessThanOrEqual(0.51);
      expect(Math.abs(middle.y - 14)).toBeLessThanOrEqual(0.51);
    }),
  ));
test('lopsided ink is centred by mass and not by its frame', () => {
  const ink = box(100, 10, 10, 10, 80);
  for (let y = 60; y < 90; y++) ink.fill(255, y * 100 + 10, y * 100 + 60);
  const frame = centreOf(box(100, 10, 10, 50, 80), 100, 100);
  expect(frame.x - centreOf(ink, 100, 100).x).toBeGreaterThan(4);
  const out = centreByMass(ink, 100, 100);
  const middle = centreOf(out, SIDE, SIDE);
  expect(Math.abs(middle.x - 14)).toBeLessThanOrEqual(0.6);
});
test('ink is kept in proportion to the area covered', () => {
  const out = centreByMass(box(40, 0, 0, 40, 40), 40, 40);
  expect(out.filter((v) => v === 255)).toHaveLength(400);
});
test('layer totals', () => {
  const layer = {
    name: 'a',
    kind: 'dense',
    shape: [2, 3],
    weights: 6,
    kept: 4,
    bits: 32,
    rank: 0,
    bytes: 30,
    form: 'dense-f32',
    macs: 6,
    parts: factsOf(0, 30).parts,
    stored: [],
  } as const;
  expect(
    totals({
      layers: [
        { ...layer, shape: [2, 3], stored: [] },
        { ...layer, shape: [2, 3], stored: [] },
      ],
      normBytes: 7,
    }),
  ).toEqual({ weights: 12, kept: 8, bytes: 67, macs: 12 });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toPlanes } from '../../scripts/data/planes.mjs';
import { fromPlanes } from './planes';

test('any colour images come back byte for byte', () => {
  const images = fc
    .record({
      n: fc.integer({ min: 0, max: 3 }),
      h: fc.integer({ min: 1, max: 6 }),
      w: fc.integer({ min: 1, max: 6 }),
    })
    .chain(({ n, h, w }) => {
      const length = n * h * w * 3;
      return fc.tuple(fc.constant([h, w] as const), fc.uint8Array({ minLength: length, maxLength: length }));
    });
  fc.assert(
    fc.property(images, ([[h, w], pixels]) => {
      expect(fromPlanes(toPlanes(pixels, h, w), h, w)).toEqual(pixels);
    }),
  );
});

test('a grey slope and an upright edge leave almost nothing to store', () => {
  const [h, w] = [8, 8];
  const pixels = new Uint8Array(h * w * 3);
  for (let p = 0; p < h * w; p++) pixels.fill(p % w < 4 ? 20 : 200, 3 * p, 3 * p + 3);
  const coded = toPlanes(pixels, h, w);
  // The corner, the edge in the first row, and the two colour planes' corners.
  expect(coded.filter((v: number) => v !== 0)).toHaveLength(4);
  expect(fromPlanes(coded, h, w)).toEqual(pixels);
});

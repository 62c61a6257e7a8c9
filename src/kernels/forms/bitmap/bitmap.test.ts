import { expect, it } from 'vitest';
import { FLAVOURS } from '../../testing/machines';
import { checkForm, sameBits } from '../testing/check';
import { bitmap } from './form';
import { bitmapSuite } from './suite';

checkForm(bitmap, bitmapSuite);

it('packs a byte per input and eight outputs, and values in that order', () => {
  const [inn, out] = [5, 9];
  const w = new Float32Array(inn * out);
  for (const [k, o, v] of [
    [0, 0, 1],
    [0, 7, 2],
    [3, 1, 3],
    [4, 2, Number.NaN],
    [1, 8, 5],
  ])
    w[k * out + o] = v;
  const packed = bitmap.pack({ shape: { in: inn, out }, values: w })!;
  expect([...packed.masks]).toEqual([0x02000081, 0x04, 0x0100, 0]);
  expect([...packed.starts]).toEqual([0, 4, 5]);
  expect([...packed.values]).toEqual([1, 2, 3, Number.NaN, 5]);
  expect(bitmap.macs({ in: inn, out }, packed)).toBe(5);
});

it('does not hold more inputs than its lists can number', () => {
  const wide = (inn: number) => bitmap.pack({ shape: { in: inn, out: 1 }, values: new Float32Array(inn) });
  expect(wide(65535)).toBeDefined();
  expect(wide(65536)).toBeUndefined();
});

it.each(FLAVOURS)('%s gives a row the same bits in every batch', (flavour) => sameBits(bitmap, flavour));

import { expect, it } from 'vitest';
import { FLAVOURS } from '../../testing/machines';
import { checkForm, sameBits } from '../testing/check';
import { csr } from './form';
import { csrSuite } from './suite';

checkForm(csr, csrSuite);

it('sorts outputs by length and fills up slices of eight', () => {
  // Outputs of 1, 0, 3, 2 and 1 inputs.
  const w = Float32Array.of(1, 0, 2, 0, 0, 0, 0, 3, 4, 0, 0, 0, 5, 6, 7);
  const packed = csr.pack({ shape: { in: 3, out: 5 }, values: w })!;
  expect([...packed.slices]).toEqual([0, 3]);
  expect([...packed.slots]).toEqual([2, 3, 3, 2, 0, 1, 4, 1, 1, 0, 5, 0, 5, 0, 5, 0]);
  expect([...packed.places]).toEqual([2, 4, 0, 1, 3]);
  const index = [...new Uint16Array(packed.index.buffer)];
  expect(index).toEqual([0, 1, 0, 2, 3, 3, 3, 3, 1, 2, 3, 3, 3, 3, 3, 3, 2, ...new Array(7).fill(3)]);
  const values = [2, 4, 1, 7, 0, 0, 0, 0, 3, 6, 0, 0, 0, 0, 0, 0, 5, ...new Array(7).fill(0)];
  expect([...packed.values]).toEqual(values);
  expect(csr.macs({ in: 3, out: 5 }, packed)).toBe(7);
});

it('does not hold more inputs than 16 bits can number', () => {
  const wide = (inn: number) => csr.pack({ shape: { in: inn, out: 1 }, values: new Float32Array(inn) });
  expect(wide(65535)).toBeDefined();
  expect(wide(65536)).toBeUndefined();
});

it.each(FLAVOURS)('%s gives a row the same bits in every batch', (flavour) => sameBits(csr, flavour));

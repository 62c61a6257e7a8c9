import { expect, it } from 'vitest';
import { checkForm } from '../testing/check';
import { block4, blocksIn } from './form';
import { block4Suite } from './suite';

checkForm(block4, block4Suite);

// Outputs 0..3 and 4..6; the second group has more blocks.
const shape = { in: 3, out: 7 };
const values = Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, Number.NaN, 0);

it('keeps the blocks that are not all zero, fullest group first', () => {
  const packed = block4.pack({ shape, values })!;
  expect([...packed.order]).toEqual([1, 0]);
  expect([...packed.starts]).toEqual([0, 3, 4]);
  expect([...new Uint16Array(packed.columns.buffer)]).toEqual([0, 1, 2, 1]);
  const blocks = [1, 0, 0, 0, 0, 0, 3, 0, 0, Number.NaN, 0, 0, 0, 2, 0, 0];
  expect([...packed.values]).toEqual(blocks);
  expect(blocksIn(shape.out, packed)).toBe(4);
  expect(block4.macs(shape, packed)).toBe(16);
});

it('holds no kernel whose input indices need more than 16 bits', () => {
  const wide = (inn: number) => block4.pack({ shape: { in: inn, out: 1 }, values: new Float32Array(inn) });
  expect(wide(65536)).toBeDefined();
  expect(wide(65537)).toBeUndefined();
});

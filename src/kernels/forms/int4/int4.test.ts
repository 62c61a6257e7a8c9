import { expect, it } from 'vitest';
import { checkForm } from '../testing/check';
import { codedSource } from '../testing/coded';
import { int4 } from './form';
import { int4Suite } from './suite';

checkForm(int4, int4Suite, 1e-5);

it('takes codes of 2 to 4 bits, two to a byte', () => {
  const shape = { in: 16, out: 24 };
  const packed = (bits: number) => int4.pack(codedSource(shape, { bits }).source);
  expect([1, 2, 3, 4, 5].map((bits) => packed(bits)?.codes.byteLength)).toEqual([
    undefined,
    ...[192, 192, 192],
    undefined,
  ]);
});

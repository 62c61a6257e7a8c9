import { expect, it } from 'vitest';
import { checkForm } from '../testing/check';
import { codedSource } from '../testing/coded';
import { int8Weights } from './form';
import { int8WeightsSuite } from './suite';

checkForm(int8Weights, int8WeightsSuite, 1e-5);

it('takes codes of 2 to 8 bits and nothing else', () => {
  const shape = { in: 5, out: 3 };
  const packed = (bits: number) => int8Weights.pack(codedSource(shape, { bits }).source);
  expect([1, 2, 8].map((bits) => packed(bits) !== undefined)).toEqual([false, true, true]);
  expect(int8Weights.pack({ shape, values: new Float32Array(15) })).toBeUndefined();
});

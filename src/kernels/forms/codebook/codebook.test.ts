import { expect, it } from 'vitest';
import { checkForm } from '../testing/check';
import { codebook } from './form';
import { codebookSuite } from './suite';

checkForm(codebook, codebookSuite);

it('spends 4 bits on up to 16 values and 8 on up to 256', () => {
  const bytes = (values: Float32Array) => {
    const packed = codebook.pack({ shape: { in: values.length / 16, out: 16 }, values });
    return packed && Object.fromEntries(Object.entries(packed).map(([k, v]) => [k, v.byteLength]));
  };
  const counting = (count: number) => Float32Array.from({ length: 320 }, (_, i) => i % count);
  expect(bytes(counting(16))).toEqual({ table: 64, indices4: 160 });
  expect(bytes(counting(17))).toEqual({ table: 1024, indices8: 320 });
  expect(bytes(counting(256))).toEqual({ table: 1024, indices8: 320 });
  expect(bytes(counting(257))).toBeUndefined();
  // -0 is a value of its own.
  expect(bytes(counting(256).fill(-0, 300))).toBeUndefined();
  expect(bytes(counting(3).fill(Number.NaN, 300))).toBeUndefined();
});

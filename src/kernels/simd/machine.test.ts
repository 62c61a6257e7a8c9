import { expect, it } from 'vitest';
import { WinnowError } from '../../spec/problem';
import { simdMachine } from './machine';

it('memory that there is not is refused with its size; what is there stays', async () => {
  const machine = await simdMachine('simd');
  machine.reserve(machine.base + 1024);
  machine.bytes.fill(7, machine.base, machine.base + 1024);
  const before = machine.bytes.length;
  let refused: unknown;
  try {
    machine.reserve(2 ** 34);
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(WinnowError);
  const size = Math.ceil((2 ** 34 - before) / 2 ** 20);
  expect((refused as WinnowError).problem).toMatchObject({ code: 'kernels.memory', values: { size } });
  expect(machine.bytes.length).toBe(before);
  expect(machine.bytes.subarray(machine.base, machine.base + 1024).every((v) => v === 7)).toBe(true);
});

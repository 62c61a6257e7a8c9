import { describe, expect, it } from 'vitest';
import { noise } from '../../testing/bench';
import { checkForm } from '../testing/check';
import { nm, patternOf } from './form';
import { findPattern } from './pack';
import { nmKernel, nmSuite } from './suite';

checkForm(nm, nmSuite);

describe('pattern', () => {
  it.each([
    [1, 4],
    [2, 4],
    [3, 8],
    [7, 16],
  ])('%i:%i is found', (n, m) => {
    expect(findPattern({ in: 96, out: 30 }, nmKernel(96, 30, n, m, true))).toEqual({ n, m });
  });
  it('has larger groups where that saves work', () => {
    // One weight in 16, at the same place everywhere: 1:4 and 1:8 would be slots that are mostly empty.
    const one = Float32Array.from({ length: 64 * 3 }, (_, i) => (Math.floor(i / 3) % 16 === 5 ? 1 : 0));
    expect(findPattern({ in: 64, out: 3 }, one)).toEqual({ n: 1, m: 16 });
  });
  it('counts a last group that is not full like any other', () => {
    // All three inputs of the last group.
    const values = new Float32Array(7 * 2);
    values[8] = values[10] = values[12] = 1;
    expect(findPattern({ in: 7, out: 2 }, values)).toEqual({ n: 3, m: 8 });
  });
  it('is none where more than half of a group is kept', () => {
    expect(nm.pack({ shape: { in: 32, out: 8 }, values: noise(256, 1) })).toBeUndefined();
  });
});

it('fills slots in the order of inputs', () => {
  const shape = { in: 5, out: 2 };
  // Output 0 keeps inputs 1 and 3, output 1 keeps 2 and 4.
  const values = Float32Array.of(0, 0, 1, 0, 0, 5, 3, 0, 0, 7);
  const packed = nm.pack({ shape, values })!;
  expect(patternOf(packed)).toEqual({ n: 2, m: 4 });
  expect([...packed.values]).toEqual([1, 5, 0, 0, 3, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0]);
  // Two bits per lane, four lanes per byte: input 1 and 2 of the first group; 3; 0 of the second group.
  expect([...new Uint8Array(packed.indices.buffer)]).toEqual([0b1001, 0b11, 0, 0]);
  expect(nm.macs(shape, packed)).toBe(16);
});

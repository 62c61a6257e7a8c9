import { describe, expect, it } from 'vitest';
import { fakeQuant } from '../../methods/fake-quant';
import type { Machine } from '../machine';
import { referenceMachine } from '../reference/machine';
import { noise } from '../testing/bench';
import { checkSuite } from '../testing/check';
import { FLAVOURS, openMachine } from '../testing/machines';
import { runCase } from '../testing/run';
import { fakeQuantSuite, quantCase } from './suite';

checkSuite(fakeQuantSuite);

const machines: [string, Machine][] = [
  ['reference', referenceMachine()],
  ...(await Promise.all(FLAVOURS.map(async (f) => [f, await openMachine(f)] as [string, Machine]))),
];
describe.each(machines)('%s', (_name, machine) => {
  it('has the bits of the host', () => {
    for (const test of fakeQuantSuite) {
      const { n, ranges, bits, scheme } = test.shape;
      const mask = test.operands.mask?.data as Uint8Array | undefined;
      const spec = { bits, scheme, granularity: ranges === 1 ? 'tensor' : 'channel' } as const;
      const want = fakeQuant(test.operands.w.data as Float32Array, [n / ranges, ranges], spec, mask);
      const { written, scalars } = runCase(machine, test);
      expect(scalars.finite, test.label).toBe(1);
      // Bits, so that -0 is not 0.
      expect(new Uint32Array((written.y as Float32Array).buffer), test.label).toEqual(
        new Uint32Array(want.buffer),
      );
    }
  });
  it.each([1, 2, 8])('%i bits: says so when a kept weight is not finite', (bits) => {
    for (const ranges of [1, 5]) {
      for (const bad of [Number.NaN, Infinity, -Infinity]) {
        for (const at of [0, 3, 62, 64]) {
          const w = noise(65, 1);
          w[at] = bad;
          const s = { n: 65, ranges, bits, scheme: 'affine' } as const;
          expect(runCase(machine, quantCase(s, w)).scalars.finite).toBe(0);
          const mask = new Uint8Array(65).fill(0xff);
          expect(runCase(machine, quantCase(s, w, mask)).scalars.finite).toBe(0);
          mask[at] = 0;
          expect(runCase(machine, quantCase(s, w, mask)).scalars.finite).toBe(1);
        }
      }
    }
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascending } from '../ascending';
import { percentiles, plainPercentiles } from './percentiles';

const bits = fc.integer({ min: 0, max: 0xffffffff });
// Few values, so that many are equal; zeros of both signs, subnormal and huge ones, and none that is a number.
const value = fc.constantFrom(0, -0, 1, -1, 0.5, 1e-40, -3e38, Number.NaN, Number.POSITIVE_INFINITY);
const values = fc.array(value, { maxLength: 67 });

describe('ascending', () => {
  it('orders as a stable sort does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(bits, fc.constantFrom(0, 7, 0x10000, 0xffff))),
        fc.boolean(),
        (list, many) => {
          // The same over and over: so many that they are counted, and equal ones among them.
          const keys = Uint32Array.from(
            { length: many ? 4100 : list.length },
            (_, i) => list[i % list.length] ?? 3,
          );
          const plain = [...keys.keys()].sort((a, b) => keys[a] - keys[b] || a - b);
          expect([...ascending(keys)]).toEqual(plain);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('percentiles', () => {
  it('are the shares of survivors that are smaller, whatever the values', () => {
    fc.assert(
      fc.property(values, fc.infiniteStream(fc.boolean()), fc.boolean(), (list, stream, isMasked) => {
        const given = Float32Array.from(list);
        const mask = isMasked ? Uint8Array.from(given, () => Number(stream.next().value)) : undefined;
        const plain = Float32Array.from(plainPercentiles(given, mask));
        expect([...percentiles(given, mask)]).toEqual([...plain]);
      }),
    );
  });
  it('of constants are all zero: there is no order among them', () => {
    expect([...percentiles(Float32Array.of(0.1, -0.1, 0.1), undefined)]).toEqual([0, 0, 0]);
  });
  it('leave the pruned out of account', () => {
    const given = Float32Array.of(5, -1, 2, 9);
    expect([...percentiles(given, Uint8Array.of(1, 0, 1, 0))]).toEqual([0.5, 0, 0, 0]);
  });
});

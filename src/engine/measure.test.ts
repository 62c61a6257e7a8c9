import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Control } from './control';
import { coarseToFine } from './frontier';
import { spread, timePair } from './measure';
import type { Network } from './types';

const clock = (msPerCall: (call: number) => number) => {
  let calls = 0;
  const time = async (_batch: number, n: number) => n * msPerCall(calls++);
  return { time } as unknown as Network;
};

describe('spread', () => {
  it('interpolates quartiles as numpy.percentile does', () => {
    // numpy.percentile([3, 1, 4, 1, 5, 9], [25, 50, 75]) = 1.5, 3.5, 4.75
    expect(spread([3, 1, 4, 1, 5, 9])).toEqual({ q1: 1.5, median: 3.5, q3: 4.75 });
    expect(spread([2])).toEqual({ q1: 2, median: 2, q3: 2 });
  });
});

describe('timePair', () => {
  it('reports time per call and the ratio, whatever the repetitions', async () => {
    const dense = clock(() => 0.4);
    const thin = clock(() => 0.1);
    const { dense: d, ratio } = await timePair(dense, thin, 1, async () => {});
    expect(d.median).toBeCloseTo(0.4, 12);
    expect(ratio.median).toBeCloseTo(4, 12);
  });

  it('cancels a drift of the machine in the ratio', async () => {
    let slow = 1;
    const time = async (_: number, n: number) => {
      slow *= 1.05;
      return n * 2 * slow;
    };
    const drifting = { time } as unknown as Network;
    const { ratio } = await timePair(drifting, drifting, 1, async () => {});
    expect(Math.abs(ratio.median - 1)).toBeLessThan(0.06);
  });
});

describe('coarseToFine', () => {
  it('is a permutation that begins with both ends', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 40 }), (values) => {
        const order = coarseToFine(values);
        expect([...order].sort()).toEqual([...values].sort());
        expect(order.slice(0, 2)).toEqual([values[0], values.at(-1)]);
      }),
    );
  });
});

describe('Control', () => {
  it('holds work while paused and lets it go', async () => {
    const control = new Control();
    control.pause();
    let passed = false;
    const waiting = control.turn().then(() => {
      passed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(passed).toBe(false);
    control.resume();
    await waiting;
    expect(passed).toBe(true);
  });

  it('ends work when stopped, also out of a pause', async () => {
    const control = new Control();
    control.pause();
    const waiting = expect(control.turn()).rejects.toThrow('cancelled');
    control.stop();
    await waiting;
    await expect(control.turn()).rejects.toThrow('cancelled');
  });
});

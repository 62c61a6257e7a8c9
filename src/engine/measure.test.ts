import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Control } from './control';
import { coarseToFine } from './frontier';

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

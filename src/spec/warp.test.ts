import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nudge, positionOf, snap, type Track, valueAt } from './warp';

const sparsity: Track = { min: 0, max: 0.99, step: 0.001, scale: 'tail' };
const steps: Track = { min: 1, max: 50000, step: 1, scale: 'log', integer: true };
const bits: Track = { min: 1, max: 8, step: 1, integer: true };

describe('slider tracks', () => {
  it('puts the ends at the ends on every scale', () => {
    for (const t of [sparsity, steps, bits]) {
      expect([valueAt(0, t), valueAt(1, t)]).toEqual([t.min, t.max]);
      expect([positionOf(t.min, t), positionOf(t.max, t)]).toEqual([0, 1]);
    }
  });
  it('gives the tail more room than a linear track', () => {
    expect(1 - positionOf(0.9, sparsity)).toBeGreaterThan(0.25);
  });
  it('finds a value again from its position', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 990 }), (n) => {
        const v = snap(n / 1000, sparsity);
        expect(valueAt(positionOf(v, sparsity), sparsity)).toBeCloseTo(v, 9);
      }),
    );
  });
  it('is monotonic and stays in range', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, d) => {
          for (const t of [sparsity, steps, bits]) {
            expect(valueAt(a + d, t)).toBeGreaterThanOrEqual(valueAt(a, t));
            expect(valueAt(a, t)).toBeGreaterThanOrEqual(t.min);
            expect(valueAt(a, t)).toBeLessThanOrEqual(t.max);
          }
        },
      ),
    );
  });
  it('never sticks under an arrow key before the end', () => {
    for (const t of [sparsity, steps, bits]) {
      for (const p of [0.1, 0.4, 0.8]) {
        const v = valueAt(p, t);
        expect(nudge(v, 1, t)).toBeGreaterThan(v);
        expect(nudge(v, -1, t)).toBeLessThan(v);
      }
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpeedPoint } from '../../worker/api';
import { breakEven, crossing } from './break-even';

const point = (x: number, ratio: number, overlap = false): SpeedPoint => ({
  subject: 'fc-784x300',
  series: 'csr',
  axis: 'sparsity',
  x,
  batch: 1,
  macs: { dense: 1000, executed: Math.round(1000 * (1 - x)) },
  dense: { median: 1, q1: 1, q3: 1 },
  time: { median: 1 / ratio, q1: 1 / ratio, q3: 1 / ratio },
  ratio: { median: ratio, q1: ratio * 0.99, q3: ratio * 1.01 },
  overlap,
});

describe('break-even', () => {
  it('lies where the time, straight in the weights left, equals the dense one', () => {
    // time = 0.1 + 3.6 * (1 - s) is 1 at s = 0.75.
    const timed = (s: number) => point(s, 1 / (0.1 + 3.6 * (1 - s)));
    const verdict = breakEven([0.95, 0.5, 0.8, 0.7, 0.9].map(timed), 'sparsity');
    expect(verdict).toMatchObject({ is: 'from', sure: true, low: 0.7, high: 0.8 });
    expect((verdict as { x: number }).x).toBeCloseTo(0.75, 10);
  });

  it('is hedged where quartiles overlap around it', () => {
    const points = [point(0.5, 0.5), point(0.7, 0.97, true), point(0.8, 1.02, true), point(0.9, 2)];
    expect(breakEven(points, 'sparsity')).toMatchObject({ is: 'from', sure: false, low: 0.5, high: 0.9 });
    expect(breakEven([point(0.5, 1.01, true), point(0.8, 2)], 'sparsity')).toEqual({
      is: 'from',
      x: 0.5,
      sure: false,
      low: 0.5,
      high: 0.8,
    });
  });

  it('an unclear last point does not undo what was clear before it, but makes it unsure', () => {
    const points = [point(0.5, 0.5), point(0.8, 1.5), point(0.9, 1.2, true)];
    expect(breakEven(points, 'sparsity')).toMatchObject({ is: 'from', sure: false, high: 0.8 });
  });

  it('says always, never, the same, and nothing', () => {
    expect(breakEven([point(0.5, 1.2), point(0.9, 3)], 'sparsity')).toEqual({ is: 'always', x: 0.5 });
    expect(breakEven([point(0.5, 0.2), point(0.9, 0.8)], 'sparsity')).toEqual({ is: 'never', unclear: [] });
    expect(breakEven([point(0.5, 0.2), point(0.9, 1.01, true)], 'sparsity')).toEqual({
      is: 'never',
      unclear: [0.9],
    });
    expect(breakEven([point(0.5, 1, true), point(0.9, 1.01, true)], 'sparsity')).toEqual({ is: 'same' });
    expect(breakEven([], 'sparsity')).toEqual({ is: 'none' });
  });

  it('faster in the middle only is no break-even', () => {
    const points = [point(0.5, 0.5), point(0.8, 1.5), point(0.9, 0.7)];
    expect(breakEven(points, 'sparsity')).toEqual({ is: 'some', xs: [0.8] });
  });

  it('ranks go from large to small', () => {
    // time = rank / 217
    const verdict = breakEven(
      [300, 200, 50].map((r) => point(r, 217 / r)),
      'rank',
    );
    expect(verdict).toMatchObject({ is: 'from', sure: true });
    expect((verdict as { x: number }).x).toBeCloseTo(217, 8);
  });

  it('a crossing lies between its two points, whatever they are', () => {
    const ratio = fc.double({ min: 1e-3, max: 1, noNaN: true });
    fc.assert(
      fc.property(ratio, ratio, (a, b) => {
        const x = crossing(point(0.5, a), point(0.9, 1 / b));
        return x >= 0.5 - 1e-9 && x <= 0.9 + 1e-9;
      }),
    );
  });

  it('never claims more than was measured: every clear claim has a clear point behind it', () => {
    const some = fc.array(
      fc.record({
        x: fc.constantFrom(0.5, 0.6, 0.7, 0.8, 0.9, 0.95),
        ratio: fc.double({ min: 0.1, max: 10, noNaN: true }),
        overlap: fc.boolean(),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(some, (list) => {
        const byX = new Map(list.map((p) => [p.x, point(p.x, p.ratio, p.overlap)]));
        const points = [...byX.values()];
        const v = breakEven(points, 'sparsity');
        const clear = points.filter((p) => !p.overlap && p.ratio.median > 1);
        if (v.is === 'always') return clear.length === points.length;
        if (v.is === 'from') {
          const from = points.filter((p) => p.x >= v.high && !(p.overlap && !v.sure));
          return clear.length > 0 && from.every((p) => p.ratio.median > 1) && v.low <= v.high;
        }
        if (v.is === 'some') return clear.length === v.xs.length && clear.length > 0;
        return clear.length === 0;
      }),
    );
  });
});

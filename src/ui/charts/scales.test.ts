import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AxisScale,
  accuracyScale,
  linearScale,
  logScale,
  niceStep,
  niceTicks,
  remainingScale,
  tailScale,
  tickAt,
  tickDecimals,
  topScale,
} from './scales';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const inside = (scale: AxisScale, value: number) => {
  const p = scale.to(value);
  expect(p).toBeGreaterThanOrEqual(scale.domain[0] - 1e-9);
  expect(p).toBeLessThanOrEqual(scale.domain[1] + 1e-9);
};
const rising = (scale: AxisScale) => {
  const positions = scale.ticks.map(scale.to);
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
  expect(new Set(positions).size).toBe(positions.length);
  for (const t of scale.ticks) inside(scale, t);
};

describe('ticks', () => {
  test('steps are 1, 2 or 5 times a power of ten', () => {
    expect(niceStep(1, 5)).toBe(0.2);
    expect(niceStep(0.013, 5)).toBeCloseTo(0.005);
    expect(niceStep(5000, 5)).toBe(1000);
  });
  test('enclose the values and are free of binary dust', () => {
    expect(niceTicks(0.9512, 0.9798, 5)).toEqual([0.95, 0.96, 0.97, 0.98]);
    expect(niceTicks(3, 3).length).toBeGreaterThan(1);
  });
  test('as many decimals as tell them apart', () => {
    expect(tickDecimals([0.97, 0.98])).toBe(0);
    expect(tickDecimals([0.975, 0.98])).toBe(1);
    expect(tickDecimals([0.9775, 0.98])).toBe(2);
  });
});

describe('every axis holds its values, and its ticks rise', () => {
  test('sparsity', () =>
    fc.assert(
      fc.property(fc.array(share), (values) => {
        const scale = tailScale(values);
        rising(scale);
        for (const v of values) inside(scale, v);
      }),
    ));
  test('accuracy', () =>
    fc.assert(
      fc.property(fc.array(share), (values) => {
        const scale = accuracyScale(values);
        rising(scale);
        for (const v of values) inside(scale, v);
      }),
    ));
  test('log', () =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 1e4, noNaN: true })), (values) => {
        const scale = logScale(values, 1, 2);
        rising(scale);
        expect(scale.ticks).toContain(1);
        for (const v of values) inside(scale, v);
      }),
    ));
  test('weights remaining', () =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 1, noNaN: true })), (values) => {
        const scale = remainingScale(values);
        rising(scale);
        for (const v of values) inside(scale, v);
      }),
    ));
  test('linear', () => {
    const scale = linearScale([1, 8], 8);
    rising(scale);
    expect(scale.ticks).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

test('sparsity gives 90 to 99 % at least as much room as 0 to 90 %', () => {
  const { to } = tailScale([0.99]);
  expect(to(0.99) - to(0.9)).toBeGreaterThan(0.75 * (to(0.9) - to(0)));
  expect(tailScale([0.99]).ticks).toEqual([0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99]);
});
test('accuracies close together are linear, a collapse stretches the axis', () => {
  expect(accuracyScale([0.95, 0.98]).stretched).toBe(false);
  const wide = accuracyScale([0.0981, 0.9824]);
  expect(wide.stretched).toBe(true);
  expect(wide.to(0.98) - wide.to(0.95)).toBeGreaterThan(wide.to(0.53) - wide.to(0.5));
});
test('what lacks half a point of the best is as far away as what lacks all', () => {
  const scale = topScale([0.1, 0.9655, 0.961, 0.7]);
  expect(scale.to(0.9655) - scale.to(0.9605)).toBeGreaterThan((scale.domain[1] - scale.domain[0]) / 8);
  expect(scale.ticks.length).toBeGreaterThan(3);
  expect(scale.ticks.length).toBeLessThan(10);
  fc.assert(
    fc.property(fc.array(share), (values) => {
      const any = topScale(values);
      rising(any);
      for (const v of values) inside(any, v);
      for (const tick of any.ticks) inside(any, tick);
    }),
  );
});
test('rounds that would overlap lose their tick, 100 % never does', () => {
  const ladder = Array.from({ length: 20 }, (_, i) => 0.8 ** (i + 1));
  const { ticks } = remainingScale(ladder);
  expect(ticks[0]).toBe(1);
  expect(ticks.length).toBeLessThanOrEqual(10);
  for (const t of ticks.slice(1)) expect(ladder).toContain(t);
});
test('positions find their tick again', () => {
  const scale = tailScale([0.99]);
  for (const t of scale.ticks) expect(tickAt(scale, scale.to(t) + 1e-6)).toBe(t);
});

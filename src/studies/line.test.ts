import { describe, expect, it } from 'vitest';
import type { Row } from '../spec/types';
import { defaultStudy, partHash, partsOf } from './index';
import { instability, lineAlphas } from './line';
import { hasLearnt, lineSeries, stability } from './line-series';
import { lineAt, type Study } from './types';

const line = (...values: number[]) =>
  lineAlphas(values.length).map((alpha, i) => ({ alpha, value: values[i] }));

describe('instability', () => {
  it('is the highest point minus the mean of the ends', () => {
    expect(instability(line(0.1, 0.5, 0.2))).toBeCloseTo(0.35, 12);
    expect(instability(line(0.1, 0.1, 0.1))).toBe(0);
    // A valley between equal ends is none; ends that differ count for half.
    expect(instability(line(0.2, 0.1, 0.2))).toBe(0);
    expect(instability(line(0.1, 0.15, 0.3))).toBeCloseTo(0.1, 12);
    expect(instability(line(0.1, 0.5, 0.2).slice(0, 2))).toBeUndefined();
  });
  it('is measured at even places, ends exactly', () => {
    expect(lineAlphas(11)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(lineAlphas(4)).toEqual([0, 0.3333, 0.6667, 1]);
  });
});

const study: Study = {
  ...defaultStudy('connectivity'),
  with: { latest: 50, steps: 200, points: 3 },
  replicates: 2,
};
/** Errors along the line of each step and seed. */
function rowsOf(errors: Record<string, number[][]>): Row[] {
  return partsOf(study).flatMap((part) =>
    (errors[part.id] ?? []).flatMap((seed, replicate) =>
      seed.map((error, i): Row => {
        const at = lineAt(lineAlphas(3)[i]);
        const where = { exp: partHash(part), replicate, at, step: 0, device: 'made up' } as const;
        return { ...where, metric: 'test.accuracy', value: 1 - error, unit: 'fraction', basis: 'measured' };
      }),
    ),
  );
}
describe('lines of a study', () => {
  const rows = rowsOf({
    'k-0': [
      [0.02, 0.3, 0.04],
      [0.02, 0.5, 0.02],
    ],
    'k-20': [
      [0.02, 0.1, 0.02],
      [0.02, 0.03, 0.02],
    ],
    'k-50': [[0.02, 0.03, 0.03], [0.04]],
  });
  it('are bands over seeds at every point, one for each step at which copies part', () => {
    const series = lineSeries(study, [...rows, ...rows], 'test');
    expect(series.map(({ k, part }) => [k, part])).toEqual([
      [0, 'k-0'],
      [20, 'k-20'],
      [50, 'k-50'],
    ]);
    const [{ points, instability: rise }, , late] = series;
    expect(points.map(({ alpha }) => alpha)).toEqual([0, 0.5, 1]);
    expect(points[1].band).toMatchObject({
      mean: expect.closeTo(0.4, 12),
      min: expect.closeTo(0.3, 12),
      max: expect.closeTo(0.5, 12),
    });
    expect([...(rise?.each ?? [])].map(([r, [v]]) => [r, v.toFixed(6)])).toEqual([
      [0, '0.270000'],
      [1, '0.480000'],
    ]);
    // A seed that is on its way counts at its points, and nowhere else.
    expect(late.points.map(({ band }) => band.each.size)).toEqual([2, 1, 1]);
    expect([...(late.instability?.each.keys() ?? [])]).toEqual([0]);
  });
  it('are flat from the first step behind which no seed rises by two points', () => {
    const all = lineSeries(study, rows, 'test');
    expect(stability(all, 10)).toEqual({ from: 50, seeds: 1 });
    expect(stability(all.slice(0, 2), 10)).toEqual({ seeds: 2 });
    expect(stability(lineSeries(study, [], 'test'), 10)).toBeUndefined();
    // Between networks that only guess every line is flat.
    const guesses = rowsOf({ 'k-0': [[0.9, 0.9, 0.9]], 'k-20': [[0.02, 0.02, 0.02]] });
    const [flat, good] = lineSeries(study, guesses, 'test');
    expect([flat, good].map((one) => hasLearnt(one, 10))).toEqual([false, true]);
    expect(stability([flat, good], 10)).toBeUndefined();
    expect(stability([good], 10)).toEqual({ from: 20, seeds: 1 });
    expect(lineSeries(study, rows, 'loss').every(({ points }) => points.length === 0)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { i18n } from '../../i18n';
import type { LineSeries } from '../../studies/line-series';
import { lineTable, riseTable, sayLine, sayRise, sayStability } from './connectivity-words';

const t = i18n.getFixedT('en', 'connectivity');
const band = (...values: number[]) => ({
  mean: values.reduce((sum, v) => sum + v, 0) / values.length,
  min: Math.min(...values),
  max: Math.max(...values),
  each: new Map(values.map((v, i) => [i, [v]])),
});
const line = (k: number, rises: number[], end = 0.02): LineSeries => ({
  ...{ part: `k-${k}`, k, points: [0, 1].map((alpha) => ({ alpha, band: band(...rises.map(() => end)) })) },
  ...(rises.length > 0 && { instability: band(...rises), ends: band(...rises.map(() => end)) }),
});
const unstable = line(0, [0.1, 0.3]);
const stable = line(20, [0.001, 0.011]);

describe('lines in words', () => {
  it('say by how much the error rises, with the spread over seeds', () => {
    expect(sayRise(t, unstable, 10)).toContain('by 20.00 points on the way (10.00 to 30.00, 2 seeds)');
    expect(sayRise(t, line(0, [0.1]), 10)).toContain('10.00 points on the way, in one seed');
    expect(sayRise(t, line(50, []), 10)).toContain('still being measured');
    expect(sayLine(t, stable)).toBe('Step 20: 0.60 points, 0.10 to 1.10 over 2 seeds');
  });
  it('say from which step on it is one valley, once all are measured; one seed makes no claim', () => {
    expect(sayStability(t, [unstable, stable], 10)).toMatch(
      /^From step 20 on .* less than 2 points in every seed \(2\)\.$/,
    );
    expect(sayStability(t, [line(0, [0, 0]), stable], 10)).toContain('Wherever they part');
    expect(sayStability(t, [stable], 10)).toContain('From step 20 on');
    expect(sayStability(t, [stable, line(50, [0.03, 0])], 10)).toContain('barrier');
    expect(sayStability(t, [line(0, [0])], 10)).toContain('One seed makes no claim');
    expect(sayStability(t, [unstable, line(20, [])], 10)).toContain('Not all steps');
    expect(sayStability(t, [line(0, []), line(20, [])], 10)).toContain('Nothing measured yet');
  });
  it('say that a flat line between guesses says nothing', () => {
    const guesses = line(0, [0, 0.001], 0.89);
    expect(sayRise(t, guesses, 10)).toContain('hardly learnt');
    expect(sayStability(t, [guesses, stable], 10)).toContain('hardly learnt');
  });
  it('are tables of what is drawn', () => {
    expect(lineTable(t, [unstable], String).rows[1]).toEqual({
      ...{ parting_step: 0, alpha: 1, mean: 0.02, min: 0.02, max: 0.02, seeds: 2 },
    });
    expect(riseTable(t, [unstable, line(20, [])]).rows).toEqual([
      { parting_step: 0, mean: 0.2, min: 0.1, max: 0.3, seeds: 2 },
    ]);
  });
});

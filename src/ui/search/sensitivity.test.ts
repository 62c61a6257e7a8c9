/** The curve behind a slider. */
import { describe, expect, it } from 'vitest';
import { prune } from '../../methods/prune';
import { quantize } from '../../methods/quantize';
import type { ScanPoint } from '../../worker/api-search';
import { areasOf, curveOf, safeValue } from './sensitivity';

const { sparsity } = prune.params;
const { bits } = quantize.params;
const at = (layer: string, value: number, correct: number): ScanPoint => ({
  layer,
  value,
  correct,
  count: 1000,
});

describe('curveOf', () => {
  it('is one layer along its slider, in the order of the slider, whatever the order of measuring', () => {
    const points = [at('fc1', 1, 100), at('fc2', 0.5, 1), at('fc1', 0, 970), at('fc1', 0.75, 960)];
    const curve = curveOf(points, 'fc1', sparsity);
    expect(curve.map((p) => [p.value, p.x, p.accuracy])).toEqual([
      [0, 0, 0.97],
      [0.75, 0.5, 0.96],
      [1, 1, 0.1],
    ]);
    expect(curveOf(points, 'out', sparsity)).toEqual([]);
  });
});

describe('safeValue', () => {
  it('is the strongest value before more than half a point is lost', () => {
    const curve = curveOf(
      [at('a', 0, 970), at('a', 0.5, 966), at('a', 0.8, 965), at('a', 0.9, 964)],
      'a',
      sparsity,
    );
    expect(safeValue(curve, 0.97, false)?.value).toBe(0.8);
    expect(safeValue(curve, 0.99, false)).toBeUndefined();
  });
  it('comes from the right for bits, and ends at the first loss even if less is better again', () => {
    const curve = curveOf([at('a', 8, 970), at('a', 5, 970), at('a', 4, 900), at('a', 3, 970)], 'a', bits);
    expect(safeValue(curve, 0.97, true)?.value).toBe(5);
  });
});

describe('areasOf', () => {
  it('joins the harmless and the harmful part where one becomes the other', () => {
    const curve = curveOf([at('a', 0, 970), at('a', 0.75, 970), at('a', 1, 97)], 'a', sparsity);
    expect(areasOf(curve, 0.97, false)).toEqual([
      { d: 'M0,100L0,0L50,0L50,100Z', harmless: true },
      { d: 'M50,100L50,0L100,90L100,100Z', harmless: false },
    ]);
  });
  it('is nothing while there is no line to draw, and one part where all or nothing is harmless', () => {
    const one = curveOf([at('a', 0, 970)], 'a', sparsity);
    expect(areasOf(one, 0.97, false)).toEqual([]);
    const flat = curveOf([at('a', 0, 970), at('a', 1, 970)], 'a', sparsity);
    expect(areasOf(flat, 0.97, false).map((a) => a.harmless)).toEqual([true]);
    const bad = curveOf([at('a', 1, 100), at('a', 8, 900)], 'a', bits);
    expect(areasOf(bad, 0.97, true).map((a) => a.harmless)).toEqual([false]);
  });
});

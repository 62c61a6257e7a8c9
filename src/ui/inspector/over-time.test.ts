import { describe, expect, it } from 'vitest';
import { countSizes, HistoryTaker, historyEdges } from '../../engine/weight-history';
import { dense, network } from '../../models/build';
import { below, binsShown, cellsOf, seriesOf } from './over-time';

const arch = network([1, 1, 4], [dense('a', 3), dense('b', 2, 'linear')]);
const tensors = (a: number[], b: number[]) => ({
  'a/kernel': Float32Array.from({ length: 12 }, (_, i) => a[i % a.length]),
  'b/kernel': Float32Array.from({ length: 6 }, (_, i) => b[i % b.length]),
});
function history(snapshots: number) {
  const taker = new HistoryTaker(arch);
  for (let s = 0; s < snapshots; s++) taker.add(s * 10, tensors([0, 0.5, -0.0004], [s === 0 ? 0 : 2]));
  return taker.taken;
}

describe('sizes of weights', () => {
  it('are counted between the edges, zeros apart, the ends taking what is beyond', () => {
    const edges = historyEdges();
    const { zeros, counts } = countSizes(Float32Array.of(0, -0, 0.5, -0.5, 1e-20, 300, 0.0004));
    expect(zeros).toBe(2);
    for (const w of [0.5, 0.0004]) {
      const bin = edges.findIndex((edge) => edge > w) - 1;
      expect(counts[bin]).toBe(w === 0.5 ? 2 : 1);
    }
    expect([counts[0], counts[counts.length - 1]]).toEqual([1, 1]);
    expect(edges.some((edge) => Math.abs(edge - 1e-3) < 1e-9)).toBe(true);
  });
  it('are thinned to every second snapshot, first and newest kept, however many come', () => {
    for (const n of [59, 60, 61, 62, 200, 1001]) {
      const { steps, layers } = history(n);
      expect(steps.length).toBeLessThanOrEqual(60);
      expect(steps.length).toBeGreaterThan(Math.min(n, 60) / 2 - 2);
      expect([steps[0], steps[steps.length - 1]]).toEqual([0, (n - 1) * 10]);
      expect([...steps].sort((a, b) => a - b)).toEqual(steps);
      for (const layer of layers) expect(layer.counts).toHaveLength(steps.length);
    }
  });
});

describe('the chart', () => {
  it('adds layers up, or takes one', () => {
    const all = seriesOf(history(3));
    expect([all.weights, all.zeros]).toEqual([18, [10, 4, 4]]);
    const one = seriesOf(history(3), 'a');
    expect([one.weights, one.zeros, below(one, 2)]).toEqual([12, [4, 4, 4], 4]);
    expect(below(one, 2, 1e-4)).toBe(0);
    expect(below(one, 2, 1)).toBe(8);
  });
  it('shows whole decades, and a cell wherever there are weights', () => {
    const series = seriesOf(history(3), 'a');
    const { first, last } = binsShown(series);
    expect([series.edges[first], series.edges[last + 1]].map((e) => Math.log10(e))).toEqual([
      expect.closeTo(-4, 6),
      expect.closeTo(0, 6),
    ]);
    const cells = cellsOf(series).reduce((n, { path }) => n + path.split('M').length - 1, 0);
    expect(cells).toBe(2 * 3);
  });
});

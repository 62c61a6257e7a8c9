import { expect, test } from 'vitest';
import { i18n } from '../../i18n';
import { toCsv } from './csv';
import { pointOf, previewOf } from './fixtures';
import { currentDatum, currentSavings, savingsData, sweepData } from './series';
import { savingsTable, sweepTable } from './tables';

const t = i18n.getFixedT('en', 'charts');
const spread = { median: 1.02, q1: 0.97, q3: 1.05 };
const points = [pointOf(0.9, 0.88, 9700, spread), pointOf(0, 0, 9800), pointOf(0.5, 0.49, 9790)];

test('a sweep is drawn where it landed, in order', () => {
  const data = sweepData(points, 'sparsity');
  expect(data.map((d) => [d.value, d.x, d.accuracy])).toEqual([
    [0, 0, 0.98],
    [0.5, 0.49, 0.979],
    [0.9, 0.88, 0.97],
  ]);
  expect(sweepData(points, 'bits')).toEqual([]);
});
test('the state on screen uses the whole test set, else the estimate, else nothing', () => {
  const quick = { split: 'val', correct: 950, count: 1000 } as const;
  const test = { split: 'test', correct: 9612, count: 10_000 } as const;
  expect(currentDatum(previewOf({ quick, test }), 'sparsity', 0.9)?.accuracy).toBe(0.9612);
  expect(currentDatum(previewOf({ quick }), 'sparsity', 0.9)?.accuracy).toBe(0.95);
  expect(currentDatum(previewOf({ quick }), 'bits', 4)?.x).toBe(4);
  expect(currentDatum(previewOf(), 'sparsity', 0.9)).toBeUndefined();
});
test('three savings stay three series; only what was measured has a spread', () => {
  const series = savingsData(points, previewOf());
  expect(series.macs.map((d) => d.x)).toEqual([1, 1000 / 510, 1000 / 120]);
  expect(series.bytes[0].x).toBe(1);
  expect(series.measured).toHaveLength(1);
  expect(series.measured[0]).toMatchObject({ x: 1.02, q1: 0.97, q3: 1.05, accuracy: 0.97 });
  expect(series.macs.every((d) => d.q1 === undefined)).toBe(true);
  expect(savingsData(points, undefined)).toEqual({ macs: [], bytes: [], measured: [] });
});
test('the CSV is what is plotted', () => {
  const data = sweepData(points, 'sparsity');
  const csv = toCsv(sweepTable(t, 'sparsity', 'Sparsity', [{ name: 'sweep', data }]));
  const [head, ...lines] = csv.trimEnd().split('\r\n');
  expect(head).toBe('series,sparsity_set,sparsity,accuracy,correct,images');
  expect(lines.map((l) => Number(l.split(',')[3]))).toEqual(data.map((d) => d.accuracy));
  expect(lines.map((l) => Number(l.split(',')[1]))).toEqual(data.map((d) => d.value));

  const test = { split: 'test', correct: 9612, count: 10_000 } as const;
  const preview = previewOf({ test });
  const [series, now] = [savingsData(points, preview), currentSavings(preview)];
  const rows = toCsv(savingsTable(t, series, now))
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((l) => l.split(','));
  const plotted = (['macs', 'bytes', 'measured'] as const).flatMap((k) =>
    [...series[k], ...(now[k] ? [now[k]] : [])].map((d) => [k, d.x, d.accuracy]),
  );
  expect(rows.map((r) => [r[0], Number(r[2]), Number(r[5])])).toEqual(plotted);
  expect(plotted.length).toBe(3 + 1 + 3 + 1 + 1);
});

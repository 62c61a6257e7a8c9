import { expect, test } from 'vitest';
import type { LayerSpeed } from '../../worker/api';
import { factsOf, previewOf, speedAt } from '../charts/fixtures';
import { accuracyTile, formsIn, promised, reasonOf, sizeTile, speedTile, timed } from './values';

const accuracy = (split: 'val' | 'test', correct: number, count: number) => ({ split, correct, count });
const spread = (q1: number, median: number, q3: number) => ({ q1, median, q3 });

test('the estimate is never compared with the dense test figure', () => {
  const quick = accuracy('val', 972, 1000);
  expect(accuracyTile(previewOf({ quick }))).toEqual({ kind: 'quick', accuracy: quick });
  const test = accuracy('test', 9762, 10_000);
  expect(accuracyTile(previewOf({ quick, test }))?.change).toBeCloseTo(-0.0038);
  expect(accuracyTile(previewOf({ test, dense: undefined }))?.change).toBeUndefined();
  expect(accuracyTile(previewOf())).toBeUndefined();
});
test('size against the dense file', () => {
  expect(sizeTile(previewOf()).ratio).toBeCloseTo(8.2);
  expect(sizeTile(previewOf({ dense: undefined })).ratio).toBeUndefined();
  expect(sizeTile(previewOf({ facts: factsOf(0, 8200) })).ratio).toBe(0.5);
});
test('even means: times overlap and the ratio may be one', () => {
  const latency = speedAt(1, spread(0.96, 1.01, 1.06), true);
  const throughput = speedAt(256, spread(1.1, 1.2, 1.3), true);
  const tile = speedTile({ device: 'here', latency, throughput });
  expect(tile.latency.even).toBe(true);
  expect(tile.throughput).toMatchObject({ overlap: true, even: false });
  const noisy = speedAt(1, spread(0.7, 1.3, 1.9), true);
  expect(speedTile({ device: 'here', latency: noisy, throughput }).latency.even).toBe(false);
});

test('executed: dense, smaller, or in other forms', () => {
  const even = spread(1, 1, 1);
  const report = { device: 'here', latency: speedAt(1, even), throughput: speedAt(256, even) };
  expect(speedTile(report).executed).toBe('dense');
  const macs = { dense: 1000, executed: 500 };
  expect(speedTile({ ...report, latency: { ...report.latency, macs } }).executed).toBe('thin');
  const layers: LayerSpeed[] = [{ layer: 'fc1', form: 'csr', chosen: 'measured', candidates: [], macs: 500 }];
  const throughput = { ...report.throughput, layers: [...layers], macs };
  expect(speedTile({ ...report, throughput }).executed).toBe('forms');
});
test('nothing was timed in a hidden tab', () => {
  expect(timed(previewOf({ speed: { refused: 'hidden' } }))).toBeUndefined();
  expect(timed(previewOf())).toBeUndefined();
});
test('forms by how many layers run in them; what the arithmetic promises', () => {
  const layer = (name: string, form: LayerSpeed['form']): LayerSpeed => ({
    layer: name,
    form,
    chosen: 'measured',
    candidates: [],
    macs: 1,
  });
  const layers = [layer('fc1', 'dense'), layer('fc2', 'csr'), layer('out', 'csr')];
  expect(formsIn({ ...speedAt(1, spread(1, 1, 1)), layers })).toEqual([
    { form: 'csr', layers: ['fc2', 'out'] },
    { form: 'dense', layers: ['fc1'] },
  ]);
  expect(promised(previewOf())).toBeCloseTo(10);
  expect(promised(previewOf({ dense: undefined }))).toBeUndefined();
});
test('says why nothing is faster: no other form, or measured to be no faster', () => {
  const even = spread(1, 1, 1);
  const report = { device: 'here', latency: speedAt(1, even, true), throughput: speedAt(256, even, true) };
  expect(reasonOf(report, true)).toBe('masked');
  expect(reasonOf(report, false)).toBe('dense');
  const layers: LayerSpeed[] = [{ layer: 'fc1', form: 'dense', chosen: 'measured', candidates: [], macs: 1 }];
  expect(reasonOf({ ...report, latency: { ...report.latency, layers } }, true)).toBe('measured');
  const csr = { ...report.latency, layers: [{ ...layers[0], form: 'csr' as const }] };
  expect(reasonOf({ ...report, latency: csr }, true)).toBe('forms');
  const sure = { ...report.throughput, overlap: false };
  expect(reasonOf({ ...report, latency: { ...csr, overlap: false }, throughput: sure }, true)).toBe(
    'claimed',
  );
});

import { expect, test } from 'vitest';
import { factsOf, previewOf } from '../charts/fixtures';
import { accuracyTile, sizeTile, speedTile } from './values';

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
  const time = spread(1, 1, 1);
  const tile = speedTile({
    device: 'here',
    latency: { batch: 1, dense: time, compressed: time, ratio: spread(0.96, 1.01, 1.06) },
    throughput: { batch: 256, dense: time, compressed: time, ratio: spread(1.1, 1.2, 1.3) },
    overlap: { latency: true, throughput: true },
    executed: 'dense',
  });
  expect(tile.latency.even).toBe(true);
  expect(tile.throughput).toMatchObject({ overlap: true, even: false });
});

/** Small made-up rows and points for the tests beside this file. */
import type { Experiment, Metric, Row } from '../../spec/types';
import type { Facts, Preview, SpeedAt, Spread, SweepPoint } from '../../worker/api';

export function row(at: string, step: number, metric: Metric, value: number, more: Partial<Row> = {}): Row {
  return {
    exp: 'e',
    replicate: 0,
    at,
    step,
    metric,
    value,
    unit: '',
    basis: 'measured',
    device: 'test',
    ...more,
  };
}
export const experimentOf = (recipe: Experiment['recipe'], replicates = 1): Experiment => ({
  v: 1,
  data: 'mnist',
  model: 'lenet-300-100',
  recipe,
  seeds: { init: 1, order: 1, method: 1 },
  replicates,
});
const noBytes = {
  values: 0,
  indices: 0,
  scales: 0,
  zeros: 0,
  codebooks: 0,
  tables: 0,
  biases: 0,
  norms: 0,
  header: 0,
};
export const factsOf = (sparsity: number, bytes: number): Facts => ({
  weights: 1000,
  kept: Math.round(1000 * (1 - sparsity)),
  removed: 0,
  sparsity,
  bytes,
  parts: { ...noBytes, values: bytes },
  normBytes: 0,
  macs: 1000,
  macsNonzero: Math.round(1000 * (1 - sparsity)),
  layers: [],
});
export const pointOf = (value: number, sparsity: number, correct: number, speed?: Spread): SweepPoint => ({
  token: 1,
  at: 'recipe.1',
  param: 'sparsity',
  value,
  facts: factsOf(sparsity, 4000 * (1 - sparsity) + 100),
  test: { split: 'test', correct, count: 10_000 },
  speed,
});
export const previewOf = (more: Partial<Preview> = {}): Preview => ({
  token: 1,
  at: 'recipe.1',
  cards: {},
  groups: [],
  facts: factsOf(0.9, 500),
  notes: {},
  archs: {},
  dense: { facts: factsOf(0, 4100), test: { split: 'test', correct: 9800, count: 10_000 } },
  ...more,
});
export function speedAt<B extends number>(batch: B, ratio: Spread, overlap = false): SpeedAt & { batch: B } {
  const dense = { median: 1, q1: 1, q3: 1 };
  const slope = { dense: 1, compressed: 1, agrees: true };
  const macs = { dense: 1000, executed: 1000 };
  return { batch, dense, compressed: dense, ratio, overlap, slope, layers: [], macs };
}

import { describe, expect, it } from 'vitest';
import { factorize } from '../methods/factorize';
import { context, graphArch, trainedState } from '../methods/fixtures';
import { dense, network } from '../models/build';
import type { NetState } from '../models/types';
import { inspect } from './inspect';

/** Two outputs per input value; nothing pruned unless a mask says so. */
function stateOf(channels: number, mask?: number[]): NetState {
  const arch = network([2, 1, channels], [dense('out', 2, 'linear')]);
  const n = 2 * channels * 2;
  const tensors = { 'out/kernel': new Float32Array(n).fill(1), 'out/bias': new Float32Array(2) };
  const masks: NetState['masks'] = mask ? { 'out/kernel': Uint8Array.from(mask) } : {};
  return { arch, tensors, masks, quant: {}, start: tensors, trainings: 1, steps: 1 };
}

describe('kept weights per pixel', () => {
  it('counts every weight of an input where nothing is pruned', () => {
    expect(inspect(stateOf(1), stateOf(1)).keptPerInput).toEqual({
      height: 2,
      width: 1,
      counts: [2, 2],
      max: 2,
    });
  });
  it('adds up the channels of a colour image, which lie side by side', () => {
    const state = stateOf(3, [1, 1, 1, 0, 0, 0, /* second pixel */ 0, 0, 0, 1, 0, 0]);
    expect(inspect(state, stateOf(3)).keptPerInput).toEqual({ height: 2, width: 1, counts: [3, 1], max: 6 });
  });
});

it('a graph has a histogram per kernel, depthwise ones and factorized layers too, and none for norms', () => {
  const dense = trainedState(graphArch);
  const thin = factorize.apply(
    dense,
    { rank: 4, by: 'rank', energy: 0.9, layers: ['fc1'] },
    context(graphArch),
  );
  const { histograms, keptPerInput } = inspect(thin, dense);
  expect(histograms.map((h) => h.layer)).toEqual(['conv1', 'dw', 'fc1', 'out']);
  const sizes = histograms.map((h) => h.before.reduce((a, b) => a + b, 0));
  expect(sizes).toEqual([72, 36, 24, 30]);
  // At full rank the product of the pair is the layer again, up to rounding.
  expect(histograms[2].after.reduce((a, b) => a + b, 0)).toBe(24);
  expect(keptPerInput).toBeUndefined();
});

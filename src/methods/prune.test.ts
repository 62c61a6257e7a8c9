import { describe, expect, it } from 'vitest';
import { kernelNames, weightCount } from '../models/build';
import { modelById } from '../models/registry';
import type { NetState } from '../models/types';
import { withDefaults } from '../spec/defaults';
import { context, lenet, smallArch, trainedState } from './fixtures';
import { prune } from './prune';
import { survivors } from './select';

const run = (state: NetState, values: Partial<Parameters<typeof prune.apply>[1]>) =>
  prune.apply(state, withDefaults(prune.params, values), context(state.arch));
const kept = (state: NetState) =>
  kernelNames(state.arch).map((name) => survivors(state.masks[name], state.tensors[name].length));
const remaining = (state: NetState) => (100 * kept(state).reduce((a, b) => a + b)) / weightCount(state.arch);

describe('prune', () => {
  it('follows the published ladder of LeNet-300-100: 20 % a round, output layer 10 %', () => {
    const ladder = [
      80.04, 64.06, 51.28, 41.05, 32.87, 26.32, 21.07, 16.88, 13.52, 10.83, 8.68, 6.95, 5.57, 4.47, 3.58,
      2.87, 2.31, 1.85, 1.49, 1.19,
    ];
    let state = trainedState(lenet);
    for (const percent of ladder) {
      state = run(state, { sparsity: 0.2 });
      expect(Math.abs(remaining(state) - percent)).toBeLessThan(0.05);
    }
  });
  /** Weights left in percent, rates for convolutions and fully connected layers; the output layer loses 10 %. */
  it.each([
    [
      'conv-2',
      0.1,
      [
        80.1, 64.16, 51.41, 41.2, 33.02, 26.47, 21.23, 17.03, 13.66, 10.97, 8.81, 7.08, 5.69, 4.57, 3.68,
        2.97, 2.39, 1.93, 1.56, 1.26,
      ],
    ],
    [
      'conv-4',
      0.1,
      [
        81.08, 65.84, 53.55, 43.63, 35.61, 29.13, 23.88, 19.62, 16.16, 13.35, 11.06, 9.18, 7.65, 6.4, 5.37,
        4.51, 3.81, 3.23, 2.75, 2.34, 2.01,
      ],
    ],
    [
      'conv-6',
      0.15,
      [
        82.54, 68.2, 56.39, 46.68, 38.67, 32.07, 26.61, 22.11, 18.38, 15.29, 12.74, 10.62, 8.86, 7.39, 6.18,
        5.17, 4.32, 3.62, 3.03, 2.54, 2.13,
      ],
    ],
  ])('follows the published ladder of %s: convolutions at a rate of their own', (id, rate, ladder) => {
    const arch = modelById(id).build([32, 32, 3], 10);
    const convs = arch.layers.filter((l) => l.kind === 'conv').map((l) => l.name);
    const layers = Object.fromEntries(convs.map((name) => [name, rate]));
    let state = trainedState(arch);
    for (const percent of ladder) {
      state = run(state, { sparsity: 0.2, layers });
      expect(Math.abs(remaining(state) - percent)).toBeLessThan(0.05);
    }
  });
  it('takes exactly round(p n) of the survivors of each layer, half of it from the output', () => {
    const once = run(trainedState(), { sparsity: 0.35 });
    // 27, 324 and 60 weights; halves round up.
    expect(kept(once)).toEqual([27 - 9, 324 - 113, 60 - 11]);
    expect(kept(run(once, { sparsity: 0.5, outputHalf: false }))).toEqual([9, 105, 24]);
  });
  it('layer-wise keeps the largest of each layer', () => {
    const before = trainedState();
    const after = run(before, { sparsity: 0.8 });
    for (const name of kernelNames(smallArch)) {
      const sizes = before.tensors[name].map(Math.abs);
      const gone = Math.max(...sizes.filter((_, i) => after.masks[name][i] === 0));
      const stays = Math.min(...sizes.filter((_, i) => after.masks[name][i] === 1));
      expect(gone).toBeLessThanOrEqual(stays);
    }
  });
  it('global ranks all layers together: the one with small weights pays', () => {
    const state = trainedState();
    const small = state.tensors['fc1/kernel'].map((w) => w / 1000);
    const after = run(
      { ...state, tensors: { ...state.tensors, 'fc1/kernel': small } },
      { sparsity: 0.5, scope: 'global', outputHalf: false },
    );
    // round(0.5 * 411) = 206, all of them from fc1.
    expect(kept(after)).toEqual([27, 324 - 206, 60]);
  });
  it('global takes the output layer and layers with a rate of their own out of the ranking', () => {
    const after = run(trainedState(), { sparsity: 0.5, scope: 'global', layers: { conv1: 0.1 } });
    expect(kept(after)).toEqual([24, 162, 45]);
  });
  it('a rate of its own for the output layer is not halved', () => {
    expect(kept(run(trainedState(), { sparsity: 0.5, layers: { out: 0.9 } }))).toEqual([13, 162, 6]);
  });
  it('leaves exact zeros, biases as they were, and the rest bit for bit', () => {
    const before = trainedState();
    const after = run(before, { sparsity: 0.9 });
    for (const name of kernelNames(smallArch)) {
      after.tensors[name].forEach((w, i) => {
        expect(Object.is(w, after.masks[name][i] === 1 ? before.tensors[name][i] : 0)).toBe(true);
      });
    }
    expect(after.tensors['fc1/bias']).toBe(before.tensors['fc1/bias']);
  });
  it('sparsity 0 changes nothing; 1 leaves half the output layer', () => {
    const state = trainedState();
    expect(run(state, { sparsity: 0 })).toBe(state);
    expect(kept(run(state, { sparsity: 1 }))).toEqual([0, 0, 30]);
  });
  it('never goes back: a second, weaker pruning counts from the survivors', () => {
    const once = run(trainedState(), { sparsity: 0.9 });
    const twice = run(once, { sparsity: 0.1 });
    for (const name of kernelNames(smallArch)) {
      twice.masks[name].forEach((m, i) => {
        expect(m).toBeLessThanOrEqual(once.masks[name][i]);
      });
    }
    expect(kept(twice)).toEqual([3 - 0, 32 - 3, 33 - 2]);
  });
  it('refuses an unknown layer and a network that has diverged', () => {
    expect(() => run(trainedState(), { layers: { fc9: 0.5 } })).toThrow(/with.layers.fc9.*conv1, fc1, out/);
    const state = trainedState();
    const tensors = { ...state.tensors, 'fc1/kernel': new Float32Array(324).fill(Number.NaN) };
    expect(() => run({ ...state, tensors }, {})).toThrow(/finite/);
  });
});

/** Why a global ranking is no layer-wise one: layers begin at different scales, and nothing else is needed. */
import { describe, expect, it } from 'vitest';
import { context } from '../methods/fixtures';
import { prune } from '../methods/prune';
import { survivors } from '../methods/select';
import { kernelName, kernelSize, weightLayers } from '../models/build';
import { lenet300 } from '../models/lenet-300-100';
import type { NetState } from '../models/types';
import { withDefaults } from '../spec/defaults';
import { glorot, initialState, methodContext } from './state';

const arch = lenet300.build([28, 28, 1], 10);
const layers = weightLayers(arch);
const start = initialState(arch, { init: 5, order: 1, method: 1 }, 0);
const run = (state: NetState, values: Partial<Parameters<typeof prune.apply>[1]>) =>
  prune.apply(state, withDefaults(prune.params, { outputHalf: false, ...values }), context(arch));
const densities = (state: NetState) =>
  layers.map((layer) => survivors(state.masks[kernelName(layer)], kernelSize(layer)) / kernelSize(layer));

/** P(|z| > x) of a standard normal, by Simpson's rule. */
function tail(x: number): number {
  const [n, end] = [400, 9];
  const h = (end - x) / n;
  const f = (z: number) => Math.exp((-z * z) / 2);
  let sum = f(x) + f(end);
  for (let i = 1; i < n; i++) sum += (i % 2 ? 4 : 2) * f(x + i * h);
  return (2 * ((sum * h) / 3)) / Math.sqrt(2 * Math.PI);
}
/** Densities at which one threshold leaves this share of N(0, sigma) weights, by bisection. */
function predicted(share: number): number[] {
  const total = layers.reduce((sum, layer) => sum + kernelSize(layer), 0);
  const left = (t: number) =>
    layers.reduce((sum, layer) => sum + kernelSize(layer) * tail(t / glorot(layer)), 0) / total;
  let [low, high] = [0, 1];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (left(middle) > share) low = middle;
    else high = middle;
  }
  return layers.map((layer) => tail(low / glorot(layer)));
}

describe('global pruning of LeNet-300-100 as it begins', () => {
  it('the scales are those of the published initialization', () => {
    expect(layers.map((layer) => glorot(layer).toFixed(3))).toEqual(['0.043', '0.071', '0.135']);
  });
  it.each([0.1, 0.2, 0.5])(
    'at %f of the weights it leaves what the scales of the layers predict',
    (share) => {
      const found = densities(run(start, { scope: 'global', sparsity: 1 - share }));
      const wanted = predicted(share);
      layers.forEach((layer, i) => {
        // Four standard deviations of a binomial count.
        const spread = 4 * Math.sqrt((wanted[i] * (1 - wanted[i])) / kernelSize(layer));
        expect([layer.name, Math.abs(found[i] - wanted[i]) < spread]).toEqual([layer.name, true]);
      });
      expect(found[0]).toBeLessThan(found[1]);
      expect(found[1]).toBeLessThan(found[2]);
    },
  );
  it('at random it leaves the same share everywhere', () => {
    const found = densities(run(start, { scope: 'global', sparsity: 0.9, criterion: 'random' }));
    layers.forEach((layer, i) => {
      expect(Math.abs(found[i] - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / kernelSize(layer)));
    });
  });
  it('layers of one size each (signed constants) are all ties: still exactly k, and by index', () => {
    const tensors = Object.fromEntries(
      Object.entries(start.tensors).map(([name, t]) => [name, t.map((w) => (w < 0 ? -0.5 : 0.5))]),
    );
    const state = run({ ...start, tensors }, { sparsity: 0.9 });
    for (const layer of layers) {
      const mask = state.masks[kernelName(layer)];
      const gone = Math.round(0.9 * mask.length);
      expect(survivors(mask, mask.length)).toBe(mask.length - gone);
      expect(mask.indexOf(1)).toBe(gone);
    }
  });
});

describe('random', () => {
  it('is the same for one seed and another for another, and layers draw for themselves', () => {
    const seeded = (method: number) => {
      const { uniform } = methodContext(arch, { init: 1, order: 1, method }, 0);
      const values = withDefaults(prune.params, { criterion: 'random', sparsity: 0.5 });
      return prune.apply(start, values, { ...context(arch), uniform }).masks;
    };
    expect(seeded(3)).toEqual(seeded(3));
    expect(seeded(3)).not.toEqual(seeded(4));
    const one = seeded(3);
    const head = one['fc2/kernel'].length;
    expect(one['fc1/kernel'].subarray(0, head)).not.toEqual(one['fc2/kernel']);
  });
});

import { describe, expect, it } from 'vitest';
import { lenet, smallArch } from '../methods/fixtures';
import { methodById } from '../methods/registry';
import type { LiveMethod } from '../methods/types';
import { weightLayers } from '../models/build';
import { modelById } from '../models/registry';
import { effective, glorot, initialState, methodContext } from './state';

const seeds = { init: 1, order: 2, method: 3 };

describe('initialState', () => {
  it('is Glorot normal with zero biases, and is its own start', () => {
    const state = initialState(lenet, seeds, 0);
    for (const layer of weightLayers(lenet)) {
      const kernel = state.tensors[`${layer.name}/kernel`];
      const deviation = Math.sqrt(kernel.reduce((sum, w) => sum + w * w, 0) / kernel.length);
      const wanted = glorot(layer);
      expect(Math.abs(deviation / wanted - 1)).toBeLessThan(5 / Math.sqrt(2 * kernel.length));
      expect(state.tensors[`${layer.name}/bias`].every((b) => b === 0)).toBe(true);
    }
    expect(state.start).toEqual(state.tensors);
    expect(state).toMatchObject({ masks: {}, quant: {}, trainings: 0, steps: 0 });
  });
  it('fans are those of the literature; a convolution counts its kernel area', () => {
    expect(weightLayers(lenet).map((l) => glorot(l).toFixed(3))).toEqual(['0.043', '0.071', '0.135']);
    const conv2 = weightLayers(modelById('lenet-5').build([28, 28, 1], 10))[1];
    expect(glorot(conv2)).toBeCloseTo(Math.sqrt(2 / (25 * 20 + 25 * 50)), 12);
  });
  it('depends on the init seed and the replicate and on no other seed', () => {
    const kernel = (s: typeof seeds, replicate: number) =>
      initialState(smallArch, s, replicate).tensors['fc1/kernel'];
    const base = kernel(seeds, 0);
    expect(kernel({ ...seeds, order: 9, method: 9 }, 0)).toEqual(base);
    expect(kernel({ ...seeds, init: 9 }, 0)).not.toEqual(base);
    expect(kernel(seeds, 1)).not.toEqual(base);
  });
});

describe('methodContext', () => {
  it('redraws the same distribution, anew for every draw, seed and replicate', () => {
    const draw = (n: number, s = seeds, replicate = 0) =>
      methodContext(smallArch, s, replicate).redraw(n)['fc1/kernel'].join();
    const all = [
      draw(0),
      draw(1),
      draw(0, { ...seeds, method: 9 }),
      draw(0, seeds, 1),
      initialState(smallArch, seeds, 0).tensors['fc1/kernel'].join(),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(draw(0)).toBe(all[0]);
  });
});

it('prune, then rewind of an untrained network gives back its own weights where kept', () => {
  const begin = initialState(smallArch, seeds, 0);
  const context = methodContext(smallArch, seeds, 0);
  const on = (id: string, values: object, state: typeof begin) =>
    (methodById(id) as LiveMethod).apply(state, values as never, context);
  const pruned = on(
    'prune',
    { sparsity: 0.5, scope: 'layer', outputHalf: true, layers: {}, criterion: 'magnitude' },
    begin,
  );
  const moved = {
    ...pruned,
    tensors: Object.fromEntries(Object.entries(pruned.tensors).map(([n, t]) => [n, t.map((x) => x + 1)])),
  };
  expect(on('rewind', {}, moved).tensors).toEqual(pruned.tensors);
});

describe('effective', () => {
  it('masks whatever the latent weights are, and quantizes', () => {
    const state = initialState(smallArch, seeds, 0);
    const mask = new Uint8Array(324).fill(1);
    mask[7] = 0;
    const spec = { bits: 1, scheme: 'affine', granularity: 'tensor' } as const;
    const masked = effective(smallArch, { ...state, masks: { 'fc1/kernel': mask } });
    expect(masked['fc1/kernel'][7]).toBe(0);
    expect(masked['fc1/kernel'][8]).toBe(state.tensors['fc1/kernel'][8]);
    const binary = effective(smallArch, {
      ...state,
      masks: { 'fc1/kernel': mask },
      quant: { 'fc1/kernel': spec },
    });
    expect(new Set(binary['fc1/kernel'].map(Math.abs)).size).toBe(2);
    expect(binary['fc1/bias']).toBe(state.tensors['fc1/bias']);
  });
});

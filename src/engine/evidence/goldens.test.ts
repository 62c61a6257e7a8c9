/** Gradients and scores against PyTorch (goldens/make.py), and against differences of the loss. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TrainExamples } from '../../datasets/types';
import { criterionById } from '../../methods/criteria/registry';
import { contextWith } from '../../methods/fixtures';
import { prune } from '../../methods/prune';
import { batchnorm, conv, dense, depthwise, kernelName, network, weightLayers } from '../../models/build';
import { tensorsOf } from '../../models/tensors';
import type { Arch, NetState, Tensors } from '../../models/types';
import { withDefaults } from '../../spec/defaults';
import { methodContext } from '../state';
import { gather } from './gather';
import { trace } from './reference';
import { dataOf, hashedImages, imageOf } from './testing/images';

type Table = Record<string, number[]>;
const golden: Record<'gradient' | 'gradientSize' | 'gradientSquare' | 'snip', Table> & { images: number } =
  JSON.parse(readFileSync(new URL('./goldens/pytorch.json', import.meta.url), 'utf8'));
const IMAGES = golden.images;

/** As make.py draws. */
function uniform(seed: number, n: number): number[] {
  let state = Number((BigInt(seed) * 2654435761n) % 2n ** 32n);
  return Array.from({ length: n }, () => {
    state = Number((BigInt(state) * 1664525n + 1013904223n) % 2n ** 32n);
    return state / 2 ** 32;
  });
}
const arch = network(
  [5, 5, 2],
  [
    conv('conv1', {
      ...{ filters: 4, kernel: 3, stride: 2, padding: 'same' as const, bias: false },
      activation: 'linear',
    }),
    batchnorm('bn1'),
    depthwise('dw', { kernel: 3, padding: 'same' }),
    dense('fc1', 6),
    dense('out', 3, 'linear'),
  ],
);
const stateOf = (a: Arch, tensors: Tensors): NetState => ({
  ...{ arch: a, tensors, masks: {}, quant: {}, start: tensors, trainings: 1, steps: 1 },
});
const state = stateOf(
  arch,
  Object.fromEntries(
    tensorsOf(arch).map(({ name, length, role }, i) => {
      const values = uniform(i + 1, length).map((u) => (role === 'variance' ? u + 0.2 : 2 * u - 1));
      return [name, Float32Array.from(values)];
    }),
  ),
);
const examples: TrainExamples = {
  ...{ split: 'train', count: IMAGES, total: IMAGES, shape: [5, 5, 2], scale: 1 / 128, shift: -1 },
  pixels: Uint8Array.from(uniform(101, IMAGES * 50), (u) => Math.floor(256 * u)),
  labels: Uint8Array.from(uniform(102, IMAGES), (u) => Math.floor(3 * u)),
};
const kinds = ['gradient', 'gradientSize', 'gradientSquare'] as const;
const measure = async (s: NetState, images: TrainExamples) => {
  const found = await gather(s, kinds, images.total, dataOf(images), async () => {});
  return Object.fromEntries(kinds.map((kind, i) => [kind, found[i] as Tensors]));
};

function expectNear(found: ArrayLike<number>, wanted: ArrayLike<number>, rel: number): void {
  const most = Math.max(...Array.from(wanted, Math.abs));
  expect(most).toBeGreaterThan(0);
  expect(found.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    expect(Math.abs(found[i] - wanted[i])).toBeLessThanOrEqual(rel * most);
  }
}

describe('PyTorch', () => {
  it.each(kinds)(
    '%s of a convolution with stride, a batch norm, depthwise and dense layers',
    async (kind) => {
      const found = (await measure(state, examples))[kind];
      expect(Object.keys(found).sort()).toEqual(Object.keys(golden[kind]).sort());
      for (const [name, values] of Object.entries(golden[kind])) expectNear(found[name], values, 1e-5);
    },
  );
  it('scores of SNIP, which add up to 1', async () => {
    const context = { ...contextWith(await measure(state, examples)), images: IMAGES };
    let sum = 0;
    for (const layer of weightLayers(arch)) {
      const scores = criterionById('snip').score(state, layer, context);
      expectNear(scores, golden.snip[kernelName(layer)], 1e-5);
      sum += scores.reduce((a, b) => a + b, 0);
    }
    expect(sum).toBeCloseTo(1, 5);
  });
});

describe('Optimal Brain Damage', () => {
  it('has the mean of squared differences of the loss of each image, not the square of the mean', async () => {
    const found = await measure(state, examples);
    const { tensors } = state;
    for (const layer of weightLayers(arch)) {
      const name = kernelName(layer);
      for (let w = 0; w < tensors[name].length; w += 5) {
        const slopes = Array.from({ length: IMAGES }, (_, i) => {
          const loss = (by: number) => {
            const kernel = Float64Array.from(tensors[name]);
            kernel[w] += by;
            return trace(arch, { ...tensors, [name]: kernel }, imageOf(examples, i), examples.labels[i]).loss;
          };
          return (loss(1e-6) - loss(-1e-6)) / 2e-6;
        });
        const square = slopes.reduce((sum, g) => sum + g * g, 0) / IMAGES;
        expect(Math.abs(found.gradientSquare[name][w] - square)).toBeLessThan(1e-4 * square + 1e-7);
      }
    }
    // At a minimum the difference is everything; here it is not small either.
    const of = (t: Tensors, f: (v: number) => number) => t['fc1/kernel'].reduce((sum, v) => sum + f(v), 0);
    expect(of(found.gradientSquare, (v) => v)).toBeGreaterThan(1.5 * of(found.gradient, (v) => v * v));
  });

  /**
   * Where the labels occur as often as the network says, the empirical Fisher matrix is the true one, and for a linear
   * model that is the Hessian: here with zero weights and every image under every label.
   */
  it('predicts the rise of the loss, to second order', async () => {
    const linear = network([2, 2, 1], [dense('out', 3, 'linear')]);
    const tensors = { 'out/kernel': new Float32Array(12), 'out/bias': new Float32Array(3) };
    const once = hashedImages([2, 2, 1], 3, 5);
    const every: TrainExamples = {
      ...{ ...once, count: 15, total: 15 },
      pixels: Uint8Array.from({ length: 60 }, (_, i) => once.pixels[i % 20]),
      labels: Uint8Array.from({ length: 15 }, (_, i) => Math.floor(i / 5)),
    };
    const { gradientSquare } = await measure(stateOf(linear, tensors), every);
    const loss = (w: number, by: number) => {
      const kernel = new Float64Array(12);
      kernel[w] = by;
      const all = Array.from({ length: 15 }, (_, i) =>
        trace(linear, { ...tensors, 'out/kernel': kernel }, imageOf(every, i), every.labels[i]),
      );
      return all.reduce((sum, t) => sum + t.loss / 15, 0);
    };
    for (let w = 0; w < 12; w++) {
      const step = 1e-2;
      const rise = (loss(w, step) + loss(w, -step)) / 2 - loss(w, 0);
      expect(0.5 * gradientSquare['out/kernel'][w] * step ** 2).toBeCloseTo(rise, 8);
    }
  });
});

describe('scores of exactly zero', () => {
  /** Half of the inputs are never on. */
  const mlp = network([4, 4, 1], [dense('fc', 10), dense('out', 3, 'linear')]);
  const tensors: Tensors = {
    ...Object.fromEntries(
      tensorsOf(mlp).map(({ name, length }, i) => [
        name,
        Float32Array.from(uniform(40 + i, length), (u) => u - 0.5),
      ]),
    ),
    // No unit is dead.
    'fc/bias': new Float32Array(10).fill(5),
  };
  const dark: TrainExamples = {
    ...hashedImages([4, 4, 1], 3, 30),
    ...{ scale: 1 / 256, shift: 0 },
    pixels: Uint8Array.from(uniform(50, 480), (u, i) => (i % 16 < 8 ? 0 : Math.floor(256 * u))),
  };
  const rowsAt = async (sparsity: number, seed: number) => {
    const s = stateOf(mlp, tensors);
    const values = withDefaults(prune.params, { criterion: 'taylor', sparsity }) as never;
    const known = await measure(s, dark);
    const { uniform: draws } = methodContext(mlp, { init: 1, order: 1, method: seed }, 0);
    const { masks } = prune.apply(s, values, { ...contextWith(known, mlp), uniform: draws });
    const mask = masks['fc/kernel'];
    const rows = Array.from({ length: 16 }, (_, r) => mask.subarray(r * 10, (r + 1) * 10));
    return { mask, rows: rows.map((row) => row.reduce((a, b) => a + b, 0)) };
  };
  it('go by a draw of the method seed: rows thin out, all of them, before anything else does', async () => {
    const { rows, mask } = await rowsAt(0.25, 7);
    expect(rows.slice(0, 8).reduce((a, b) => a + b, 0)).toBe(40);
    expect(Math.max(...rows.slice(0, 8))).toBeLessThan(10);
    expect(Math.min(...rows.slice(0, 8))).toBeGreaterThan(0);
    expect(rows.slice(8)).toEqual(Array(8).fill(10));
    expect((await rowsAt(0.25, 7)).mask).toEqual(mask);
    expect((await rowsAt(0.25, 8)).mask).not.toEqual(mask);
  });
  it('go in one order: a slider moved further takes more of the same', async () => {
    const [less, more] = [(await rowsAt(0.2, 7)).mask, (await rowsAt(0.4, 7)).mask];
    less.forEach((kept, i) => {
      if (kept === 0) expect(more[i]).toBe(0);
    });
  });
});

import { describe, expect, it } from 'vitest';
import {
  add,
  dense,
  from,
  kernelShape,
  macs,
  network,
  outputLayer,
  sourcesOf,
  weightCount,
  weightLayers,
} from '../models/build';
import type { Arch } from '../models/types';
import { withDefaults } from '../spec/defaults';
import { factorize, factors } from './factorize';
import { effectiveKernel } from './fake-quant';
import { context, lenet, smallArch, trainedState } from './fixtures';
import golden from './goldens/svd.json';
import { prune } from './prune';
import { rankForEnergy, spectrum, svd } from './svd';

const values = { rank: 4, by: 'rank', energy: 0.9, layers: ['fc1'] } as const;
const run = (state = trainedState(), over: Partial<Parameters<typeof factorize.apply>[1]> = {}) =>
  factorize.apply(state, { ...values, ...over }, context());

function product(u: Float32Array, v: Float32Array, rows: number, rank: number, cols: number): Float64Array {
  const out = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < rank; j++)
      for (let k = 0; k < cols; k++) out[i * cols + k] += u[i * rank + j] * v[j * cols + k];
  return out;
}
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.sqrt(Array.from(a).reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0));

describe.each(golden)('SVD against NumPy: $name', (g) => {
  const kernel = Float32Array.from(g.kernel);
  const scale = g.values[0];
  it('singular values and energy', () => {
    const found = spectrum(kernel, g.rows, g.cols);
    expect(found.values.length).toBe(g.values.length);
    found.values.forEach((s, i) => {
      expect(Math.abs(s - g.values[i]) / scale).toBeLessThan(1e-7);
      expect(found.energy[i]).toBeCloseTo(g.energy[i], 9);
    });
  });
  it('reconstruction error of every rank, from float32 factors', () => {
    g.errors.forEach((error, i) => {
      const { u, v } = factors(kernel, g.rows, g.cols, i + 1);
      const off = distance(product(u, v, g.rows, i + 1, g.cols), kernel);
      expect(Math.abs(off - error) / scale).toBeLessThan(1e-5);
    });
  });
});

describe('factorize', () => {
  it('replaces a layer by two thin ones: linear without bias, then bias and activation', () => {
    const before = trainedState();
    const state = run(before);
    expect(weightLayers(state.arch).map((l) => [l.name, ...kernelShape(l)])).toEqual([
      ['conv1', 3, 3, 1, 3],
      ['fc1.u', 27, 4],
      ['fc1.v', 4, 12],
      ['out', 12, 5],
    ]);
    expect(state.arch.layers[2]).toMatchObject({ bias: false, activation: 'linear' });
    expect(state.arch.layers[3]).toMatchObject({ bias: true, activation: 'relu' });
    expect(Object.keys(state.tensors).sort()).toEqual(
      [
        'conv1/bias',
        'conv1/kernel',
        'fc1.u/kernel',
        'fc1.v/bias',
        'fc1.v/kernel',
        'out/bias',
        'out/kernel',
      ].sort(),
    );
    expect(state.tensors['fc1.v/bias']).toBe(
      trainedState().tensors['fc1/bias'] && state.tensors['fc1.v/bias'],
    );
    expect(macs(state.arch)).toBe(macs(smallArch) - 27 * 12 + 4 * (27 + 12));
  });
  it('counts as the arithmetic says for LeNet-300-100 at rank 50', () => {
    const state = factorize.apply(trainedState(lenet), { ...values, rank: 50 }, context(lenet));
    expect(weightCount(state.arch)).toBe(266_200 - 235_200 + 54_200);
  });
  it('splits the singular values evenly: both factors have the same column energies', () => {
    const { u, v } = factors(trainedState().tensors['fc1/kernel'], 27, 12, 3);
    for (let j = 0; j < 3; j++) {
      const left = Array.from({ length: 27 }, (_, i) => u[i * 3 + j] ** 2).reduce((a, b) => a + b);
      const right = Array.from({ length: 12 }, (_, i) => v[j * 12 + i] ** 2).reduce((a, b) => a + b);
      expect(left).toBeCloseTo(right, 4);
    }
  });
  it('clips the rank to the full one, where the product is the kernel again', () => {
    const before = trainedState();
    const state = run(before, { rank: 500 });
    const [u, v] = [state.tensors['fc1.u/kernel'], state.tensors['fc1.v/kernel']];
    expect(u.length).toBe(27 * 12);
    expect(distance(product(u, v, 27, 12, 12), before.tensors['fc1/kernel'])).toBeLessThan(1e-5);
  });
  it('by energy takes the smallest rank that keeps enough', () => {
    const kernel = trainedState().tensors['fc1/kernel'];
    const spec = spectrum(kernel, 27, 12);
    const rank = rankForEnergy(spec, 0.8);
    expect(spec.energy[rank - 1]).toBeGreaterThanOrEqual(0.8);
    expect(rank === 1 || spec.energy[rank - 2] < 0.8).toBe(true);
    expect(run(undefined, { by: 'energy', energy: 0.8 }).tensors['fc1.u/kernel'].length).toBe(27 * rank);
    expect(rankForEnergy(spectrum(new Float32Array(6), 3, 2), 0.9)).toBe(1);
  });
  it('starts from what was executed: masks and quantization are in the product, then gone', () => {
    const pruned = prune.apply(trainedState(), withDefaults(prune.params, { sparsity: 0.7 }), context());
    const spec = { bits: 4, scheme: 'affine', granularity: 'channel' } as const;
    const before = { ...pruned, quant: { 'fc1/kernel': spec, 'out/kernel': spec } };
    const after = run(before, { rank: 12 });
    const executed = effectiveKernel(before, weightLayers(smallArch)[1]);
    const whole = product(after.tensors['fc1.u/kernel'], after.tensors['fc1.v/kernel'], 27, 12, 12);
    expect(distance(whole, executed)).toBeLessThan(1e-5);
    expect(Object.keys(after.masks).sort()).toEqual(['conv1/kernel', 'out/kernel']);
    expect(Object.keys(after.quant)).toEqual(['out/kernel']);
    expect(Object.keys(after.start)).not.toContain('fc1/bias');
  });
  it('pruning afterwards prunes the thin layers, and both halves of the output count as output', () => {
    const state = run(undefined, { layers: ['fc1', 'out'], rank: 2 });
    const after = prune.apply(state, withDefaults(prune.params, { sparsity: 0.5 }), context(state.arch));
    const gone = (name: string) => after.masks[name].filter((m) => m === 0).length;
    expect([gone('fc1.u/kernel'), gone('fc1.v/kernel')]).toEqual([27, 12]);
    expect([gone('out.u/kernel'), gone('out.v/kernel')]).toEqual([6, 3]);
  });
  it('no layer named means every dense one; others are refused by name', () => {
    expect(run(undefined, { layers: [] }).arch.layers.map((l) => l.name)).toEqual([
      'conv1',
      'pool1',
      'fc1.u',
      'fc1.v',
      'out.u',
      'out.v',
    ]);
    expect(() => run(undefined, { layers: ['conv1'] })).toThrow(/with.layers.conv1.*fc1, out/);
    expect(() => run(run())).toThrow(/fc1 is already factorized/);
  });
  it('decomposes a kernel once', () => {
    const kernel = trainedState().tensors['fc1/kernel'];
    expect(svd(kernel, 27, 12)).toBe(svd(kernel, 27, 12));
  });
});

describe('factorize in a graph', () => {
  /** fc1 is read by the layer behind it, named by two others, and fed from further back itself. */
  const arch = network(
    [2, 2, 2],
    [
      dense('a', 6),
      dense('b', 6),
      from('a', dense('fc1', 6)),
      dense('c', 6),
      add('sum', 'fc1'),
      from('fc1', dense('d', 6)),
      add('both', 'sum'),
      dense('out', 3, 'linear'),
    ],
  );
  const state = run(trainedState(arch), { rank: 6, layers: ['fc1'] });
  const layer = (name: string) => state.arch.layers.find((l) => l.name === name);
  it('who named the layer now names its end; where it was fed from feeds its beginning', () => {
    expect(state.arch.layers.map((l) => l.name)).toEqual(
      arch.layers.flatMap((l) => (l.name === 'fc1' ? ['fc1.u', 'fc1.v'] : [l.name])),
    );
    expect(layer('fc1.u')).toMatchObject({ from: 'a', in: 6, out: 6, activation: 'linear', bias: false });
    expect(layer('fc1.v')).not.toHaveProperty('from');
    expect(layer('sum')).toMatchObject({ with: 'fc1.v' });
    expect(layer('d')).toMatchObject({ from: 'fc1.v' });
    expect(layer('both')).toEqual(arch.layers.find((l) => l.name === 'both'));
    const sources = (a: Arch, name: string) =>
      sourcesOf(
        a,
        a.layers.findIndex((l) => l.name === name),
      );
    for (const name of ['a', 'b', 'both', 'out']) {
      expect(sources(state.arch, name)).toEqual(sources(arch, name));
    }
    expect(sources(state.arch, 'c')).toEqual(['fc1.v']);
    expect(outputLayer(state.arch)).toBe('out');
  });
  it('takes the last layer too, which stays the output layer', () => {
    const thin = run(trainedState(arch), { rank: 2, layers: [] });
    expect(outputLayer(thin.arch)).toBe('out');
    expect(thin.arch.layers.filter((l) => l.kind === 'dense')).toHaveLength(12);
    const pruned = prune.apply(thin, withDefaults(prune.params, { sparsity: 0.5 }), context(thin.arch));
    const zeros = (name: string) => pruned.masks[`${name}/kernel`].filter((m) => m === 0).length;
    expect(['d.u', 'out.u', 'out.v'].map(zeros)).toEqual([6, 3, 2]);
  });
});

import { describe, expect, it } from 'vitest';
import { kernelShape, macs, weightCount, weightLayers } from '../models/build';
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
    const pruned = prune.apply(
      trainedState(),
      { sparsity: 0.7, scope: 'layer', outputHalf: true, layers: {}, criterion: 'magnitude' },
      context(),
    );
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
    const after = prune.apply(
      state,
      { sparsity: 0.5, scope: 'layer', outputHalf: true, layers: {}, criterion: 'magnitude' },
      context(state.arch),
    );
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

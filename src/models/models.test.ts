import { describe, expect, it } from 'vitest';
import {
  conv,
  dense,
  kernelNames,
  kernelShape,
  macs,
  network,
  outputLayer,
  weightCount,
  weightLayers,
} from './build';
import { modelById, models } from './registry';

const build = (id: string) => modelById(id).build([28, 28, 1], 10);

describe('models', () => {
  it('LeNet-300-100 has the 266,200 weights of the literature', () => {
    const arch = build('lenet-300-100');
    expect(weightCount(arch)).toBe(266_200);
    expect(kernelNames(arch)).toEqual(['fc1/kernel', 'fc2/kernel', 'out/kernel']);
    expect(macs(arch)).toBe(266_200);
    expect(outputLayer(arch)).toBe('out');
  });
  it('LeNet-5 (Caffe) has 430,500 weights and 2,293,000 MACs', () => {
    const arch = build('lenet-5');
    expect(weightCount(arch)).toBe(430_500);
    expect(weightLayers(arch).map(kernelShape)).toEqual([
      [5, 5, 1, 20],
      [5, 5, 20, 50],
      [800, 500],
      [500, 10],
    ]);
    expect(macs(arch)).toBe(24 * 24 * 500 + 8 * 8 * 25_000 + 400_000 + 5_000);
  });
  it('every model ends in linear logits, one per class, and names each layer once', () => {
    for (const model of models) {
      const { layers } = model.build([28, 28, 1], 7);
      const last = layers.at(-1)!;
      expect(last).toMatchObject({ kind: 'dense', out: 7, activation: 'linear' });
      expect(new Set(layers.map((l) => l.name)).size).toBe(layers.length);
    }
  });
  it('pads as TensorFlow does: 28 with kernel 5, stride 2, same → 14, one zero before and two after', () => {
    const arch = network([28, 28, 3], [conv('c', { filters: 4, kernel: 5, stride: 2, padding: 'same' })]);
    expect(arch.layers[0]).toMatchObject({ out: [14, 14, 4], pad: 1 });
  });
  it('refuses an image that is too small and an unknown model by name', () => {
    expect(() => modelById('lenet-5').build([8, 8, 1], 10)).toThrow(/conv2/);
    expect(() => modelById('lenet-6')).toThrow(/lenet-300-100, lenet-5, got lenet-6/);
    expect(() => network([1, 1, 4], [dense('a', 2), dense('a', 2)])).toThrow(/a twice/);
  });
});

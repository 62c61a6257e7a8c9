import { describe, expect, it } from 'vitest';
import {
  conv,
  dense,
  kernelNames,
  kernelShape,
  macs,
  network,
  outputLayer,
  outputSize,
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
  it.each([
    ['conv-2', 4_300_992, [3, 64]],
    ['conv-4', 2_425_024, [3, 64, 64, 128]],
    ['conv-6', 2_261_184, [3, 64, 64, 128, 128, 256]],
  ])(
    '%s has %i weights on CIFAR-10: same 3 x 3 convolutions, halved behind each pair',
    (id, count, inputs) => {
      const arch = modelById(id).build([32, 32, 3], 10);
      expect(weightCount(arch)).toBe(count);
      const convs = arch.layers.filter((l) => l.kind === 'conv');
      expect(convs.map((l) => l.in[2])).toEqual(inputs);
      for (const l of convs)
        expect([l.kernel, l.stride, l.pad, l.out[0], l.out[1]]).toEqual([3, 1, 1, l.in[0], l.in[1]]);
      const pools = arch.layers.filter((l) => l.kind === 'maxpool');
      expect(pools.map((l) => outputSize(l)[0])).toEqual([16, 8, 4].slice(0, convs.length / 2));
      expect(
        weightLayers(arch)
          .slice(-3)
          .map((l) => l.out),
      ).toEqual([256, 256, 10]);
    },
  );
  it('every model takes colour images of 32 x 32 and grey ones of 28 x 28', () => {
    for (const model of models) {
      for (const input of [
        [28, 28, 1],
        [32, 32, 3],
      ] as const)
        expect(model.build(input, 10).layers.at(-1)).toMatchObject({ kind: 'dense', name: 'out', out: 10 });
    }
    const [lenet300, lenet5] = ['lenet-300-100', 'lenet-5'].map((id) => modelById(id).build([32, 32, 3], 10));
    expect(weightCount(lenet300)).toBe(3072 * 300 + 300 * 100 + 100 * 10);
    expect(weightCount(lenet5)).toBe(5 * 5 * (3 * 20 + 20 * 50) + 5 * 5 * 50 * 500 + 500 * 10);
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
    expect(() => modelById('lenet-6')).toThrow(
      /lenet-300-100, lenet-5, conv-2, .*mlp-<units>-.*1 to 8 .* 1 to 4096 units\), got lenet-6/,
    );
    expect(() => network([1, 1, 4], [dense('a', 2), dense('a', 2)])).toThrow(/a twice/);
  });
});

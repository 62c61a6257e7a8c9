/** Residual, separable and free-size networks: counted by hand, wired as in the papers. */
import { describe, expect, it } from 'vitest';
import { kernelShape, macs, network, outputLayer, sourcesOf, weightCount, weightLayers } from './build';
import { mlpId, mlpWidths } from './mlp';
import { findModel, modelById } from './registry';
import { tensorsOf } from './tensors';
import type { Arch } from './types';

const cifar = (id: string) => modelById(id).build([32, 32, 3], 10);
const mnist = (id: string) => modelById(id).build([28, 28, 1], 10);
const kinds = (arch: Arch, kind: string) => arch.layers.filter((l) => l.kind === kind);
const normValues = (arch: Arch) =>
  tensorsOf(arch).reduce((sum, t) => sum + (t.role === 'gamma' || t.role === 'beta' ? t.length : 0), 0);

describe('residual networks', () => {
  /** Weights of a stage: n blocks of two 3 x 3 convolutions, the first from `from` filters, and a 1 x 1 shortcut. */
  const stage = (from: number, to: number, n: number) =>
    9 * from * to + 9 * to * to * (2 * n - 1) + (from === to ? 0 : from * to);
  it.each([
    ['resnet-8', 1, 77_360],
    ['resnet-20', 3, 270_896],
  ])('%s has %i blocks per stage and the weights of its arithmetic', (id, n, weights) => {
    const arch = cifar(id);
    const byHand = 9 * 3 * 16 + stage(16, 16, n) + stage(16, 32, n) + stage(32, 64, n) + 640;
    expect(byHand).toBe(weights);
    expect(weightCount(arch)).toBe(weights);
    // Without the two projections: what the paper's own shortcuts leave.
    expect(weights - (16 * 32 + 32 * 64)).toBe(n === 3 ? 268_336 : 74_800);
    expect(kinds(arch, 'add')).toHaveLength(3 * n);
    expect(kinds(arch, 'conv')).toHaveLength(1 + 6 * n + 2);
    expect(kinds(arch, 'batchnorm')).toHaveLength(kinds(arch, 'conv').length);
    // gamma and beta of every filter.
    expect(normValues(arch)).toBe(2 * (16 + 2 * n * (16 + 32 + 64) + 32 + 64));
    expect(outputLayer(arch)).toBe('out');
  });
  it('ResNet-8 does 12,501,632 multiply-accumulates on 32 x 32 x 3', () => {
    const full = 432 + stage(16, 16, 1);
    expect(macs(cifar('resnet-8'))).toBe(1024 * full + 256 * stage(16, 32, 1) + 64 * stage(32, 64, 1) + 640);
    expect(macs(cifar('resnet-8'))).toBe(12_501_632);
  });
  it('biases are in the last layer alone, which a batch norm follows nowhere', () => {
    for (const id of ['resnet-8', 'resnet-20', 'mobilenet-tiny']) {
      const arch = cifar(id);
      expect(weightLayers(arch).map((l) => l.bias)).toEqual(weightLayers(arch).map((l) => l.name === 'out'));
      const next = arch.layers.map((l, i) => [l.kind, arch.layers[i + 1]?.kind]);
      for (const [kind, after] of next) {
        if (kind === 'conv' || kind === 'depthwise') expect(after).toBe('batchnorm');
      }
    }
  });
  it('add what came into the block to what its second norm gives, and halve the image twice', () => {
    const arch = cifar('resnet-8');
    const sums = arch.layers.flatMap((l, i) => (l.kind === 'add' ? [sourcesOf(arch, i)] : []));
    expect(sums).toEqual([
      ['s1b1.2.bn', 'conv1.bn'],
      ['s2b1.2.bn', 's2b1.p.bn'],
      ['s3b1.2.bn', 's3b1.p.bn'],
    ]);
    const source = (name: string) =>
      sourcesOf(
        arch,
        arch.layers.findIndex((l) => l.name === name),
      )[0];
    expect(['s2b1.p', 's2b1.1'].map(source)).toEqual(['s1b1.add', 's1b1.add']);
    const sizes = kinds(arch, 'add').map((l) => 'out' in l && l.out);
    expect(sizes).toEqual([
      [32, 32, 16],
      [16, 16, 32],
      [8, 8, 64],
    ]);
    // A linear end of the main path: relu comes behind the sum, as in the paper.
    const activation = (name: string) => arch.layers.find((l) => l.name === name);
    expect(activation('s1b1.2.bn')).toMatchObject({ activation: 'linear' });
    expect(activation('s1b1.add')).toMatchObject({ activation: 'relu' });
  });
});

describe('MobileNet (tiny)', () => {
  it('has one filter per channel, then 1 x 1 convolutions', () => {
    const pairs = [
      [16, 32],
      [32, 64],
      [64, 64],
      [64, 128],
      [128, 128],
    ];
    const separable = pairs.reduce((sum, [a, b]) => sum + 9 * a + a * b, 0);
    expect(weightCount(mnist('mobilenet-tiny'))).toBe(9 * 16 + separable + 1280);
    expect(weightCount(mnist('mobilenet-tiny'))).toBe(35_392);
    expect(weightCount(cifar('mobilenet-tiny'))).toBe(35_680);
    const layers = weightLayers(mnist('mobilenet-tiny')).slice(1, -1);
    expect(layers.map(kernelShape)).toEqual(
      pairs.flatMap(([a, b]) => [
        [3, 3, a],
        [1, 1, a, b],
      ]),
    );
    expect(layers.map((l) => l.kind !== 'dense' && l.out[0])).toEqual([28, 28, 14, 14, 14, 14, 7, 7, 7, 7]);
  });
});

describe('perceptrons of free size', () => {
  it('have the widths of their id', () => {
    const arch = mnist('mlp-512-7-4096');
    expect(weightLayers(arch).map(kernelShape)).toEqual([
      [784, 512],
      [512, 7],
      [7, 4096],
      [4096, 10],
    ]);
    expect(weightLayers(arch).map((l) => l.name)).toEqual(['fc1', 'fc2', 'fc3', 'out']);
    expect(weightCount(arch)).toBe(784 * 512 + 512 * 7 + 7 * 4096 + 40_960);
    expect(modelById('mlp-512-7-4096')).toMatchObject({ id: 'mlp-512-7-4096', name: 'MLP 512-7-4096' });
    expect(mnist('mlp-300-100')).toEqual(mnist('lenet-300-100'));
  });
  it.each([
    'mlp',
    'mlp-',
    'mlp-0',
    'mlp-10-0',
    'mlp-4097',
    'mlp-010',
    'mlp-1e3',
    'mlp--5',
    'mlp-5-',
    'mlp-5 ',
    'mlp-5\n',
    'MLP-5',
    'mlp-10000',
    'mlp-1-2-3-4-5-6-7-8-9',
  ])('refuse %j, saying what is allowed', (id) => {
    expect(mlpWidths(id)).toBeUndefined();
    expect(findModel(id)).toBeUndefined();
    expect(() => modelById(id)).toThrow(/^model: must be one of .*1 to 8 hidden layers of 1 to 4096 units/);
  });
  it('one id per network', () => {
    for (const widths of [[1], [4096], [3, 2, 1, 9, 8, 7, 6, 5]]) {
      expect(mlpId(widths)).toBe(`mlp-${widths.join('-')}`);
      expect(mlpWidths(mlpId(widths))).toEqual(widths);
    }
  });
});

it('names every tensor once, kernel before bias, gamma and beta before the statistics', () => {
  for (const id of ['lenet-5', 'resnet-8', 'mobilenet-tiny']) {
    const tensors = tensorsOf(cifar(id));
    expect(new Set(tensors.map((t) => t.name)).size).toBe(tensors.length);
  }
  const roles = (id: string) =>
    tensorsOf(cifar(id))
      .map((t) => t.role)
      .join(' ');
  const norm = 'kernel gamma beta mean variance';
  expect(roles('lenet-300-100')).toBe('kernel bias kernel bias kernel bias');
  expect(roles('mobilenet-tiny')).toBe(`${Array(11).fill(norm).join(' ')} kernel bias`);
  expect(tensorsOf(network([2, 2, 1], []))).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { WinnowError } from '../spec/problem';
import {
  add,
  batchnorm,
  conv,
  dense,
  depthwise,
  globalpool,
  macs,
  maxpool,
  network,
  weightLayers,
} from './build';
import { conv2 } from './conv-n';
import { lenet5 } from './lenet-5';
import { halved, type KeptUnits, rebuild } from './rebuild';
import { modelById } from './registry';
import { tensorsOf } from './tensors';
import type { Arch, Weights } from './types';

/** Every entry is its own index, so that it can be told where it came from. */
const numbered = (arch: Arch): Weights => ({
  tensors: Object.fromEntries(
    tensorsOf(arch).map(({ name, length }) => [name, Float32Array.from({ length }, (_, i) => i)]),
  ),
  masks: Object.fromEntries(
    tensorsOf(arch)
      .filter(({ role }) => role === 'kernel')
      .map(({ name, length }) => [name, Uint8Array.from({ length }, (_, i) => i % 2)]),
  ),
  quant: {},
});
const fits = (arch: Arch, { tensors, masks }: Weights) => {
  const lengths = (all: Record<string, { length: number }>) =>
    Object.fromEntries(Object.entries(all).map(([name, { length }]) => [name, length]));
  const all = tensorsOf(arch);
  expect(lengths(tensors)).toEqual(Object.fromEntries(all.map((t) => [t.name, t.length])));
  const kernels = all.filter(({ role }) => role === 'kernel');
  expect(lengths(masks)).toEqual(Object.fromEntries(kernels.map((t) => [t.name, t.length])));
};

describe('what is left of each tensor', () => {
  it('conv, norm, depthwise, pool, flatten, dense: by hand', () => {
    const arch = network(
      [4, 4, 1],
      [
        conv('c', { filters: 3, kernel: 1 }),
        batchnorm('n'),
        depthwise('d', { kernel: 2, stride: 2 }),
        maxpool('p', 1),
        dense('f', 2),
        dense('out', 2, 'linear'),
      ],
    );
    const weights = numbered(arch);
    const small = rebuild(arch, weights, { c: [2, 0], f: [1] });
    const of = (name: string) => [...small.tensors[name]];
    expect(of('c/kernel')).toEqual([0, 2]);
    expect(of('c/bias')).toEqual([0, 2]);
    for (const part of ['gamma', 'beta', 'mean', 'variance']) expect(of(`n/${part}`)).toEqual([0, 2]);
    expect(of('d/kernel')).toEqual([0, 2, 3, 5, 6, 8, 9, 11]);
    expect(of('d/bias')).toEqual([0, 2]);
    // Features are (y * 2 + x) * 3 + channel; of each the second of two columns.
    expect(of('f/kernel')).toEqual([0, 2, 3, 5, 6, 8, 9, 11].map((feature) => 2 * feature + 1));
    expect([...small.masks['f/kernel']]).toEqual(Array(8).fill(1));
    expect(of('out/kernel')).toEqual([2, 3]);
    expect(small.tensors['out/bias']).toBe(weights.tensors['out/bias']);
    expect(small.arch).toEqual(
      network(
        [4, 4, 1],
        [
          conv('c', { filters: 2, kernel: 1 }),
          batchnorm('n'),
          depthwise('d', { kernel: 2, stride: 2 }),
          maxpool('p', 1),
          dense('f', 1),
          dense('out', 2, 'linear'),
        ],
      ),
    );
    expect(small.masks['d/kernel']).toEqual(Uint8Array.from([0, 0, 1, 1, 0, 0, 1, 1]));
    fits(small.arch, small);
  });
  it('nothing taken out, nothing copied', () => {
    const arch = lenet5.build([28, 28, 1], 10);
    const weights = numbered(arch);
    const same = rebuild(arch, weights, { conv1: Array.from({ length: 20 }, (_, i) => 19 - i) });
    expect(same.arch).toEqual(arch);
    for (const name in weights.tensors) expect(same.tensors[name]).toBe(weights.tensors[name]);
  });
});

describe('halved', () => {
  it('LeNet-5 has the multiply-accumulates of 10, 25 and 250 units', () => {
    const arch = lenet5.build([28, 28, 1], 10);
    const small = halved(arch, numbered(arch));
    // 24 x 24 positions of 5 x 5 x 1 x 10; 8 x 8 of 5 x 5 x 10 x 25; 4 x 4 x 25 features.
    const byHand = 576 * 25 * 10 + 64 * 250 * 25 + 400 * 250 + 250 * 10;
    expect(macs(small.arch)).toBe(byHand);
    expect(byHand).toBe(646_500);
    expect(macs(arch)).toBe(576 * 25 * 20 + 64 * 500 * 50 + 800 * 500 + 500 * 10);
    fits(small.arch, small);
  });
  it('Conv-2 has the multiply-accumulates of 32, 32, 128 and 128 units', () => {
    const arch = conv2.build([32, 32, 3], 10);
    const small = halved(arch, numbered(arch));
    const byHand = 1024 * 27 * 32 + 1024 * 288 * 32 + 256 * 32 * 128 + 128 * 128 + 128 * 10;
    expect(macs(small.arch)).toBe(byHand);
    expect(byHand).toBe(11_388_160);
    fits(small.arch, small);
  });
  it('keeps what feeds sums: in resnet-8 the first convolution of each block alone shrinks', () => {
    const arch = modelById('resnet-8').build([8, 8, 3], 10);
    const small = halved(arch, numbered(arch));
    const before = weightLayers(arch);
    const shrunk = weightLayers(small.arch).filter((l, i) => String(l.out) !== String(before[i].out));
    expect(shrunk).toHaveLength(3);
    fits(small.arch, small);
  });
});

describe('refusals', () => {
  const arch = network(
    [4, 4, 2],
    [
      conv('a', { filters: 3, kernel: 1 }),
      conv('b', { filters: 3, kernel: 1 }),
      depthwise('d', { kernel: 1 }),
      add('s', 'a'),
      conv('c', { filters: 4, kernel: 1 }),
      conv('last', { filters: 5, kernel: 1, activation: 'linear' }),
      globalpool('mean'),
    ],
  );
  it.each<[string, KeptUnits, string]>([
    ['rebuild.layer', { x: [0] }, 'kept.x: x is no dense layer or convolution; layers that can shrink: c'],
    ['rebuild.layer', { d: [0] }, 'kept.d: d is no'],
    ['rebuild.layer', { s: [0] }, 'kept.s: s is no'],
    ['rebuild.sum', { a: [0] }, 'kept.a: a feeds the sum s'],
    ['rebuild.sum', { b: [0, 1] }, 'kept.b: b feeds the sum s'],
    ['rebuild.logits', { last: [0] }, 'kept.last: last gives the logits'],
    ['rebuild.empty', { c: [] }, 'kept.c: must name at least one unit'],
    ['rebuild.range', { c: [0, 4] }, 'got 4'],
    ['rebuild.range', { c: [-1] }, 'in [0, 3]'],
    ['rebuild.range', { c: [0.5] }, 'got 0.5'],
    ['rebuild.range', { c: [Number.NaN] }, 'got NaN'],
    ['rebuild.twice', { c: [1, 0, 1] }, 'got 1 twice'],
  ])('%s for %o', (code, kept, words) => {
    const weights = numbered(arch);
    const run = () => rebuild(arch, weights, kept);
    expect(run).toThrow(WinnowError);
    expect(run).toThrow(words);
    try {
      run();
    } catch (error) {
      expect((error as WinnowError).problem.code).toBe(code);
    }
  });
  it('a sum may be named with all units', () => {
    expect(rebuild(arch, numbered(arch), { a: [2, 1, 0], c: [3] }).arch.layers[4].out).toEqual([4, 4, 1]);
  });
});

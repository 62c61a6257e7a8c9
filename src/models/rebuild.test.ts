import { describe, expect, it } from 'vitest';
import { WinnowError } from '../spec/problem';
import { add, batchnorm, conv, dense, depthwise, globalpool, macs, maxpool, network } from './build';
import { conv2 } from './conv-n';
import { groupsOf } from './groups';
import { lenet5 } from './lenet-5';
import { maskUnits } from './mask-units';
import { halved, type KeptUnits, rebuild, rebuildState } from './rebuild';
import { modelById, models } from './registry';
import { tensorsOf } from './tensors';
import type { Arch, NetState, Weights } from './types';

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
  it('ResNet-8 has the multiply-accumulates of 8, 16 and 32 filters per stage', () => {
    const arch = modelById('resnet-8').build([32, 32, 3], 10);
    const small = halved(arch, numbered(arch));
    const block = (from: number, to: number) => 9 * (from * to + to * to) + (from === to ? 0 : from * to);
    const byHand = 1024 * (9 * 3 * 8 + block(8, 8)) + 256 * block(8, 16) + 64 * block(16, 32) + 32 * 10;
    expect(macs(small.arch)).toBe(byHand);
    fits(small.arch, small);
  });
  it.each(models.map((m) => m.id))('%s: every hidden group halves, and fits', (id) => {
    const arch = modelById(id).build([28, 28, 1], 10);
    const small = halved(arch, numbered(arch));
    for (const [i, { units, fixed }] of groupsOf(small.arch).groups.entries())
      expect(units).toBe(groupsOf(arch).groups[i].units / (fixed ? 1 : 2));
    fits(small.arch, small);
  });
});

describe('a point in a recipe', () => {
  it('keeps the initial weights of the units that stay, and counts what went', () => {
    const arch = lenet5.build([28, 28, 1], 10);
    const weights = numbered(arch);
    const start = Object.fromEntries(
      Object.entries(weights.tensors).map(([name, t]) => [name, t.map((v) => -v)]),
    );
    const state: NetState = { arch, ...weights, start, trainings: 2, steps: 7 };
    const once = rebuildState(state, { conv2: [3, 1], fc1: [4] });
    for (const [name, t] of Object.entries(once.tensors)) {
      expect(once.start[name].length).toBe(t.length);
      expect(t.every((v, i) => once.start[name][i] === -v)).toBe(true);
    }
    expect(once).toMatchObject({ trainings: 2, steps: 7 });
    // 25 x 20 per filter, 16 x 500 rows of fc1; then columns of what is left and rows of out.
    expect(once.removed).toBe(48 * 25 * 20 + (800 * 500 - 32 * 1) + 499 * 10);
    const twice = rebuildState(once, { conv1: [0] });
    expect(twice.removed).toBe((once.removed as number) + 19 * 25 + 19 * 25 * 2);
    const same = rebuildState(state, {});
    expect(same.arch).toEqual(arch);
    expect(same.removed).toBeUndefined();
    for (const name in state.start) expect(same.start[name]).toBe(state.start[name]);
  });
});

describe('refusals', () => {
  const arch = network(
    [4, 4, 2],
    [
      conv('z', { filters: 2, kernel: 1 }),
      add('y', 'input'),
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
    ['rebuild.layer', { x: [0] }, 'kept.x: x is no dense layer or convolution; groups that can shrink: a, c'],
    ['rebuild.layer', { d: [0] }, 'kept.d: d is no'],
    ['rebuild.layer', { s: [0] }, 'kept.s: s is no'],
    ['rebuild.coupled', { b: [0, 1] }, 'kept.b: the units of b go together with those of a: name a instead'],
    ['rebuild.image', { z: [0] }, 'kept.z: z is added to the image'],
    ['rebuild.logits', { last: [0] }, 'kept.last: last gives the logits'],
    ['rebuild.empty', { c: [] }, 'kept.c: must name at least one unit'],
    ['rebuild.range', { c: [0, 4] }, 'got 4'],
    ['rebuild.range', { c: [-1] }, 'in [0, 3]'],
    ['rebuild.range', { c: [0.5] }, 'got 0.5'],
    ['rebuild.range', { c: [Number.NaN] }, 'got NaN'],
    ['rebuild.twice', { c: [1, 0, 1] }, 'got 1 twice'],
  ])('%s for %o', (code, kept, words) => {
    const weights = numbered(arch);
    for (const run of [() => rebuild(arch, weights, kept), () => maskUnits({ arch, ...weights }, kept)]) {
      expect(run).toThrow(WinnowError);
      expect(run).toThrow(words);
      try {
        run();
      } catch (error) {
        expect((error as WinnowError).problem.code).toBe(code);
      }
    }
  });
  it('a group that is fixed may be named with all units', () => {
    const all = { z: [1, 0], last: [4, 3, 2, 1, 0] };
    expect(rebuild(arch, numbered(arch), all).arch).toEqual(arch);
    expect(rebuild(arch, numbered(arch), { ...all, c: [3] }).arch.layers[6].out).toEqual([4, 4, 1]);
  });
});

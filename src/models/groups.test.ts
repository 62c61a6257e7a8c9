import { describe, expect, it } from 'vitest';
import { maskedUnits } from './alive';
import {
  add,
  batchnorm,
  conv,
  dense,
  depthwise,
  from,
  globalpool,
  maxpool,
  network,
  thinNames,
  weightCount,
} from './build';
import { groupsOf, shrinkable } from './groups';
import { maskUnits } from './mask-units';
import { rebuild } from './rebuild';
import { modelById, models } from './registry';
import { tensorsOf } from './tensors';
import type { Arch, Weights } from './types';

const ones = (arch: Arch): Weights => ({
  tensors: Object.fromEntries(
    tensorsOf(arch).map(({ name, length }) => [name, new Float32Array(length).fill(1)]),
  ),
  masks: {},
  quant: {},
});
const brief = (arch: Arch) => groupsOf(arch).groups.map(({ id, units, fixed }) => [id, units, fixed]);

describe('groups', () => {
  it('a chain: one group per layer, the last one the classes', () => {
    const arch = modelById('lenet-5').build([28, 28, 1], 10);
    expect(brief(arch)).toEqual([
      ['conv1', 20, undefined],
      ['conv2', 50, undefined],
      ['fc1', 500, undefined],
      ['out', 10, 'logits'],
    ]);
    expect(groupsOf(arch).groups[1]).toMatchObject({ producers: ['conv2'], readers: ['fc1'], sums: [] });
    expect(groupsOf(arch).of('pool2')?.id).toBe('conv2');
    expect(groupsOf(arch).of('input')).toBeUndefined();
    expect(groupsOf(arch)).toBe(groupsOf(arch));
  });
  it('ResNet-20: a stage is one group, with all that ends in its sums; the middle of a block is its own', () => {
    const arch = modelById('resnet-20').build([32, 32, 3], 10);
    const of = new Map(groupsOf(arch).groups.map((g) => [g.id, g]));
    const inner = [1, 2, 3].flatMap((s) => [1, 2, 3].map((b) => `s${s}b${b}.1`));
    expect([...of.keys()].sort()).toEqual(['conv1', 's2b1.p', 's3b1.p', 'out', ...inner].sort());
    expect(of.get('conv1')).toMatchObject({
      units: 16,
      producers: ['conv1', 's1b1.2', 's1b2.2', 's1b3.2'],
      norms: ['conv1.bn', 's1b1.2.bn', 's1b2.2.bn', 's1b3.2.bn'],
      sums: ['s1b1.add', 's1b2.add', 's1b3.add'],
      readers: ['s1b1.1', 's1b2.1', 's1b3.1', 's2b1.p', 's2b1.1'],
      depthwise: [],
    });
    expect(of.get('s3b1.p')).toMatchObject({ units: 64, readers: ['s3b2.1', 's3b3.1', 'out'] });
    expect(shrinkable(arch).map(({ id }) => id)).not.toContain('out');
  });
  it('MobileNet: a depthwise filter goes with the channels that it passes', () => {
    const arch = modelById('mobilenet-tiny').build([28, 28, 1], 10);
    expect(groupsOf(arch).of('pw2')).toMatchObject({
      id: 'pw2',
      depthwise: ['dw3'],
      norms: ['pw2.bn', 'dw3.bn'],
      readers: ['pw3'],
      // 1 x 1 x 32 to make it, 9 of the filter, 64 filters that read it.
      weightsPerUnit: 32 + 9 + 64,
    });
  });
  it('a sum with the image, whatever it passes on the way, cannot shrink; nor what is tied to the classes', () => {
    const arch = network(
      [4, 4, 3],
      [
        depthwise('d', { kernel: 3, padding: 'same' }),
        from('input', conv('a', { filters: 3, kernel: 1 })),
        add('s', 'd'),
        conv('b', { filters: 5, kernel: 1 }),
        globalpool('g'),
        dense('c', 5, 'linear'),
        add('logits', 'g'),
      ],
    );
    expect(brief(arch)).toEqual([
      ['a', 3, 'image'],
      ['b', 5, 'logits'],
    ]);
    expect(groupsOf(arch).of('input')?.id).toBe('a');
    expect(groupsOf(arch).of('c')?.producers).toEqual(['b', 'c']);
  });
  it('two readers of one value, one through a flatten; sums of sums', () => {
    const arch = network(
      [4, 4, 1],
      [
        conv('a', { filters: 2, kernel: 1 }),
        conv('b', { filters: 2, kernel: 1 }),
        add('s', 'a'),
        from('a', conv('c', { filters: 2, kernel: 1 })),
        add('t', 's'),
        maxpool('p', 2),
        dense('f', 3),
        from('t', conv('e', { filters: 4, kernel: 2 })),
        globalpool('g'),
        dense('h', 3),
        add('u', 'f'),
        dense('out', 2, 'linear'),
      ],
    );
    expect(groupsOf(arch).of('t')).toMatchObject({
      id: 'a',
      producers: ['a', 'b', 'c'],
      readers: ['b', 'c', 'f', 'e'],
    });
    expect(groupsOf(arch).of('u')).toMatchObject({ id: 'f', producers: ['f', 'h'], readers: ['out'] });
  });
  it('of two thin layers the rank is a group of its own', () => {
    const [u, v] = thinNames('fc1');
    const arch = network([4, 4, 1], [dense(u, 2, 'linear'), dense(v, 6), dense('out', 3, 'linear')]);
    expect(brief(arch).map(([id]) => id)).toEqual([u, v, 'out']);
  });
  it.each(models.map((m) => m.id))('%s: a unit costs what rebuilding without it saves', (id) => {
    const arch = modelById(id).build([28, 28, 1], 10);
    for (const { id: group, units, weightsPerUnit } of shrinkable(arch)) {
      const kept = { [group]: Array.from({ length: units - 1 }, (_, i) => i) };
      const small = rebuild(arch, { tensors: {}, masks: {}, quant: {} }, kept);
      expect(weightCount(arch) - weightCount(small.arch)).toBe(weightsPerUnit);
    }
  });
});

describe('masked units', () => {
  it('exactly columns, filters and rows of the unit, by hand', () => {
    const arch = network(
      [3, 3, 1],
      [
        conv('c', { filters: 2, kernel: 1 }),
        batchnorm('n'),
        depthwise('d', { kernel: 2 }),
        dense('f', 2, 'linear'),
      ],
    );
    const state = maskUnits({ arch, ...ones(arch) }, { c: [1] });
    expect(Object.fromEntries(Object.entries(state.masks).map(([n, m]) => [n, [...m]]))).toEqual({
      'c/kernel': [0, 1],
      'd/kernel': [0, 1, 0, 1, 0, 1, 0, 1],
      // Features are (y * 2 + x) * 2 + channel, of each two columns.
      'f/kernel': [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1],
    });
    for (const name of ['c/bias', 'n/gamma', 'n/beta', 'd/bias', 'f/bias'])
      expect(state.tensors[name].every((v) => v === 1)).toBe(true);
    expect([...maskedUnits(state, groupsOf(arch).groups[0])]).toEqual([1, 0]);
  });
  it('are told from single masked weights, and none is where nobody reads', () => {
    const arch = network([1, 1, 2], [dense('a', 3), dense('out', 2, 'linear')]);
    const [a, out] = groupsOf(arch).groups;
    const masks = { 'out/kernel': Uint8Array.from([0, 0, 1, 0, 0, 1]) };
    expect([...maskedUnits({ arch, ...ones(arch), masks }, a)]).toEqual([1, 0, 0]);
    expect([...maskedUnits({ arch, ...ones(arch), masks }, out)]).toEqual([0, 0]);
    expect([...maskedUnits({ arch, ...ones(arch) }, a)]).toEqual([0, 0, 0]);
  });
});

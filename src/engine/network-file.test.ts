import { describe, expect, it } from 'vitest';
import { graphArch, smallArch, trainedState } from '../methods/fixtures';
import { methodById } from '../methods/registry';
import type { LiveMethod } from '../methods/types';
import type { NetState } from '../models/types';
import { WinnowError } from '../spec/problem';
import { fileId, heldNetwork, holdFile, networkOf } from './network-file';
import { effective, methodContext } from './state';
import { encode } from './stored';

const seeds = { init: 1, order: 1, method: 1 };
const apply = (id: string, state: NetState, values: object) => {
  const method = methodById(id) as LiveMethod;
  const defaults = Object.fromEntries(Object.entries(method.params).map(([name, p]) => [name, p.default]));
  return method.apply(state, { ...defaults, ...values } as never, methodContext(state.arch, seeds, 0));
};
const states: [string, () => NetState][] = [
  ['dense', () => trainedState()],
  ['pruned', () => apply('prune', trainedState(), { sparsity: 0.8 })],
  ['ternary', () => apply('quantize', trainedState(), { bits: 2, scheme: 'symmetric' })],
  ['one bit', () => apply('quantize', trainedState(), { bits: 1, granularity: 'tensor' })],
  ['pruned, 5 bits', () => apply('quantize', apply('prune', trainedState(), { sparsity: 0.6 }), { bits: 5 })],
  ['thin', () => apply('factorize', trainedState(), { rank: 3, layers: ['fc1'] })],
  ['graph, 3 bits', () => apply('quantize', trainedState(graphArch), { bits: 3 })],
];

describe.each(states)('%s', (_name, make) => {
  it('comes out of its file with the same effective weights, and goes into the same file again', () => {
    const state = make();
    const { file } = encode(state);
    const network = networkOf(file, 'n.winnow');
    const again: NetState = { ...state, ...network, start: network.tensors };
    expect(network.arch).toEqual(state.arch);
    const [is, was] = [effective(again.arch, again), effective(state.arch, state)];
    for (const name of Object.keys(was)) expect([name, is[name]]).toEqual([name, was[name]]);
    expect(encode(again).file).toEqual(file);
  });
});

describe('opening a file', () => {
  const file = encode(apply('prune', trainedState(), { sparsity: 0.5 })).file;
  it('is a recipe step: the network of the file takes the place of the one before', () => {
    const info = holdFile(file, 'half.winnow');
    expect(info).toMatchObject({ id: fileId(file), name: 'half.winnow', bytes: file.length });
    expect(info.kept).toBeLessThan(info.weights);
    const opened = apply('open', trainedState(smallArch, 7), { file: info.id });
    expect(opened.tensors).toBe(heldNetwork(info.id).tensors);
    expect(opened.start).toBe(opened.tensors);
    expect(
      methodById('open').live && (methodById('open') as LiveMethod).brings?.({ file: info.id } as never),
    ).toBe(true);
  });
  it('refuses a network for other images, naming both sides', () => {
    const { id } = holdFile(encode(trainedState(graphArch)).file, 'graph.winnow');
    expect(() => apply('open', trainedState(), { file: id })).toThrow(
      /8 × 8 × 2 and tells 5 classes.*8 × 8 × 1, 5 classes/,
    );
  });
  it('refuses a file that is not here by its id', () => {
    expect(() => apply('open', trainedState(), { file: 'file-0123456789ab' })).toThrow(/file-0123456789ab/);
  });
  it('holds nothing of a file that is cut short or altered', () => {
    const cut = file.slice(0, file.length - 3);
    const altered = file.slice();
    altered[altered.length - 5] ^= 4;
    for (const bad of [cut, altered, file.slice(0, 5), new Uint8Array()]) {
      expect(() => holdFile(bad, 'bad.winnow')).toThrow(WinnowError);
      expect(() => holdFile(bad, 'bad.winnow')).toThrow(/^bad\.winnow/);
      expect(() => heldNetwork(fileId(bad))).toThrow(/not in this browser/);
    }
  });
});

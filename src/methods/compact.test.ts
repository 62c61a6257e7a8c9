import { describe, expect, it } from 'vitest';
import { avgpool, batchnorm, conv, dense, depthwise, maxpool, network } from '../models/build';
import { groupsOf } from '../models/groups';
import { maskUnits } from '../models/mask-units';
import { rebuild } from '../models/rebuild';
import type { Arch, NetState } from '../models/types';
import { withDefaults } from '../spec/defaults';
import { compact } from './compact';
import { contextWith, lenet, smallArch, trainedState } from './fixtures';
import { prune } from './prune';
import type { Note } from './types';

const run = (state: NetState, notes: Note[] = []) =>
  compact.apply(state, {}, contextWith({}, state.arch, notes));
const units = ({ arch }: NetState) => groupsOf(arch).groups.map((g) => g.units);
/** All weights 1, biases as given. */
function ones(arch: Arch, biases: Record<string, number[]>): NetState {
  const state = trainedState(arch);
  const tensors = Object.fromEntries(
    Object.entries(state.tensors).map(([name, t]) => [
      name,
      biases[name] ? Float32Array.from(biases[name]) : t.map(() => (name.endsWith('/kernel') ? 1 : 0)),
    ]),
  );
  return { ...state, tensors };
}
const masks = (entries: Record<string, number[]>) =>
  Object.fromEntries(Object.entries(entries).map(([name, m]) => [name, Uint8Array.from(m)]));

describe('compact', () => {
  it('undoes maskUnits: what is left is the rebuilt network', () => {
    const state = trainedState();
    const kept = { conv1: [2], fc1: [0, 3, 7, 11] };
    const small = run(maskUnits(state, kept));
    const wanted = rebuild(state.arch, state, kept);
    expect(small.arch).toEqual(wanted.arch);
    expect(small.tensors).toEqual(wanted.tensors);
    expect(small.removed).toBeGreaterThan(0);
  });
  it('goes on as long as removing one unit frees others', () => {
    const arch = network([1, 1, 2], [dense('a', 3), dense('b', 2), dense('c', 2), dense('out', 2, 'linear')]);
    // Nobody reads c1; then nobody reads b1, of which c1 alone took; then nobody reads a2, which only b1 took.
    const state: NetState = {
      ...ones(arch, {}),
      masks: masks({
        'out/kernel': [1, 1, 0, 0],
        'c/kernel': [1, 1, 0, 1],
        'b/kernel': [1, 1, 1, 1, 0, 1],
      }),
    };
    const notes: Note[] = [];
    expect(units(run(state, notes))).toEqual([2, 1, 1, 2]);
    expect(notes).toEqual([{ code: 'compacted', values: { removed: 3, of: 9, folded: 0 } }]);
  });
  it('a unit without inputs is its bias, which the readers get: dense, by hand', () => {
    const arch = network([1, 1, 2], [dense('a', 3), dense('out', 2, 'linear')]);
    const state: NetState = {
      ...ones(arch, { 'a/bias': [0.5, -0.25, 0.1], 'out/bias': [1, 2], 'out/kernel': [3, 4, 5, 6, 7, 8] }),
      masks: masks({ 'a/kernel': [0, 0, 1, 0, 0, 1] }),
    };
    const notes: Note[] = [];
    const small = run(state, notes);
    expect(units(small)).toEqual([1, 2]);
    // 0.5 of the first; the second is silent behind its relu.
    expect([...small.tensors['out/bias']]).toEqual([1 + 0.5 * 3, 2 + 0.5 * 4]);
    expect(notes).toEqual([{ code: 'compacted', values: { removed: 2, of: 5, folded: 1 } }]);
  });
  it('through norm, unpadded depthwise filter, pools and a flatten: by hand', () => {
    const arch = network(
      [6, 6, 1],
      [
        conv('a', { filters: 2, kernel: 1, activation: 'linear' }),
        batchnorm('n', 'linear'),
        depthwise('d', { kernel: 2, activation: 'linear' }),
        maxpool('p', 2),
        avgpool('q', 2),
        dense('out', 2, 'linear'),
      ],
    );
    const state: NetState = {
      ...ones(arch, {
        'a/bias': [3, 0],
        'n/gamma': [2, 1],
        'n/mean': [1, 0],
        'n/variance': [4 - 1e-5, 1],
        'n/beta': [0.5, 0],
        'd/bias': [0.25, 0],
        'out/kernel': [10, 20, 0, 1],
      }),
      masks: masks({ 'a/kernel': [0, 1] }),
    };
    const small = run(state);
    expect(units(small)).toEqual([1, 2]);
    // 2 * (3 - 1) / 2 + 0.5 = 2.5; four weights of 1 and 0.25 make it 10.25.
    expect(small.tensors['out/bias'][0]).toBeCloseTo(102.5, 3);
    expect(small.tensors['out/bias'][1]).toBeCloseTo(205, 3);
  });
  it('a constant that meets padding stays, unless it is 0; and so does one whose reader has no bias', () => {
    const through = (padding: 'same' | 'valid', bias: boolean, value: number) => {
      const arch = network(
        [4, 4, 1],
        [
          conv('a', { filters: 2, kernel: 1 }),
          conv('b', { filters: 2, kernel: 3, padding, bias }),
          dense('out', 2, 'linear'),
        ],
      );
      const notes: Note[] = [];
      const state = { ...ones(arch, { 'a/bias': [value, 1] }), masks: masks({ 'a/kernel': [0, 1] }) };
      return [units(run(state, notes))[0], notes.map(({ code }) => code)];
    };
    expect(through('same', true, 1)).toEqual([2, ['compacted', 'compactStuck']]);
    expect(through('valid', false, 1)).toEqual([2, ['compacted', 'compactStuck']]);
    expect(through('valid', true, 1)).toEqual([1, ['compacted']]);
    expect(through('same', false, -1)).toEqual([1, ['compacted']]);
  });
  it('one unit stays where all could go', () => {
    const state: NetState = {
      ...trainedState(),
      masks: masks({ 'conv1/kernel': Array(27).fill(0), 'out/kernel': Array(60).fill(0) }),
    };
    expect(units(run(state))).toEqual([1, 1, 5]);
  });
  it('takes what a quantizer measures from no kernel', () => {
    const arch = network([1, 1, 2], [dense('a', 3), dense('out', 2, 'linear')]);
    const state: NetState = {
      ...ones(arch, { 'out/kernel': [9, 9, 1, 1, 1, 1], 'a/bias': [0, 1, 1] }),
      masks: masks({ 'a/kernel': [0, 1, 1, 0, 1, 1] }),
    };
    expect(units(run(state))[0]).toBe(2);
    const spec = { bits: 4, scheme: 'affine', granularity: 'channel' } as const;
    expect(units(run({ ...state, quant: { 'out/kernel': spec } }))[0]).toBe(3);
    expect(units(run({ ...state, quant: { 'a/kernel': spec } }))[0]).toBe(2);
  });
  it('is the identity on a dense network, and finds what pruning to 1 % leaves idle', () => {
    const dense300 = trainedState(lenet);
    expect(run(dense300)).toBe(dense300);
    const values = withDefaults(prune.params, { sparsity: 0.995 });
    const sparse = prune.apply(dense300, values, contextWith({}, lenet));
    const small = run(sparse);
    expect(units(small)[0]).toBeLessThan(300);
    expect(units(run(small))).toEqual(units(small));
    expect(run(trainedState(smallArch)).arch).toBe(smallArch);
  });
});

import { describe, expect, it } from 'vitest';
import { channels, kernelName, weightLayers } from '../models/build';
import type { NetState } from '../models/types';
import { withDefaults } from '../spec/defaults';
import { FOUR_OUTPUTS, folded } from './blocks';
import { contextWith, graphArch, smallArch, trainedState } from './fixtures';
import { prune } from './prune';
import { survivors } from './select';
import type { Note } from './types';

type Values = Partial<Parameters<typeof prune.apply>[1]>;
function run(state: NetState, values: Values): { state: NetState; notes: Note[] } {
  const notes: Note[] = [];
  const context = contextWith({}, state.arch, notes);
  return { state: prune.apply(state, withDefaults(prune.params, values), context), notes };
}
const every = { scope: 'layer', outputHalf: false } as const;
const maskOf = (state: NetState, name: string) => state.masks[`${name}/kernel`];
const ones = (mask: Uint8Array) => survivors(mask, mask.length);
/** Blocks with a survivor, by layer. */
const blocksLeft = (state: NetState, size = FOUR_OUTPUTS) =>
  weightLayers(state.arch).map((layer) => {
    const name = kernelName(layer);
    return ones(folded({ scores: state.tensors[name], mask: state.masks[name] }, channels(layer), size).mask);
  });

describe('blocks', () => {
  it('4x1: exactly round(p b) of each layer’s blocks go, ragged ones counted, and whole', () => {
    // conv1 [9, 3]: 9 cut-off blocks; fc1 [27, 12]: 81; out [12, 5]: 24, every other of them one weight.
    const before = trainedState();
    expect(blocksLeft(before)).toEqual([9, 81, 24]);
    const { state, notes } = run(before, { ...every, shape: '4x1', sparsity: 0.5 });
    expect(blocksLeft(state)).toEqual([9 - 5, 81 - 41, 24 - 12]);
    expect(notes).toEqual([{ code: 'blocks', values: { removed: 58, of: 114 } }]);
    const mask = maskOf(state, 'fc1');
    for (let i = 0; i < mask.length; i += 4) expect(new Set(mask.subarray(i, i + 4)).size).toBe(1);
  });
  it('count from the survivors: a block that has gone is not counted again, a thinned one is', () => {
    const thinned = run(trainedState(), { ...every, sparsity: 0.3 }).state;
    const once = run(thinned, { ...every, shape: '4x1', sparsity: 0.5 }).state;
    expect(blocksLeft(once)).toEqual(blocksLeft(thinned).map((b) => b - Math.round(b / 2)));
    const twice = run(once, { ...every, shape: '4x1', sparsity: 0.5 }).state;
    expect(blocksLeft(twice)).toEqual(blocksLeft(once).map((b) => b - Math.round(b / 2)));
    for (const layer of weightLayers(smallArch)) {
      maskOf(twice, layer.name).forEach((m, i) => {
        expect(m).toBeLessThanOrEqual(maskOf(once, layer.name)[i]);
      });
    }
  });
  it('of any size: the ones with the smallest sums go first', () => {
    const size = { rows: 5, columns: 7 };
    const values = { ...every, shape: 'block', blockInputs: 5, blockOutputs: 7, sparsity: 0.4 } as const;
    const before = trainedState();
    const { state } = run(before, values);
    const scored = (s: NetState, mask?: Uint8Array) =>
      folded({ scores: s.tensors['fc1/kernel'].map(Math.abs), mask }, 12, size);
    const [all, left] = [scored(before), scored(before, maskOf(state, 'fc1'))];
    const [gone, stays] = [0, 1].map((kept) => [...all.scores].filter((_, b) => left.mask[b] === kept));
    expect(gone.length).toBe(Math.round(0.4 * all.scores.length));
    expect(Math.max(...gone)).toBeLessThanOrEqual(Math.min(...stays));
  });
  it('1x1 blocks are single weights', () => {
    const one = run(trainedState(), { shape: 'block', blockInputs: 1, blockOutputs: 1, sparsity: 0.7 });
    expect(one.state).toEqual(run(trainedState(), { sparsity: 0.7 }).state);
  });
  it('are ranked over all layers where the scope is global; ties go by index', () => {
    const state = trainedState();
    const equal = Object.fromEntries(
      Object.entries(state.tensors).map(([name, t]) => [name, new Float32Array(t.length).fill(0.5)]),
    );
    const values = { shape: '4x1', scope: 'global', outputHalf: false, sparsity: 0.5 } as const;
    const { state: after } = run({ ...state, tensors: equal }, values);
    // Cut-off blocks have smaller sums: all 9 of conv1, the 12 single ones of out; then 36 of fc1's 81 from the first.
    expect(blocksLeft(after)).toEqual([0, 81 - 36, 12]);
    expect(maskOf(after, 'fc1').indexOf(1)).toBe(36 * 4);
  });
});

describe('N:M', () => {
  it('2:4 keeps two of every four inputs of every output, convolutions and the output layer too', () => {
    const { state, notes } = run(trainedState(), { shape: 'nm' });
    // conv1 [9, 3]: two groups of four and one of one; fc1 [27, 12]: the last has three; out [12, 5].
    expect(weightLayers(smallArch).map(({ name }) => ones(maskOf(state, name)))).toEqual([
      3 * (2 + 2 + 1),
      12 * (6 * 2 + 2),
      5 * 6,
    ]);
    expect(notes).toEqual([]);
  });
  it('is not moved by sparsity, scope or rates per layer, and changes nothing the second time', () => {
    const plain = run(trainedState(), { shape: 'nm' }).state;
    const other = run(trainedState(), {
      shape: 'nm',
      sparsity: 0.1,
      scope: 'global',
      floor: 0.9,
      layers: { fc1: 0.2 },
    }).state;
    expect(other).toEqual(plain);
    expect(run(plain, { shape: 'nm' }).state).toBe(plain);
  });
  it('N of N is nothing at all', () => {
    const state = trainedState();
    expect(run(state, { shape: 'nm', keep: 4, every: 4 }).state).toBe(state);
    expect(run(state, { shape: 'nm', keep: 9, every: 4 }).state).toBe(state);
  });
  it('tells in which layers no kernel makes use of it', () => {
    const three = run(trainedState(), { shape: 'nm', keep: 3 });
    expect(three.notes).toEqual([{ code: 'shapeForm', values: { layers: 'fc1, out' } }]);
    for (const shape of ['nm', '4x1'] as const) {
      const { notes } = run(trainedState(graphArch), { shape, sparsity: 0.5 });
      expect(notes.filter(({ code }) => code === 'shapeForm')).toEqual([
        { code: 'shapeForm', values: { layers: 'dw' } },
      ]);
    }
  });
});

describe('floor of the global scope', () => {
  /** fc1 a thousand times smaller: ranked globally it pays for all. */
  function lopsided(): NetState {
    const state = trainedState();
    const small = state.tensors['fc1/kernel'].map((w) => w / 1000);
    return { ...state, tensors: { ...state.tensors, 'fc1/kernel': small } };
  }
  const global = { scope: 'global', outputHalf: false } as const;
  const left = (state: NetState) => weightLayers(smallArch).map(({ name }) => ones(maskOf(state, name)));
  it('0 is the ranking as it always was', () => {
    expect(left(run(lopsided(), { ...global, sparsity: 0.75 }).state)).toEqual([27, 324 - 308, 60]);
  });
  it('a layer keeps its share; as many more go elsewhere, and the card says so', () => {
    const { state, notes } = run(lopsided(), { ...global, sparsity: 0.75, floor: 0.2 });
    const counts = left(state);
    // A fifth of 324, rounded up; 308 go in all.
    expect(counts[1]).toBe(65);
    expect(counts.reduce((a, b) => a + b)).toBe(411 - 308);
    expect(notes).toEqual([{ code: 'floor', values: { layers: 'fc1', weights: 65 - 16 } }]);
  });
  it('any floor above 0 leaves one weight', () => {
    const { state } = run(lopsided(), { ...global, sparsity: 0.9, floor: 0.001 });
    expect(left(state)[1]).toBe(1);
    expect(left(state).reduce((a, b) => a + b)).toBe(411 - 370);
  });
  it('takes what it may where that is less than asked, and says what remains', () => {
    const { state, notes } = run(lopsided(), { ...global, sparsity: 0.9, floor: 0.5 });
    expect(left(state)).toEqual([14, 162, 30]);
    expect(notes.map(({ code }) => code)).toEqual(['floor', 'floorShort']);
    expect(notes[0].values?.layers).toBe('conv1, fc1, out');
    expect(notes[1].values?.share).toBeCloseTo(206 / 411, 12);
    expect(notes[1].values?.wantedShare).toBeCloseTo(41 / 411, 12);
  });
  it('is of the layer’s weights, not of its survivors: the second round takes nothing below it', () => {
    const once = run(lopsided(), { ...global, sparsity: 0.75, floor: 0.2 }).state;
    const twice = run(once, { ...global, sparsity: 0.1, floor: 0.2 }).state;
    expect(left(twice)[1]).toBe(65);
    expect(left(twice).reduce((a, b) => a + b)).toBe(103 - 10);
  });
  it('counts blocks where there are blocks', () => {
    const { state } = run(lopsided(), { ...global, shape: '4x1', sparsity: 0.7, floor: 0.25 });
    expect(blocksLeft(state)[1]).toBe(21);
    expect(blocksLeft(state).reduce((a, b) => a + b)).toBe(114 - 80);
  });
  it('does not hold layers that have a rate of their own', () => {
    const { state } = run(lopsided(), { ...global, sparsity: 0.5, floor: 0.3, layers: { fc1: 0.9 } });
    expect(left(state)[1]).toBe(324 - 292);
  });
});

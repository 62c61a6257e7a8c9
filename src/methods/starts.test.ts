/** Where networks begin: shuffled masks, other values, small dense networks, and going back to a later point. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { dense, kernelNames, network, weightCount } from '../models/build';
import { tensorsOf } from '../models/tensors';
import type { NetState } from '../models/types';
import { withDefaults } from '../spec/defaults';
import type { Params } from '../spec/params';
import { context, contextWith, graphArch, randomTensors, smallArch, trainedState } from './fixtures';
import { prune } from './prune';
import { pruneUnits } from './prune-units';
import { quantize } from './quantize';
import { reinit } from './reinit';
import { rewind } from './rewind';
import { rewindPoint } from './rewind-point';
import { shuffleMask } from './shuffle-mask';
import { smallDense } from './small-dense';
import { startValues } from './start-values';
import type { Note } from './types';

const pruned = (arch = smallArch, sparsity = 0.6): NetState => {
  const values = withDefaults(prune.params, { sparsity, outputHalf: false });
  const state = prune.apply(trainedState(arch), values, context(arch));
  return quantize.apply(state, withDefaults(quantize.params, {}), context(arch));
};
const KERNEL = 'fc1/kernel';
const kept = (state: NetState, name = KERNEL): number[] =>
  [...state.masks[name].keys()].filter((i) => state.masks[name][i] === 1);

describe('rewind-point', () => {
  it('is where rewind leads back to, norms included, and changes nothing else', () => {
    const before = trainedState(graphArch);
    const marked = rewindPoint.apply(before, {}, context(graphArch));
    expect({ ...marked, start: before.start }).toEqual(before);
    const later = { ...marked, tensors: randomTensors(graphArch, 9) };
    const gone = prune.apply(later, withDefaults(prune.params, {}), context(graphArch));
    const back = rewind.apply(gone, {}, context(graphArch));
    expect(back.tensors['bn1/mean']).toEqual(before.tensors['bn1/mean']);
    for (const i of kept(back)) expect(back.tensors[KERNEL][i]).toBe(before.tensors[KERNEL][i]);
  });
});

describe('shuffle-mask', () => {
  const shuffle = (state: NetState, draw = 0) => shuffleMask.apply(state, { draw }, context(state.arch));
  it('keeps as many weights of each layer, elsewhere, and other ones for every draw and after every training', () => {
    const before = pruned();
    const after = shuffle(before);
    for (const name of kernelNames(smallArch)) {
      expect(after.masks[name].length).toBe(before.masks[name].length);
      expect(kept(after, name)).toHaveLength(kept(before, name).length);
    }
    expect(kept(after)).not.toEqual(kept(before));
    expect(kept(shuffle(before, 1))).not.toEqual(kept(after));
    expect(kept(shuffle({ ...before, trainings: 2 }))).not.toEqual(kept(after));
    expect(after.quant).toEqual({});
  });
  it('gives those that come back their initial values; rewound, all of them have theirs', () => {
    const before = pruned();
    const after = shuffle(before);
    for (const i of kept(after)) {
      const from = before.masks[KERNEL][i] ? before.tensors : before.start;
      expect(after.tensors[KERNEL][i]).toBe(from[KERNEL][i]);
    }
    const back = rewind.apply(after, {}, context());
    for (const i of kept(after)) expect(back.tensors[KERNEL][i]).toBe(before.start[KERNEL][i]);
  });
  it('takes every place equally often', () => {
    const arch = network([1, 1, 3], [dense('out', 2, 'linear')]);
    const before: NetState = {
      ...trainedState(arch),
      masks: { 'out/kernel': Uint8Array.of(1, 1, 0, 0, 0, 0) },
    };
    const counts = new Float64Array(6);
    const rng = xoroshiro128plus(5);
    const uniform = (n: number) => Float32Array.from({ length: n }, () => uniformFloat64(rng));
    for (let draw = 0; draw < 300; draw++) {
      const after = shuffleMask.apply(before, { draw: 0 }, { ...context(arch), uniform });
      after.masks['out/kernel'].forEach((m, i) => {
        counts[i] += m;
      });
    }
    for (const c of counts) expect(Math.abs(c / 100 - 1)).toBeLessThan(0.35);
  });
  it('does nothing where nothing is pruned', () => {
    const state = trainedState();
    expect(shuffle(state)).toBe(state);
  });
});

describe('start-values', () => {
  const begin = (state: NetState, values: Params) =>
    startValues.apply(state, withDefaults(startValues.params, values), context(state.arch));
  const sorted = (list: Iterable<number>) => [...list].map(Math.abs).sort((a, b) => a - b);

  it('original is what rewind gives', () => {
    const before = pruned();
    expect(begin(before, { values: 'original' })).toEqual(rewind.apply(before, {}, context()));
  });
  it.each(['redraw', 'reshuffle', 'constant'])('%s: signs of the beginning, or others', (values) => {
    const before = pruned();
    const wanted = kept(before).map((i) => Math.sign(before.start[KERNEL][i]));
    const signs = (sign: string) =>
      kept(before).map((i) => Math.sign(begin(before, { values, sign }).tensors[KERNEL][i]));
    expect(signs('original')).toEqual(wanted);
    const same = signs('own').filter((s, i) => s === wanted[i]).length / wanted.length;
    expect(same).toBeGreaterThan(0.35);
    expect(same).toBeLessThan(0.65);
  });
  it('redraw: values of a draw that reinit never gives, another for every draw and after every training', () => {
    const before = pruned();
    const own = { values: 'redraw', sign: 'own' };
    const first = begin(before, own);
    for (let draw = 0; draw < 100; draw++) {
      expect(first.start[KERNEL]).not.toEqual(context().redraw(draw)[KERNEL]);
    }
    expect(begin(before, { ...own, draw: 1 }).start[KERNEL]).not.toEqual(first.start[KERNEL]);
    expect(begin({ ...before, trainings: 2 }, own).start[KERNEL]).not.toEqual(first.start[KERNEL]);
    const signed = begin(before, { values: 'redraw' });
    expect(sorted(signed.start[KERNEL])).toEqual(sorted(first.start[KERNEL]));
  });
  it('reshuffle: the kept values themselves in another order; pruned ones stay where they were', () => {
    const before = pruned();
    const after = begin(before, { values: 'reshuffle', sign: 'own' });
    const at = (state: NetState) => kept(before).map((i) => state.start[KERNEL][i]);
    expect(at(after)).not.toEqual(at(before));
    expect([...at(after)].sort()).toEqual([...at(before)].sort());
    before.masks[KERNEL].forEach((m, i) => {
      if (m === 0) expect(after.start[KERNEL][i]).toBe(before.start[KERNEL][i]);
    });
    expect(begin(trainedState(), { values: 'reshuffle', sign: 'own' }).start[KERNEL]).not.toEqual(
      trainedState().start[KERNEL],
    );
  });
  it('constant: one size a layer, which stays when it is taken of constants', () => {
    const once = begin(pruned(), { sign: 'own' });
    const sizes = new Set([...once.start[KERNEL]].map(Math.abs));
    expect(sizes.size).toBe(1);
    const twice = begin({ ...once, trainings: 2 }, { sign: 'own' });
    expect(Math.abs(twice.start[KERNEL][0])).toBeCloseTo([...sizes][0], 6);
    expect(begin(pruned(), {}).start['out/kernel'][0]).not.toBe(once.start[KERNEL][0]);
  });
  it('is the new beginning, biases as they were; masks stay, bits go; pruned weights are zero', () => {
    const before = pruned();
    const after = begin(before, {});
    expect(after.masks).toBe(before.masks);
    expect(after.quant).toEqual({});
    expect(after.start['fc1/bias']).toBe(before.start['fc1/bias']);
    expect(rewind.apply(after, {}, context())).toEqual(after);
    before.masks[KERNEL].forEach((m, i) => {
      expect(after.tensors[KERNEL][i]).toBe(m ? after.start[KERNEL][i] : 0);
    });
  });
  it('takes a zero for positive', () => {
    const zeros = {
      ...trainedState(),
      start: { ...trainedState().start, [KERNEL]: trainedState().start[KERNEL].map(() => 0) },
    };
    for (const w of begin(zeros, { values: 'redraw' }).start[KERNEL]) expect(w).toBeGreaterThanOrEqual(0);
  });
  it('refuses after factorize, by the layer’s name', () => {
    const { [KERNEL]: _, ...start } = trainedState().start;
    expect(() => begin({ ...trainedState(), start }, {})).toThrow(/fc1.*before factorize/);
  });
});

describe('small-dense', () => {
  const narrow = (state: NetState, notes: Note[] = []) =>
    smallDense.apply(state, { draw: 0 }, contextWith({}, state.arch, notes));
  it.each([smallArch, graphArch])(
    'fits into what was left, whole, drawn anew, with nothing masked',
    (arch) => {
      const before = { ...pruned(arch, 0.7), final: trainedState(arch).tensors };
      const notes: Note[] = [];
      const after = narrow(before, notes);
      const left = kernelNames(arch).reduce((sum, name) => sum + kept(before, name).length, 0);
      expect(weightCount(after.arch)).toBeLessThanOrEqual(left);
      expect(weightCount(after.arch)).toBeGreaterThan(left / 2);
      const sizes = (tensors: NetState['tensors']) => Object.values(tensors).map((t) => t.length);
      expect(sizes(after.tensors)).toEqual(tensorsOf(after.arch).map(({ length }) => length));
      expect(after.tensors).toBe(after.start);
      expect([after.masks, after.quant, after.final]).toEqual([{}, {}, undefined]);
      expect(after.removed! + weightCount(after.arch)).toBe(weightCount(arch));
      expect(notes).toEqual([{ code: 'smallDense', values: { weights: weightCount(after.arch), left } }]);
    },
  );
  it('says so where even the narrowest network is larger', () => {
    const notes: Note[] = [];
    const after = narrow(pruned(smallArch, 0.99), notes);
    expect(after.arch.layers.map((l) => (l.kind === 'dense' ? l.out : l.out[2]))).toEqual([1, 1, 1, 5]);
    expect(notes.map(({ code }) => code)).toEqual(['smallDenseLeast']);
  });
  it('does nothing where nothing is pruned', () => {
    const state = trainedState();
    expect(narrow(state)).toBe(state);
  });
});

describe('after whole units are gone', () => {
  const thin = () =>
    pruneUnits.apply(trainedState(graphArch), withDefaults(pruneUnits.params, {}), context(graphArch));
  it.each([
    ['rewind', (s: NetState) => rewind.apply(s, {}, context(s.arch))],
    ['reinit', (s: NetState) => reinit.apply(s, { draw: 0 }, context(s.arch))],
    ['rewind-point', (s: NetState) => rewindPoint.apply(s, {}, context(s.arch))],
    [
      'start-values',
      (s: NetState) => startValues.apply(s, withDefaults(startValues.params, {}), context(s.arch)),
    ],
  ])('%s fits the smaller network', (_, act) => {
    const before = thin();
    const after = act(before);
    expect(after.arch).toEqual(before.arch);
    for (const { name, length } of tensorsOf(after.arch)) {
      expect([name, after.tensors[name].length]).toEqual([name, length]);
      expect([name, after.start[name].length]).toEqual([name, length]);
    }
  });
});

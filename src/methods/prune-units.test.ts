import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { maskedUnits } from '../models/alive';
import { add, batchnorm, conv, dense, globalpool, kernelNames, network } from '../models/build';
import { groupsOf, shrinkable } from '../models/groups';
import { rebuild } from '../models/rebuild';
import { modelById } from '../models/registry';
import type { Arch, NetState } from '../models/types';
import { withDefaults } from '../spec/defaults';
import { WinnowError } from '../spec/problem';
import { factorize } from './factorize';
import { contextWith, evidenceFor, graphArch, lenet, smallArch, trainedState } from './fixtures';
import { pruneUnits } from './prune-units';
import { reinit } from './reinit';
import { rewind } from './rewind';
import type { Note } from './types';
import { combine } from './unit-criteria/combine';
import { unitCriteria, unitCriterionById } from './unit-criteria/registry';

type Values = Parameters<typeof pruneUnits.apply>[1];
const run = (state: NetState, values: Partial<Values> = {}, notes: Note[] = []) =>
  pruneUnits.apply(
    state,
    withDefaults(pruneUnits.params, values),
    contextWith(evidenceFor(state.arch), state.arch, notes),
  );
const units = ({ arch }: NetState) => groupsOf(arch).groups.map((g) => g.units);
const cnn = () => modelById('lenet-5').build([28, 28, 1], 10);
const score = (id: string, state: NetState, group = 0) =>
  unitCriterionById(id).score(state, groupsOf(state.arch).groups[group], {
    ...contextWith(evidenceFor(state.arch), state.arch),
    images: 10,
  });

describe('scores', () => {
  interface Golden {
    kernel: number[];
    l1: number[];
    l2: number[];
    removed: { n: number; amount: number; units: number[] }[];
  }
  const golden = JSON.parse(readFileSync(new URL('goldens/units.json', import.meta.url), 'utf8')) as Record<
    'dense' | 'conv' | 'flattened',
    Golden
  >;
  const cases: [keyof typeof golden, Arch, string, 'in' | 'out'][] = [
    ['dense', network([1, 1, 7], [dense('a', 6), dense('out', 2)]), 'a/kernel', 'in'],
    ['conv', network([4, 4, 3], [conv('a', { filters: 5, kernel: 3 }), dense('out', 2)]), 'a/kernel', 'in'],
    [
      'flattened',
      network([2, 2, 1], [conv('a', { filters: 4, kernel: 1 }), dense('out', 6)]),
      'out/kernel',
      'out',
    ],
  ];
  it.each(cases)(
    '%s: norms and choices of torch.nn.utils.prune.ln_structured',
    (name, arch, kernel, side) => {
      const state = trainedState(arch);
      const tensors = { ...state.tensors, [kernel]: Float32Array.from(golden[name].kernel) };
      const known = { ...state, tensors };
      for (const n of ['l1', 'l2'] as const) {
        const id = side === 'in' ? n : `${n}-out`;
        const [scores] = score(id, known);
        scores.forEach((s, j) => {
          expect(s).toBeCloseTo(golden[name][n][j], 5);
        });
        for (const { n: power, amount, units: gone } of golden[name].removed) {
          if (`l${power}` !== n) continue;
          const masked = run(known, { criterion: id, rebuild: false, fraction: amount / scores.length });
          const flags = maskedUnits(masked, groupsOf(arch).groups[0]);
          expect([...flags.keys()].filter((j) => flags[j] === 1)).toEqual(gone);
        }
      }
    },
  );
  it('one list per layer that has something to say, finite and not negative; a formula', () => {
    for (const criterion of unitCriteria) {
      expect(katex.renderToString(criterion.formula, { throwOnError: true })).toContain('katex');
      expect(criterion.citations.length).toBeGreaterThan(0);
      const state = trainedState(graphArch);
      for (const part of score(criterion.id, state)) {
        expect(part.length).toBe(4);
        expect(part.every((s) => Number.isFinite(s) && s >= 0)).toBe(true);
      }
    }
  });
  it('gamma: of every norm that the channels pass; activity: of every layer that makes them', () => {
    const state = trainedState(graphArch);
    const [first, second] = score('gamma', state);
    expect([...first]).toEqual([...state.tensors['bn1/gamma']].map(Math.abs));
    expect([...second]).toEqual([...state.tensors['bn2/gamma']].map(Math.abs));
    const { zeros, taylor } = evidenceFor(graphArch).units.conv1;
    expect(score('apoz', state)).toEqual([zeros.map((z) => 1 - z)]);
    expect(score('taylor', state)).toEqual([taylor]);
  });
  it('coupled layers weigh the same, whatever their scale; in one layer nothing changes place', () => {
    const parts = [Float32Array.from([1, 2, 3]), Float32Array.from([600, 400, 200])];
    const combined = combine(parts, new Uint8Array(3), false);
    expect([...combined]).toEqual([1, 1, 1].map((_, j) => (parts[0][j] / 2 + parts[1][j] / 400) / 2));
    expect([...combine(parts, new Uint8Array(3), true)]).toEqual([300.5, 201, 101.5]);
    // Units that are out do not count in a mean.
    expect([...combine([parts[0]], Uint8Array.from([1, 0, 0]), false)].slice(1)).toEqual(
      [2 / 2.5, 3 / 2.5].map(Math.fround),
    );
    fc.assert(
      fc.property(fc.array(fc.float({ min: 0, max: 1000, noNaN: true }), { minLength: 1 }), (list) => {
        const one = combine([Float32Array.from(list)], new Uint8Array(list.length), false);
        for (let i = 1; i < list.length; i++)
          if (list[i] > list[i - 1]) expect(one[i]).toBeGreaterThanOrEqual(one[i - 1]);
      }),
    );
  });
  it('the mean score of a group is 1', () => {
    const scores = combine(score('l1', trainedState(lenet)), new Uint8Array(300), false);
    expect(scores.reduce((a, b) => a + b, 0) / 300).toBeCloseTo(1, 5);
  });
});

describe('which units go', () => {
  it('exactly round(p n) of every group, all along the slider, for every criterion', () => {
    const [conv1, fc1] = [3, 12];
    for (const { id } of unitCriteria.filter((c) => c.id !== 'gamma')) {
      for (const fraction of [0, 0.1, 0.25, 0.5, 0.8, 0.95]) {
        const left = [conv1, fc1].map((n) => Math.max(1, n - Math.round(fraction * n)));
        expect(units(run(trainedState(), { criterion: id, fraction }))).toEqual([...left, 5]);
      }
    }
  });
  it('nothing at 0; one unit of every group at 1, and it says so', () => {
    const state = trainedState();
    const notes: Note[] = [];
    expect(run(state, { fraction: 0 }, notes)).toBe(state);
    expect(notes).toEqual([]);
    expect(units(run(state, { fraction: 1 }, notes))).toEqual([1, 1, 5]);
    expect(notes).toEqual([
      { code: 'unitsFloor', values: { groups: 'conv1' } },
      { code: 'unitsFloor', values: { groups: 'fc1' } },
    ]);
  });
  it('ties by index: of equal units the first ones', () => {
    const state = trainedState();
    const tensors = { ...state.tensors, 'fc1/kernel': new Float32Array(27 * 12).fill(0.5) };
    const small = run({ ...state, tensors }, { layers: { conv1: 0 }, fraction: 0.25 });
    expect([...small.tensors['fc1/bias']]).toEqual([...state.tensors['fc1/bias'].slice(3)]);
  });
  it('what stays has higher scores, and is the old network without the rest', () => {
    const state = trainedState();
    const [scores] = score('l1', state, 1);
    const best = [...scores.keys()].sort((a, b) => scores[b] - scores[a]).slice(0, 6);
    const wanted = rebuild(state.arch, state, { fc1: best });
    const got = run(state, { layers: { conv1: 0 } });
    expect(got.arch).toEqual(wanted.arch);
    expect(got.tensors).toEqual(wanted.tensors);
  });
  it('a group of coupled layers loses the same units everywhere', () => {
    const state = trainedState(modelById('resnet-8').build([8, 8, 3], 10));
    const small = run(state, { fraction: 0.75, layers: { 's2b1.p': 0.25 } });
    expect(units(small)).toEqual([4, 4, 24, 8, 16, 16, 10]);
    expect(small.tensors['s1b1.2/kernel'].length).toBe(9 * 4 * 4);
    expect(small.tensors['out/kernel'].length).toBe(16 * 10);
  });
  it('global: groups are ranked together, those with a rate of their own apart, none is emptied', () => {
    const state = trainedState();
    // Scores of each group around 1: weak units of fc1 go before equal ones of conv1.
    const kernel = state.tensors['fc1/kernel'].map((w, i) => (i % 12 < 6 ? w / 1000 : w));
    const known = { ...state, tensors: { ...state.tensors, 'fc1/kernel': kernel } };
    expect(units(run(known, { scope: 'global', fraction: 6 / 15 }))).toEqual([3, 6, 5]);
    expect(units(run(known, { scope: 'global', fraction: 0.25, layers: { conv1: 0.34 } }))).toEqual([
      2, 9, 5,
    ]);
    const notes: Note[] = [];
    const even = { ...known.tensors, 'conv1/kernel': new Float32Array(27).fill(0) };
    // All of conv1 would go first: its last unit stays, and another of fc1 goes for it.
    const small = run({ ...known, tensors: even }, { scope: 'global', fraction: 0.2 }, notes);
    expect(units(small)).toEqual([1, 11, 5]);
    expect(notes).toEqual([{ code: 'unitsFloor', values: { groups: 'conv1' } }]);
    expect(units(run(known, { scope: 'global', fraction: 1 }))).toEqual([1, 1, 5]);
  });
  it('the rank of a factorized layer only where it is named', () => {
    const thin = factorize.apply(
      trainedState(),
      { rank: 8, by: 'rank', energy: 0.9, layers: ['fc1'] },
      contextWith({}),
    );
    expect(units(run(thin, { fraction: 0.5 }))).toEqual([1, 8, 6, 5]);
    expect(units(run(thin, { fraction: 0.5, layers: { 'fc1.u': 0.25 } }))).toEqual([1, 6, 6, 5]);
  });
  it('with evidence asked for by the criteria that need it, and by no others', () => {
    const wishes = (criterion: string) =>
      pruneUnits.needs?.(trainedState(), withDefaults(pruneUnits.params, { criterion, images: 50 }));
    expect(wishes('l1')).toEqual([]);
    expect(wishes('apoz')).toEqual([{ kind: 'units', images: 50 }]);
    expect(wishes('taylor')).toEqual([{ kind: 'units', images: 50 }]);
  });
});

describe('masked instead of rebuilt', () => {
  it('takes the same units, also in a second round, and keeps the size', () => {
    for (const arch of [smallArch, graphArch]) {
      const state = trainedState(arch);
      for (const criterion of ['l1', 'l2', 'l1-out', 'l2-out'] as const) {
        const twice = (rebuilt: boolean) => {
          const once = run(state, { criterion, fraction: 0.4, rebuild: rebuilt });
          return run(once, { criterion, fraction: 0.4, rebuild: rebuilt });
        };
        const [masked, small] = [twice(false), twice(true)];
        expect(masked.arch).toBe(arch);
        expect(masked.removed).toBeUndefined();
        for (const [i, group] of shrinkable(arch).entries()) {
          const alive = maskedUnits(masked, group).filter((g) => g === 0).length;
          expect(alive).toBe(shrinkable(small.arch)[i].units);
        }
        // What is left of it is the rebuilt network.
        const lists = shrinkable(arch).map((g) => {
          const gone = maskedUnits(masked, g);
          return [g.id, [...gone.keys()].filter((j) => gone[j] === 0)];
        });
        expect(rebuild(arch, masked, Object.fromEntries(lists)).tensors).toEqual(small.tensors);
      }
    }
  });
  it('is rebuilt by a later card, which counts what is masked as gone', () => {
    const masked = run(trainedState(), { fraction: 0.5, rebuild: false });
    expect(units(run(masked, { fraction: 0.5 }))).toEqual([1, 3, 5]);
  });
});

describe('afterwards', () => {
  it('rewinds to the initial weights of what is left, bit for bit; a new draw fits', () => {
    const state = trainedState(cnn());
    const small = run(state, { fraction: 0.9 });
    const again = rewind.apply(small, {}, contextWith({}, small.arch));
    for (const name of kernelNames(small.arch)) expect(again.tensors[name]).toEqual(small.start[name]);
    const drawn = reinit.apply(small, { draw: 1 }, contextWith({}, small.arch));
    for (const name of kernelNames(small.arch))
      expect(drawn.tensors[name].length).toBe(small.tensors[name].length);
  });
});

describe('refusals', () => {
  const refused = (state: NetState, values: Partial<Values>, code: string, path: string) => {
    expect(() => run(state, values)).toThrow(WinnowError);
    try {
      run(state, values);
    } catch (error) {
      expect((error as WinnowError).problem).toMatchObject({ code, path });
    }
  };
  it('names the group that has no norm, the layer that is no group, the classes', () => {
    refused(trainedState(), { criterion: 'gamma' }, 'units.norm', 'with.criterion');
    expect(() => run(trainedState(), { criterion: 'gamma' })).toThrow(/units of conv1 pass no batch norm/);
    refused(trainedState(), { layers: { fc9: 0.5 } }, 'rebuild.layer', 'with.layers.fc9');
    refused(trainedState(), { layers: { out: 0.5 } }, 'rebuild.logits', 'with.layers.out');
    const resnet = trainedState(modelById('resnet-8').build([8, 8, 3], 10));
    refused(resnet, { layers: { 's1b1.2': 0.5 } }, 'rebuild.coupled', 'with.layers.s1b1.2');
    expect(() => run(resnet, { layers: { 's1b1.2': 0.5 } })).toThrow(/name conv1 instead/);
  });
  it('a network that has diverged, at every position of the slider', () => {
    const state = trainedState();
    const tensors = { ...state.tensors, 'fc1/kernel': new Float32Array(324).fill(Number.NaN) };
    for (const fraction of [0, 0.5]) refused({ ...state, tensors }, { fraction }, 'score', '');
  });
  it('a network with nothing to remove stays as it is', () => {
    const arch = network(
      [4, 4, 2],
      [
        conv('a', { filters: 2, kernel: 1, bias: false }),
        batchnorm('n'),
        add('s', 'input'),
        globalpool('g'),
        dense('out', 3, 'linear'),
      ],
    );
    const state = trainedState(arch);
    expect(run(state)).toBe(state);
  });
});

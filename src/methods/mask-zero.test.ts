import { describe, expect, it } from 'vitest';
import { kernelNames } from '../models/build';
import { trainedMasks, unheld } from '../models/held';
import type { NetState } from '../models/types';
import { withDefaults } from '../spec/defaults';
import type { Params } from '../spec/params';
import { context, contextWith, graphArch, smallArch, trainedState } from './fixtures';
import { maskZero } from './mask-zero';
import { prune } from './prune';
import { reinit } from './reinit';
import { rewind } from './rewind';
import { startValues } from './start-values';
import type { LiveMethod, Note } from './types';

const act = (state: NetState, action: string, notes: Note[] = []) =>
  maskZero.apply(state, { action } as never, contextWith({}, state.arch, notes));
const pruned = (state: NetState, sparsity = 0.5) =>
  prune.apply(
    state,
    {
      ...Object.fromEntries(Object.entries(prune.params).map(([k, p]) => [k, p.default])),
      sparsity,
    } as never,
    context(state.arch),
  );
const bits = (t: Float32Array) => [...new Uint32Array(t.buffer, t.byteOffset, t.length)];

/** The definition, weight by weight: [value, kept, held]. */
function plain(state: NetState, name: string, action: string): [number, number, number][] {
  const [w0, wT, mask] = [state.start[name], state.final![name], state.masks[name]];
  return Array.from(w0, (start, i) => {
    const shrank = Math.abs(wT[i]) < Math.abs(start);
    if (mask && mask[i] === 0) {
      const frozen = action === 'freeze' || (action !== 'zero' && !shrank);
      return frozen ? [start, 1, 1] : [0, 0, 0];
    }
    return [action === 'freeze-shrunk-start' && shrank ? 0 : start, 1, 0];
  });
}

describe.each([
  ['small', smallArch],
  ['graph', graphArch],
])('%s', (_, arch) => {
  const before = pruned(trainedState(arch));
  // Weights of equal size, zeros of both signs and sign flips at the edges of the rule.
  const edges = { ...before, final: { ...before.final }, start: { ...before.start } } as NetState;
  for (const name of kernelNames(arch)) {
    const [start, final] = [before.start[name].slice(), before.final![name].slice()];
    [0.5, -0.5, 0, -0, 0.25].forEach((w, i) => {
      start[i] = w;
    });
    [-0.5, -0.5, 0, 0, -0.75].forEach((w, i) => {
      final[i] = w;
    });
    Object.assign(edges.start, { [name]: start });
    Object.assign(edges.final!, { [name]: final });
  }
  it.each(['zero', 'freeze', 'freeze-shrunk', 'freeze-shrunk-start'])(
    '%s as it is defined, bit for bit',
    (action) => {
      for (const state of [before, edges]) {
        const after = act(state, action);
        for (const name of kernelNames(arch)) {
          const want = plain(state, name, action);
          expect(bits(after.tensors[name])).toEqual(bits(Float32Array.from(want, ([w]) => w)));
          expect(want.map(([, , held]) => held)).toEqual(want.map((_, i) => after.held?.[name]?.[i] ?? 0));
          expect(want.map(([, kept]) => kept)).toEqual(want.map((_, i) => after.masks[name]?.[i] ?? 1));
        }
        expect([after.start, after.final, after.quant]).toEqual([state.start, state.final, {}]);
        for (const name of Object.keys(after.tensors))
          if (!name.endsWith('/kernel')) expect(after.tensors[name]).toBe(state.start[name]);
      }
    },
  );
  it('zero is rewind', () => {
    expect(act(before, 'zero')).toEqual(rewind.apply(before, {}, context(arch)));
  });
  it('what was zero or frozen stays so in the next round, whose masks only lose trained weights', () => {
    const frozen = act(before, 'freeze-shrunk');
    // A training that moves what it may.
    const tensors = { ...frozen.tensors };
    const trained = trainedMasks(frozen);
    for (const name of kernelNames(arch))
      tensors[name] = tensors[name].map((w, i) => (trained[name][i] ? before.final![name][i] : w));
    const round = pruned({ ...frozen, tensors, final: tensors });
    for (const name of kernelNames(arch)) {
      const left = trainedMasks(round)[name];
      expect(left.some((m, i) => m > trained[name][i])).toBe(false);
      const kept = (mask: Uint8Array) => mask.reduce((n, m) => n + m, 0);
      const rate = name === 'out/kernel' ? 0.25 : 0.5;
      expect(kept(left)).toBe(kept(trained[name]) - Math.round(rate * kept(trained[name])));
      expect(round.held).toEqual(frozen.held);
    }
    const again = act(round, 'freeze-shrunk');
    for (const name of kernelNames(arch))
      trained[name].forEach((m, i) => {
        if (m === 0) {
          expect(again.held?.[name]?.[i] ?? 0).toBe(frozen.held?.[name]?.[i] ?? 0);
          expect(again.tensors[name][i]).toBe(frozen.tensors[name][i]);
        }
      });
  });
  it('rewind and reinit prune what was held', () => {
    const frozen = act(before, 'freeze');
    for (const method of [rewind, reinit] as unknown as LiveMethod[]) {
      const after = method.apply(frozen, { draw: 0 } as never, context(arch));
      expect(after).not.toHaveProperty('held');
      expect(after.masks).toEqual(before.masks);
      expect(after).toEqual(method.apply(before, { draw: 0 } as never, context(arch)));
    }
    expect(unheld(before)).toBe(before);
  });
});

it('tells how many are held and how many begin at zero', () => {
  const before = pruned(trainedState());
  const notes: Note[] = [];
  const after = act(before, 'freeze-shrunk-start', notes);
  const sum = (arrays: Iterable<ArrayLike<number>>, of: (v: number) => boolean) =>
    [...arrays].reduce((n, a) => n + Array.from(a).filter(of).length, 0);
  const held = sum(Object.values(after.held!), (h) => h === 1);
  const gone = sum(Object.values(before.masks), (m) => m === 0);
  const zeros = sum(
    kernelNames(smallArch).map((name) => after.tensors[name]),
    (w) => w === 0,
  );
  expect(held).toBeGreaterThan(0);
  expect(notes).toEqual([
    { code: 'frozen', values: { held, pruned: gone } },
    { code: 'beganAtZero', values: { began: zeros - (gone - held) } },
  ]);
});
it('does not compare ends with other beginnings', () => {
  const before = pruned(trainedState());
  const begun: [LiveMethod, Params][] = [
    [reinit, { draw: 1 }],
    [startValues, { values: 'redraw' }],
  ];
  for (const [method, values] of begun) {
    const after = method.apply(before, withDefaults(method.params, values) as never, context());
    expect(() => act(after, 'freeze-shrunk')).toThrow(/beginning and the end of a training/);
  }
  const original = startValues.apply(
    before,
    withDefaults(startValues.params, { values: 'original' }) as never,
    context(),
  );
  expect(act(original, 'freeze-shrunk')).toEqual(act(before, 'freeze-shrunk'));
});
it('needs a training to compare with where it compares', () => {
  const { final: _, ...never } = pruned(trainedState());
  for (const action of ['zero', 'freeze']) expect(() => act(never, action)).not.toThrow();
  for (const action of ['freeze-shrunk', 'freeze-shrunk-start'])
    expect(() => act(never, action)).toThrow(/beginning and the end of a training/);
});

/** What every method must keep, whatever it does; a new one is tested here by being registered. */
import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { kernelNames, weightLayers } from '../models/build';
import { unheld } from '../models/held';
import { tensorsOf } from '../models/tensors';
import type { NetState } from '../models/types';
import type { NumberParam, Param, Params, ParamTable } from '../spec/params';
import { WinnowError } from '../spec/problem';
import { effectiveKernel } from './fake-quant';
import { context, contextWith, evidenceFor, graphArch, smallArch, trainedState } from './fixtures';
import { methodById, methods } from './registry';
import { rewind } from './rewind';
import { survivors } from './select';
import { variations } from './testing/values';
import { finish, type LiveMethod, type Method } from './types';

const live = methods.filter((m): m is LiveMethod => m.live);
const defaultsOf = (table: ParamTable): Params =>
  Object.fromEntries(Object.entries(table).map(([name, p]) => [name, p.default]));
const apply = (m: LiveMethod, state: NetState, over: Params = {}) =>
  m.apply(state, { ...defaultsOf(m.params), ...over } as never, context(state.arch));

/** A state that has been through pruning and quantization already. */
function compressed(arch = smallArch): NetState {
  const pruned = apply(methodById('prune') as LiveMethod, trainedState(arch), { sparsity: 0.5 });
  return apply(methodById('quantize') as LiveMethod, pruned, { bits: 3 });
}
/** Half of what pruning took out is held at its start. */
const partlyHeld = (arch = smallArch): NetState =>
  apply(methodById('mask-zero') as LiveMethod, compressed(arch), { action: 'freeze-shrunk' });
const states: [string, () => NetState][] = [
  ['trained', () => trainedState()],
  ['compressed', () => compressed()],
  ['trained graph', () => trainedState(graphArch)],
  ['compressed graph', () => compressed(graphArch)],
  ['partly held', () => partlyHeld()],
  ['partly held graph', () => partlyHeld(graphArch)],
];
/** Positions of the big slider, ends included. */
function positions(m: Method): number[] {
  if (!m.slider) return [];
  const { min, max, integer } = m.params[m.slider] as NumberParam;
  return [0, 0.25, 0.5, 0.9, 1].map((f) => min + f * (max - min)).map((v) => (integer ? Math.round(v) : v));
}
function expectWhole(state: NetState): void {
  const sizes = Object.fromEntries(tensorsOf(state.arch).map((t) => [t.name, t.length]));
  for (const layer of weightLayers(state.arch)) {
    expect(effectiveKernel(state, layer).every(Number.isFinite)).toBe(true);
  }
  expect(Object.fromEntries(Object.entries(state.tensors).map(([n, t]) => [n, t.length]))).toEqual(sizes);
  for (const [name, mask] of Object.entries(state.masks)) {
    expect(kernelNames(state.arch)).toContain(name);
    mask.forEach((m, i) => {
      if (m === 0) expect(Object.is(state.tensors[name][i], 0)).toBe(true);
    });
  }
  for (const [name, held] of Object.entries(state.held ?? {})) {
    expect(held).toHaveLength(sizes[name]);
    expect(held.some((h, i) => h === 1 && state.masks[name]?.[i] === 0)).toBe(false);
  }
  for (const [name, final] of Object.entries(state.final ?? {})) expect(final).toHaveLength(sizes[name]);
}

it('ids are unique and an unknown one is refused with the list', () => {
  expect(new Set(methods.map((m) => m.id)).size).toBe(methods.length);
  expect(() => methodById('shrink')).toThrow(/train, prune.*got shrink/);
});

describe.each(methods.map((m) => [m.id, m] as const))('%s', (_, method) => {
  it('has a formula that KaTeX can set and citations with text', () => {
    expect(katex.renderToString(method.formula, { throwOnError: true })).toContain('katex');
    expect(method.citations.length).toBeGreaterThan(0);
    for (const { text, url } of method.citations) {
      expect(text).toMatch(/\(\d{4}\)/);
      if (url) expect(new URL(url).protocol).toBe('https:');
    }
  });
  it('has defaults inside its own table', () => {
    const names = Object.keys(method.params);
    for (const p of Object.values(method.params) as Param[]) {
      expect(p.label).not.toBe('');
      for (const sibling of Object.keys(p.when ?? {})) expect(names).toContain(sibling);
      if (p.kind === 'number') {
        expect(p.default).toBeGreaterThanOrEqual(p.min);
        expect(p.default).toBeLessThanOrEqual(p.max);
        if (p.integer) expect([p.default, p.min, p.max].every(Number.isInteger)).toBe(true);
        if (p.scale === 'log') expect(p.min).toBeGreaterThan(0);
      }
      if (p.kind === 'choice') expect(p.options).toContain(p.default);
      if (p.kind === 'perLayer') expect(method.params[p.of].kind).toBe('number');
    }
    if (method.slider) expect(method.params[method.slider].kind).toBe('number');
  });
});

const resized = (before: NetState, after: NetState, name: string): boolean =>
  before.tensors[name]?.length !== after.tensors[name].length;

describe.each(live.map((m) => [m.id, m] as const))('%s on a state', (_, method) => {
  it.each(states)('%s: gives a whole network at the defaults and all along its slider', (_name, make) => {
    expectWhole(apply(method, make()));
    for (const value of positions(method)) expectWhole(apply(method, make(), { [method.slider!]: value }));
  });
  it.each(states)('%s: is deterministic and leaves its input alone', (_name, make) => {
    const [state, untouched] = [make(), make()];
    const [first, second] = [apply(method, state), apply(method, state)];
    expect(first).toEqual(second);
    expect(state).toEqual(untouched);
  });
});
const shrinking = live.filter(({ revives }) => !revives);
describe.each(shrinking.map((m) => [m.id, m] as const))('%s on a state', (_, method) => {
  it.each(states)('%s: masks only ever shrink', (_name, make) => {
    const before = make();
    const after = apply(method, before);
    for (const name of kernelNames(after.arch)) {
      const kept = (s: NetState) => survivors(s.masks[name], s.tensors[name].length);
      if (!before.tensors[name]) continue;
      // Where units went, positions do not say the same any more.
      if (resized(before, after, name)) expect(kept(after)).toBeLessThanOrEqual(kept(before));
      else
        before.masks[name]?.forEach((m, i) => {
          if (m === 0) expect(after.masks[name][i]).toBe(0);
        });
    }
  });
});

/** Methods that choose weights: what they all keep, whichever weights they choose. */
const choosing = live.filter(({ kind }) => kind === 'criterion');
const told = (m: LiveMethod, state: NetState, over: Params = {}) => {
  const context = contextWith(evidenceFor(state.arch), state.arch);
  const values = { ...defaultsOf(m.params), ...over } as never;
  return { values, context, after: m.apply(state, values, context) };
};
describe.each(choosing.map((m) => [m.id, m] as const))('%s chooses', (_, method) => {
  it.each(states)('%s: nothing at its neutral values', (_name, make) => {
    const state = make();
    expect(method.neutral).toBeDefined();
    expect(told(method, state, method.neutral as Params).after).toBe(state);
  });
  it.each(states)('%s: nothing that is held', (_name, make) => {
    const before = make();
    const { after } = told(method, before, positionAt(method, 0.7));
    expect(after).not.toBe(before);
    // Units go with whatever they hold.
    if (after.arch !== before.arch) return;
    expect(after.held).toEqual(before.held);
    for (const [name, held] of Object.entries(before.held ?? {})) {
      const values = (s: NetState) => s.tensors[name].filter((_, i) => held[i] === 1);
      expect(values(after)).toEqual(values(before));
    }
    expect(Object.values(unheld(after).masks)).not.toEqual(Object.values(unheld(before).masks));
  });
  it.each(states)('%s: round after round nothing comes back', (_name, make) => {
    let before = make();
    for (let round = 0; round < 3; round++) {
      const { after } = told(method, before, positionAt(method, 0.4));
      for (const [name, mask] of Object.entries(before.masks)) {
        // A rebuilt layer has places of its own.
        if (after.tensors[name]?.length !== mask.length) continue;
        expect(mask.every((m, i) => after.masks[name] === undefined || m >= after.masks[name][i])).toBe(true);
      }
      before = after;
    }
  });
});
const positionAt = (m: Method, share: number): Params => {
  if (!m.slider) return {};
  const { min, max, integer } = m.params[m.slider] as NumberParam;
  const value = min + share * (max - min);
  return { [m.slider]: integer ? Math.round(value) : value };
};

describe.each(live.map((m) => [m.id, m] as const))('%s at other values', (_, method) => {
  const without = variations(method.params, 'fc1').filter(([, values]) => values.criterion === undefined);
  it.each([
    ['trained', trainedState],
    ['trained graph', () => trainedState(graphArch)],
  ])('%s: gives the same network each time, leaves its input alone, in pieces or not', (_name, make) => {
    for (const [, values] of without) {
      const [state, untouched] = [make(), make()];
      const attempt = () => {
        try {
          return told(method, state, values);
        } catch (error) {
          // Refused by name, as a file of another network or a layer that is not there.
          if (!(error instanceof WinnowError)) throw error;
          return undefined;
        }
      };
      const first = attempt();
      expect(attempt()?.after).toEqual(first?.after);
      expect(state).toEqual(untouched);
      if (!first || !method.pieces) continue;
      expect(finish(method.pieces(state, first.values, first.context))).toEqual(first.after);
    }
  });
});

describe.each(live.map((m) => [m.id, m] as const))('%s on a graph', (_, method) => {
  const tensors = (state: NetState, roles: string[]) =>
    Object.fromEntries(
      tensorsOf(state.arch)
        .filter((t) => roles.includes(t.role))
        .map((t) => [t.name, state.tensors[t.name]]),
    );
  it('never masks or quantizes a bias or a norm', () => {
    const after = apply(method, compressed(graphArch));
    const kernels = kernelNames(after.arch);
    for (const name of [...Object.keys(after.masks), ...Object.keys(after.quant)]) {
      expect(kernels).toContain(name);
    }
  });
  it('leaves norms alone, but for those that begin anew', () => {
    const before = trainedState(graphArch);
    const after = apply(method, before);
    const norms = ['gamma', 'beta', 'mean', 'variance'];
    // Without a file there is nothing to open.
    const begins = method.kind === 'start' && after !== before;
    const wanted = begins ? { ...before, tensors: after.start } : before;
    if (resized(before, after, 'bn1/gamma')) {
      // Of channels that went, theirs went too.
      for (const [name, t] of Object.entries(tensors(after, norms)))
        for (const v of t) expect(before.tensors[name]).toContain(v);
      return;
    }
    expect(tensors(after, norms)).toEqual(tensors(wanted, norms));
    if (begins && after.tensors !== before.tensors)
      expect(tensors(after, norms)).not.toEqual(tensors(before, norms));
  });
});

it('prunes every kernel of a graph, depthwise ones among them, the last dense one at half rate', () => {
  const { masks } = apply(methodById('prune') as LiveMethod, trainedState(graphArch), { sparsity: 0.5 });
  const pruned = Object.entries(masks).map(([name, m]) => [name, m.filter((v) => v === 0).length / m.length]);
  expect(Object.fromEntries(pruned)).toEqual({
    'conv1/kernel': 0.5,
    'dw/kernel': 0.5,
    'fc1/kernel': 0.5,
    // A quarter of 30, to the nearest.
    'out/kernel': 8 / 30,
  });
});
it('gives each channel of a depthwise kernel its own scale', () => {
  const state = apply(methodById('quantize') as LiveMethod, trainedState(graphArch), { bits: 2 });
  const layer = weightLayers(graphArch)[1];
  const values = effectiveKernel(state, layer);
  for (let c = 0; c < 4; c++) {
    const channel = values.filter((_, i) => i % 4 === c);
    expect(new Set(channel).size).toBeLessThanOrEqual(4);
  }
  expect(new Set(values).size).toBeGreaterThan(4);
});

it('pruning nothing is the identity', () => {
  const state = trainedState();
  expect(apply(methodById('prune') as LiveMethod, state, { sparsity: 0 })).toBe(state);
});

describe('rewind', () => {
  it('restores the start bit for bit, biases included; pruned weights stay zero; masks stay, bits go', () => {
    const before = compressed();
    const after = apply(rewind as LiveMethod, before);
    const bits = (t: Float32Array) => new Uint32Array(t.buffer, t.byteOffset, t.length);
    for (const [name, tensor] of Object.entries(after.tensors)) {
      const start = bits(before.start[name]);
      bits(tensor).forEach((b, i) => {
        expect(b).toBe(before.masks[name] && before.masks[name][i] === 0 ? 0 : start[i]);
      });
    }
    expect(after.tensors['fc1/bias']).not.toEqual(before.tensors['fc1/bias']);
    expect(after.masks).toBe(before.masks);
    expect(after.quant).toEqual({});
  });
  it('refuses after factorize and says where to put it', () => {
    const thin = apply(methodById('factorize') as LiveMethod, trainedState());
    expect(() => apply(rewind as LiveMethod, thin)).toThrow(/fc1\.u\/kernel.*before factorize/);
  });
});

it('reinit draws anew under the same masks, differently for every draw', () => {
  const reinit = methodById('reinit') as LiveMethod;
  const before = compressed();
  const [a, b] = [apply(reinit, before, { draw: 0 }), apply(reinit, before, { draw: 1 })];
  expect(a.masks).toBe(before.masks);
  expect(a.tensors['fc1/kernel']).not.toEqual(before.start['fc1/kernel']);
  expect(a.tensors['fc1/kernel']).not.toEqual(b.tensors['fc1/kernel']);
});

/** What every method must keep, whatever it does; a new one is tested here by being registered. */
import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { biasName, channels, kernelName, kernelNames, kernelSize, weightLayers } from '../models/build';
import type { NetState } from '../models/types';
import type { NumberParam, Param, Params, ParamTable } from '../spec/params';
import { criteria } from './criteria/registry';
import { effectiveKernel } from './fake-quant';
import { context, smallArch, trainedState } from './fixtures';
import { methodById, methods } from './registry';
import { rewind } from './rewind';
import type { LiveMethod, Method } from './types';

const live = methods.filter((m): m is LiveMethod => m.live);
const defaultsOf = (table: ParamTable): Params =>
  Object.fromEntries(Object.entries(table).map(([name, p]) => [name, p.default]));
const apply = (m: LiveMethod, state: NetState, over: Params = {}) =>
  m.apply(state, { ...defaultsOf(m.params), ...over } as never, context(state.arch));

/** A state that has been through pruning and quantization already. */
function compressed(): NetState {
  const pruned = apply(methodById('prune') as LiveMethod, trainedState(), { sparsity: 0.5 });
  return apply(methodById('quantize') as LiveMethod, pruned, { bits: 3 });
}
const states: [string, () => NetState][] = [
  ['trained', () => trainedState()],
  ['compressed', compressed],
];
/** Positions of the big slider, ends included. */
function positions(m: Method): number[] {
  if (!m.slider) return [];
  const { min, max, integer } = m.params[m.slider] as NumberParam;
  return [0, 0.25, 0.5, 0.9, 1].map((f) => min + f * (max - min)).map((v) => (integer ? Math.round(v) : v));
}
function expectWhole(state: NetState): void {
  const sizes: Record<string, number> = {};
  for (const layer of weightLayers(state.arch)) {
    sizes[kernelName(layer)] = kernelSize(layer);
    if (layer.bias) sizes[biasName(layer)] = channels(layer);
    expect(effectiveKernel(state, layer).every(Number.isFinite)).toBe(true);
  }
  expect(Object.fromEntries(Object.entries(state.tensors).map(([n, t]) => [n, t.length]))).toEqual(sizes);
  for (const [name, mask] of Object.entries(state.masks)) {
    expect(kernelNames(state.arch)).toContain(name);
    mask.forEach((m, i) => {
      if (m === 0) expect(Object.is(state.tensors[name][i], 0)).toBe(true);
    });
  }
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
  it.each(states)('%s: masks only ever shrink', (_name, make) => {
    const before = make();
    const after = apply(method, before);
    for (const name of kernelNames(after.arch)) {
      before.masks[name]?.forEach((m, i) => {
        if (m === 0) expect(after.masks[name][i]).toBe(0);
      });
    }
  });
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

it('every criterion gives one finite score per weight, and a formula', () => {
  const state = trainedState();
  for (const criterion of criteria) {
    for (const layer of weightLayers(smallArch)) {
      const scores = criterion.score(state, layer);
      expect(scores.length).toBe(kernelSize(layer));
      expect(scores.every(Number.isFinite)).toBe(true);
    }
    expect(katex.renderToString(criterion.formula, { throwOnError: true })).toContain('katex');
  }
});

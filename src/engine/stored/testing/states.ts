/** Networks for the tests of this folder. */

import * as fc from 'fast-check';
import { expect } from 'vitest';
import { trainedState } from '../../../methods/fixtures';
import { prune } from '../../../methods/prune';
import { dense, kernelName, network, weightLayers } from '../../../models/build';
import type { Arch, NetState, QuantSpec } from '../../../models/types';
import { withDefaults } from '../../../spec/defaults';
import { effective, methodContext } from '../../state';
import { decode } from '../decode';
import { encode, layout } from '../encode';
import { type Encoded, PARTS, sumBytes } from '../types';

/** Where two tensors first differ in a bit, or in length; -1 where they do not. Quicker than comparing lists. */
export function firstDifference(a: Float32Array, b: Float32Array): number {
  const [x, y] = [a, b].map((t) => new Uint32Array(t.buffer, t.byteOffset, t.length));
  for (let i = 0; i < Math.max(x.length, y.length); i++) if (x[i] !== y[i]) return i;
  return -1;
}
/** Bit patterns as plain numbers. */
export const bitsOf = (t: Float32Array): number[] => [...new Uint32Array(t.buffer, t.byteOffset, t.length)];

/**
 * Encodes and decodes; checks that weights and architecture come back bit for bit, that what is said of the file before
 * writing, on writing and on reading is the same, and that tensors and parts add up to its length.
 */
export function expectRoundTrip(state: NetState): Encoded {
  const encoded = encode(state);
  const { file, ...facts } = encoded;
  expect(layout(state)).toEqual(facts);
  expect(facts.bytes).toBe(file.length);
  const decoded = decode(file);
  expect(decoded.facts).toEqual(facts);
  expect(decoded.arch).toEqual(state.arch);
  const wanted = effective(state.arch, state);
  expect(Object.keys(decoded.tensors).sort()).toEqual(Object.keys(wanted).sort());
  for (const [name, tensor] of Object.entries(wanted))
    expect([name, firstDifference(decoded.tensors[name], tensor)]).toEqual([name, -1]);
  for (const part of PARTS) {
    const inTensors = facts.tensors.reduce((sum, t) => sum + t.parts[part], 0);
    expect(facts.parts[part]).toBe(part === 'header' ? facts.parts.header : inTensors);
  }
  expect(sumBytes(facts.parts)).toBe(file.length);
  // Weights and masks alone execute the same; masking quiets a signalling NaN, which the file keeps.
  const loaded = { ...decoded, quant: {} };
  for (const [name, tensor] of Object.entries(effective(decoded.arch, loaded)))
    if (!tensor.some(Number.isNaN))
      expect([name, firstDifference(tensor, decoded.tensors[name])]).toEqual([name, -1]);
  return encoded;
}

/** One dense layer of that kernel. */
export function single(kernel: Float32Array, out: number, mask?: Uint8Array, spec?: QuantSpec): NetState {
  const arch = network([1, 1, kernel.length / out], [dense('fc', out, 'linear')]);
  const tensors = { 'fc/kernel': kernel, 'fc/bias': new Float32Array(out).fill(0.3) };
  const masks: Record<string, Uint8Array> = mask ? { 'fc/kernel': mask } : {};
  const quant: Record<string, QuantSpec> = spec ? { 'fc/kernel': spec } : {};
  return { arch, tensors, masks, quant, start: tensors, trainings: 0, steps: 0 };
}

export function pruned(arch: Arch, sparsity: number): NetState {
  const values = withDefaults(prune.params, { sparsity, outputHalf: false });
  return prune.apply(trainedState(arch), values, methodContext(arch, { init: 1, order: 1, method: 1 }, 0));
}
export function quantized(state: NetState, spec: QuantSpec): NetState {
  return { ...state, quant: Object.fromEntries(weightLayers(state.arch).map((l) => [kernelName(l), spec])) };
}

export const anySpec = fc.record({
  bits: fc.integer({ min: 1, max: 8 }),
  scheme: fc.constantFrom('affine' as const, 'symmetric' as const),
  granularity: fc.constantFrom('tensor' as const, 'channel' as const),
});
/** Finite, with both zeros, denormals and values of 16 bits. */
export const finite = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 100), max: 2 ** 100 }),
  fc.constantFrom(0, -0, 1e-45, 1, -0.5, 65504),
);
/** A kernel of any 32 bits: NaNs with payloads, infinities, both zeros. */
export const anyPatterns = (size: fc.Arbitrary<number>): fc.Arbitrary<Float32Array> =>
  size.chain((n) =>
    fc
      .array(fc.oneof(fc.nat(0xffffffff), fc.constantFrom(0, 0, 0, 0x80000000, 0x7fc00001, 0xffa00000)), {
        minLength: n,
        maxLength: n,
      })
      .map((list) => new Float32Array(Uint32Array.from(list).buffer)),
  );

/** Numbers in [0, 1) that look random and are always the same. */
export function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    let x = state ^ (state >>> 15);
    x = Math.imul(x, 0x2c1b3c6d);
    return ((x ^ (x >>> 12)) >>> 0) / 2 ** 32;
  };
}
/** Roughly normal, standard deviation 0.05. */
export function normalKernel(length: number, seed: number): Float32Array {
  const next = noise(seed);
  return Float32Array.from({ length }, () => {
    let sum = -6;
    for (let k = 0; k < 12; k++) sum += next();
    return sum * 0.05 || 1e-3;
  });
}
/** Keeps each with that probability. */
export function randomMask(length: number, density: number, seed: number): Uint8Array {
  const next = noise(seed);
  return Uint8Array.from({ length }, () => (next() < density ? 1 : 0));
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factorize } from '../../methods/factorize';
import { graphArch, lenet, smallArch, trainedState } from '../../methods/fixtures';
import { kernelSize, weightLayers } from '../../models/build';
import { modelById } from '../../models/registry';
import type { Arch } from '../../models/types';
import { methodContext } from '../state';
import { decode } from './decode';
import { encode, layout } from './encode';
import type { Place } from './header';
import {
  anyPatterns,
  anySpec,
  bitsOf,
  expectRoundTrip,
  finite,
  pruned,
  quantized,
  single,
} from './testing/states';

const context = (arch: Arch) => methodContext(arch, { init: 1, order: 1, method: 1 }, 0);
const thin = (arch: Arch, rank: number) =>
  factorize.apply(pruned(arch, 0.5), { rank, by: 'rank', energy: 0.9, layers: ['fc1'] }, context(arch));
const spec = { bits: 3, scheme: 'affine', granularity: 'channel' } as const;

describe('decode gives back what encode was given, bit for bit', () => {
  it('any kernel, mask, width and scheme', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }).chain((out) =>
          fc.record({
            out: fc.constant(out),
            rows: fc.array(fc.array(finite, { minLength: out, maxLength: out }), {
              minLength: 1,
              maxLength: 30,
            }),
            density: fc.constantFrom(0, 0.05, 0.5, 1),
            seed: fc.nat(),
          }),
        ),
        fc.option(anySpec, { nil: undefined }),
        ({ out, rows, density, seed }, how) => {
          const kernel = Float32Array.from(rows.flat());
          const mask = Uint8Array.from(kernel, (_, i) =>
            ((seed + i * 2654435761) >>> 0) % 100 < density * 100 ? 1 : 0,
          );
          expectRoundTrip(single(kernel, out, density === 1 ? undefined : mask, how));
        },
      ),
      { numRuns: 400 },
    );
  });
  it('any 32 bits: NaNs with their payload, infinities, -0', () => {
    fc.assert(
      fc.property(anyPatterns(fc.integer({ min: 1, max: 300 })), (kernel) => {
        expectRoundTrip(single(kernel, 1));
        const { tensors } = decode(encode({ ...single(Float32Array.of(1), 1), ...biased(kernel) }).file);
        expect(bitsOf(tensors['fc/bias'])).toEqual(bitsOf(kernel));
      }),
      { numRuns: 200 },
    );
  });
  const biased = (bias: Float32Array) => {
    const state = single(new Float32Array(bias.length).fill(1), bias.length);
    return { arch: state.arch, tensors: { ...state.tensors, 'fc/bias': bias } };
  };
  it('few values, repeated rows, empty rows and columns: all kinds of streams', () => {
    const cell = fc.constantFrom(0, 0, 0, 1.5, -2, 1 / 3, -0);
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 8, maxLength: 40 }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(1, 2, 4, 8),
        (row, times, out) => {
          const list = Array.from({ length: times }, () => row).flat();
          expectRoundTrip(single(Float32Array.from(list.slice(0, list.length - (list.length % out))), out));
        },
      ),
      { numRuns: 200 },
    );
  });
  it('all zero, all kept, empty rows and channels, one value', () => {
    for (const bits of [1, 2, 5, 8]) {
      const how = { ...spec, bits };
      expectRoundTrip(single(new Float32Array(60), 6, undefined, how));
      expectRoundTrip(single(new Float32Array(60).fill(-1), 6, undefined, how));
      const rows = Float32Array.from({ length: 60 }, (_, i) => (Math.floor(i / 6) % 3 === 0 ? i - 30 : 0));
      expectRoundTrip(single(rows, 6, undefined, how));
      const columns = Uint8Array.from({ length: 60 }, (_, i) => (i % 6 < 2 ? 1 : 0));
      expectRoundTrip(single(new Float32Array(60).fill(3), 6, columns, how));
      expectRoundTrip(single(new Float32Array(60).fill(3), 6, new Uint8Array(60), how));
    }
    expectRoundTrip(single(new Float32Array(60), 6));
    expectRoundTrip(single(new Float32Array(1), 1));
    expectRoundTrip(single(Float32Array.of(-0), 1));
    expectRoundTrip(single(Float32Array.of(Number.NaN), 1));
  });
  it('whole networks: pruned, quantized, factorized, in every order', () => {
    const small = thin(smallArch, 3);
    for (const state of [trainedState(), pruned(smallArch, 0.8), small, quantized(small, spec)])
      expectRoundTrip(state);
    for (const bits of [1, 2, 4, 8])
      expectRoundTrip(quantized(pruned(lenet, 0.9), { ...spec, bits, scheme: 'symmetric' }));
  });
  it('every network of the lab', () => {
    for (const id of ['lenet-5', 'resnet-8', 'mobilenet-tiny'])
      expectRoundTrip(quantized(pruned(modelById(id).build([32, 32, 3], 10), 0.8), spec));
  });
});

describe('the file', () => {
  it('keeps pairs, norms and depthwise filters apart', () => {
    const { tensors, pairs, parts } = expectRoundTrip(quantized(thin(graphArch, 2), spec));
    expect(pairs).toEqual({ fc1: ['fc1.u/kernel', 'fc1.v/kernel'] });
    expect(tensors.map((t) => t.name).sort()).toEqual(
      ['biases', 'norms', ...['conv1', 'dw', 'fc1.u', 'fc1.v', 'out'].map((n) => `${n}/kernel`)].sort(),
    );
    expect(parts.norms).toBe(2 * 4 * 4 * 4);
    expect(parts.biases).toBe(4 * (4 + 6 + 5));
    expect(expectRoundTrip(trainedState(graphArch)).pairs).toEqual({});
  });
  it('is one that readers of safetensors know: places without holes, wide types first, shapes of full tensors', () => {
    for (const state of [trainedState(graphArch), quantized(pruned(lenet, 0.9), spec)]) {
      const { file } = encode(state);
      const length = Number(new DataView(file.buffer).getBigUint64(0, true));
      expect(length % 8).toBe(0);
      const { __metadata__, ...tensors } = JSON.parse(new TextDecoder().decode(file.slice(8, 8 + length)));
      for (const value of Object.values(__metadata__)) expect(typeof value).toBe('string');
      const width: Record<string, number> = { F32: 4, F16: 2, U8: 1 };
      let end = 0;
      for (const { dtype, shape, data_offsets } of Object.values(tensors as Record<string, Place>)) {
        expect(data_offsets[0]).toBe(end);
        expect(end % width[dtype]).toBe(0);
        end += shape.reduce((a, b) => a * b, width[dtype]);
        expect(data_offsets[1]).toBe(end);
      }
      expect(8 + length + end).toBe(file.length);
    }
    const { file } = encode(trainedState());
    const values = trainedState().tensors['conv1/kernel'];
    const bytes = new Uint8Array(values.buffer);
    const at = file.findIndex((_, i) => bytes.every((b, k) => file[i + k] === b));
    expect(at % 8).toBe(0);
  });
  it('shrinks LeNet-300-100 as far as pruning and bits allow', () => {
    const full = layout(trainedState(lenet)).bytes;
    const weights = weightLayers(lenet).reduce((sum, l) => sum + kernelSize(l), 0);
    expect(full).toBeGreaterThan(4 * (weights + 410));
    expect(full).toBeLessThan(4 * (weights + 410) + 1000);
    const small = quantized(pruned(lenet, 0.95), { bits: 4, scheme: 'affine', granularity: 'tensor' });
    // 13,310 weights of 4 bits and at most 6 bits of index each, with biases and header.
    expect(expectRoundTrip(small).file.length).toBeLessThan(13_310 * 1.25 + 1640 + 1500);
  });
  it('does not depend on what was encoded before', () => {
    const state = single(
      new Float32Array(24).map((_, i) => (i % 5 === 0 ? i : 0)),
      4,
    );
    const first = encode(state).file;
    expectRoundTrip(single(state.tensors['fc/kernel'], 2));
    expectRoundTrip({ ...state, quant: { 'fc/kernel': spec } });
    expect(encode(state).file).toEqual(first);
  });
});

describe('what can be recovered', () => {
  it('masks: 0 where the weight is +0, and only there', () => {
    const kernel = Float32Array.of(0, -0, 1, 2, 0, 3);
    const { masks } = decode(encode(single(kernel, 2)).file);
    expect([...masks['fc/kernel']]).toEqual([0, 1, 1, 1, 0, 1]);
    expect(decode(encode(trainedState()).file).masks).toEqual({});
  });
  it('codes with their scales', () => {
    const state = quantized(trainedState(lenet), { bits: 4, scheme: 'symmetric', granularity: 'channel' });
    const { codes } = decode(encode(state).file);
    expect(codes['fc1/kernel'].bits).toBe(4);
    expect(codes['fc1/kernel'].scales).toHaveLength(300);
    expect(codes['fc1/kernel'].codes).toHaveLength(235_200);
    expect(decode(encode(trainedState()).file).codes).toEqual({});
  });
});

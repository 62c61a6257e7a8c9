import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factorize } from '../../methods/factorize';
import { graphArch, lenet, smallArch, trainedState } from '../../methods/fixtures';
import { prune } from '../../methods/prune';
import { dense, kernelName, kernelSize, network, weightLayers } from '../../models/build';
import type { Arch, NetState, QuantSpec } from '../../models/types';
import { crc32 } from '../crc32';
import { effective, methodContext } from '../state';
import { decode } from './decode';
import { encode, encodedSize, layout } from './encode';
import { bytesOf } from './forms';

const bits = (t: Float32Array) => [...new Uint32Array(t.buffer, t.byteOffset, t.length)];
function expectRoundTrip(state: NetState): ReturnType<typeof encode> {
  const encoded = encode(state);
  expect(encoded.file.length).toBe(encodedSize(state));
  const decoded = decode(encoded.file);
  expect(decoded.arch).toEqual(state.arch);
  const wanted = effective(state.arch, state);
  expect(Object.keys(decoded.tensors).sort()).toEqual(Object.keys(wanted).sort());
  for (const [name, tensor] of Object.entries(wanted))
    expect(bits(decoded.tensors[name])).toEqual(bits(tensor));
  const payload = encoded.tensors.reduce((sum, t) => sum + t.bytes, 0);
  expect(encoded.file.length).toBe(8 + layout(state).header.length + payload);
  return encoded;
}
/** One dense layer of that kernel. */
function single(kernel: Float32Array, out: number, mask?: Uint8Array, spec?: QuantSpec): NetState {
  const arch = network([1, 1, kernel.length / out], [dense('fc', out, 'linear')]);
  const tensors = { 'fc/kernel': kernel, 'fc/bias': new Float32Array(out).fill(0.5) };
  const masks: Record<string, Uint8Array> = mask ? { 'fc/kernel': mask } : {};
  const quant: Record<string, QuantSpec> = spec ? { 'fc/kernel': spec } : {};
  return { arch, tensors, masks, quant, start: tensors, trainings: 0, steps: 0 };
}
function pruned(arch: Arch, sparsity: number): NetState {
  const values = { sparsity, scope: 'layer', outputHalf: false, layers: {}, criterion: 'magnitude' } as const;
  return prune.apply(trainedState(arch), values, methodContext(arch, { init: 1, order: 1, method: 1 }, 0));
}
function quantized(state: NetState, spec: QuantSpec): NetState {
  return { ...state, quant: Object.fromEntries(weightLayers(state.arch).map((l) => [kernelName(l), spec])) };
}
const anySpec = fc.record({
  bits: fc.integer({ min: 1, max: 8 }),
  scheme: fc.constantFrom('affine' as const, 'symmetric' as const),
  granularity: fc.constantFrom('tensor' as const, 'channel' as const),
});
const entry = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 100), max: 2 ** 100 }),
  fc.constantFrom(0, -0, 1e-45, 1),
);

describe('encode', () => {
  it('decodes to the effective weights bit for bit: any kernel, mask, width and scheme', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }).chain((out) =>
          fc.record({
            out: fc.constant(out),
            rows: fc.array(fc.array(entry, { minLength: out, maxLength: out }), {
              minLength: 1,
              maxLength: 30,
            }),
            density: fc.constantFrom(0, 0.05, 0.5, 1),
            seed: fc.nat(),
          }),
        ),
        fc.option(anySpec, { nil: undefined }),
        ({ out, rows, density, seed }, spec) => {
          const kernel = Float32Array.from(rows.flat());
          const mask = Uint8Array.from(kernel, (_, i) =>
            ((seed + i * 2654435761) >>> 0) % 100 < density * 100 ? 1 : 0,
          );
          expectRoundTrip(single(kernel, out, density === 1 ? undefined : mask, spec));
        },
      ),
      { numRuns: 400 },
    );
  });
  it('uses every form where it is the smallest', () => {
    const random = (n: number) =>
      trainedState(network([1, 1, n / 10], [dense('fc1', 10)])).tensors['fc1/kernel'];
    const every = (n: number, step: number) =>
      Uint8Array.from({ length: n }, (_, i) => (i % step === 0 ? 1 : 0));
    const spec = (b: number): QuantSpec => ({ bits: b, scheme: 'affine', granularity: 'tensor' });
    const form = (state: NetState) => expectRoundTrip(state).tensors[0].form;
    const w = random(4000);
    expect(form(single(w, 10))).toBe('dense-f32');
    expect(form(single(w, 10, every(4000, 2)))).toBe('bitmap-f32');
    expect(form(single(w, 10, every(4000, 50)))).toBe('relative-f32');
    expect(form(single(w, 10, undefined, spec(4)))).toBe('packed');
    expect(form(single(w, 10, every(4000, 3), spec(6)))).toBe('bitmap-packed');
    expect(form(single(w, 10, every(4000, 50), spec(6)))).toBe('relative-packed');
    expect(form(single(w, 10, every(4000, 2), spec(1)))).toBe('bitmap-packed');
  });
  it('costs what the arithmetic says', () => {
    const w = trainedState(network([1, 1, 400], [dense('fc1', 10)])).tensors['fc1/kernel'];
    const half = Uint8Array.from(w, (_, i) => i % 2);
    const parts = (state: NetState) => encode(state).tensors[0].parts;
    expect(parts(single(w, 10))).toEqual({ values: 16_000, indices: 0, scales: 0, zeros: 0 });
    expect(parts(single(w, 10, half))).toEqual({ values: 8000, indices: 500, scales: 0, zeros: 0 });
    const channel = { bits: 3, scheme: 'affine', granularity: 'channel' } as const;
    expect(parts(single(w, 10, undefined, channel))).toEqual({
      values: 1500,
      indices: 0,
      scales: 40,
      zeros: 10,
    });
    const symmetric = { bits: 3, scheme: 'symmetric', granularity: 'tensor' } as const;
    expect(parts(single(w, 10, undefined, symmetric))).toMatchObject({ values: 1500, scales: 4, zeros: 0 });
    // Kept every 50th: 49 zeros before all but the first need 6 bits.
    const rare = Uint8Array.from(w, (_, i) => (i % 50 === 0 ? 1 : 0));
    expect(parts(single(w, 10, rare))).toMatchObject({ values: 320, indices: 60 });
  });
  it('long runs of zeros go by fillers', () => {
    for (const at of [0, 14, 15, 16, 254, 255, 256, 3000, 3999]) {
      const kernel = new Float32Array(4000);
      kernel[at] = -2;
      const { tensors } = expectRoundTrip(single(kernel, 10));
      expect(tensors[0].form).toBe('relative-f32');
    }
  });
  it('all zero, all kept, empty rows and channels', () => {
    for (const b of [1, 2, 5, 8]) {
      const spec = { bits: b, scheme: 'affine', granularity: 'channel' } as const;
      expectRoundTrip(single(new Float32Array(60), 6, undefined, spec));
      expectRoundTrip(single(new Float32Array(60).fill(-1), 6, undefined, spec));
      const rows = Float32Array.from({ length: 60 }, (_, i) => (Math.floor(i / 6) % 3 === 0 ? i - 30 : 0));
      expectRoundTrip(single(rows, 6, undefined, spec));
      const columns = Uint8Array.from({ length: 60 }, (_, i) => (i % 6 < 2 ? 1 : 0));
      expectRoundTrip(single(new Float32Array(60).fill(3), 6, columns, spec));
      expectRoundTrip(single(new Float32Array(60).fill(3), 6, new Uint8Array(60), spec));
    }
    expectRoundTrip(single(new Float32Array(60), 6));
  });
  it('whole networks: pruned, quantized, factorized, in every order', () => {
    const spec = { bits: 3, scheme: 'affine', granularity: 'channel' } as const;
    const thin = factorize.apply(
      pruned(smallArch, 0.5),
      { rank: 3, by: 'rank', energy: 0.9, layers: ['fc1'] },
      methodContext(smallArch, { init: 1, order: 1, method: 1 }, 0),
    );
    for (const state of [trainedState(), pruned(smallArch, 0.8), thin, quantized(thin, spec)])
      expectRoundTrip(state);
  });
  it('norms and depthwise filters: stored in full, norms behind everything else and not named', () => {
    const spec = { bits: 3, scheme: 'affine', granularity: 'channel' } as const;
    const thin = factorize.apply(
      pruned(graphArch, 0.5),
      { rank: 2, by: 'rank', energy: 0.9, layers: ['fc1'] },
      methodContext(graphArch, { init: 1, order: 1, method: 1 }, 0),
    );
    for (const state of [trainedState(graphArch), pruned(graphArch, 0.8), thin, quantized(thin, spec)]) {
      const { tensors, file } = expectRoundTrip(state);
      const norms = tensors.slice(-8);
      const names = ['gamma', 'beta', 'mean', 'variance'];
      expect(norms.map((t) => t.name)).toEqual(
        ['bn1', 'bn2'].flatMap((norm) => names.map((n) => `${norm}/${n}`)),
      );
      expect(norms.every((t) => t.bytes === 4 * 4)).toBe(true);
      expect(new Float32Array(file.slice(-16).buffer)).toEqual(state.tensors['bn2/variance']);
      expect(new TextDecoder().decode(layout(state).header)).not.toContain('gamma');
    }
    const [, filters] = encode(pruned(graphArch, 0.5)).tensors.filter((t) => t.name.endsWith('/kernel'));
    expect(filters).toMatchObject({ name: 'dw/kernel', form: 'bitmap-f32', bytes: 18 * 4 + 5 });
  });
  it('writes the files it always wrote', () => {
    const spec = { bits: 3, scheme: 'affine', granularity: 'channel' } as const;
    const files = [trainedState(), pruned(smallArch, 0.8), quantized(pruned(lenet, 0.9), spec)];
    expect(files.map((state) => crc32(encode(state).file))).toEqual(['d14a707b', '381f537d', 'e8bd9480']);
  });
  it('shrinks LeNet-300-100 as far as pruning and bits allow', () => {
    const full = encodedSize(trainedState(lenet));
    const kernels = 4 * weightLayers(lenet).reduce((sum, l) => sum + kernelSize(l), 0);
    expect(full).toBeGreaterThan(kernels + 4 * 410);
    expect(full).toBeLessThan(kernels + 4 * 410 + 2000);
    const small = quantized(pruned(lenet, 0.95), { bits: 4, scheme: 'affine', granularity: 'tensor' });
    // 13,310 weights of 4 bits and about 5 bits of index each, with biases and header.
    expect(expectRoundTrip(small).file.length).toBeLessThan(13_310 * 1.25 + 3500);
  });
});

describe('the smallest form', () => {
  it('never costs more than any other way to store the same entries', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 0, 0, 0, 0, 1.5, -2), { minLength: 1, maxLength: 400 }),
        (list) => {
          const state = single(Float32Array.from(list), 1);
          const stored = list.filter((x) => x !== 0).length;
          const size = bytesOf(layout(state).tensors[0]);
          expect(size).toBeLessThanOrEqual(4 * list.length);
          expect(size).toBeLessThanOrEqual(4 * stored + Math.ceil(list.length / 8));
          expect(size).toBeGreaterThanOrEqual(4 * stored);
        },
      ),
    );
  });
});

describe('decode', () => {
  const { file } = encode(
    quantized(pruned(smallArch, 0.7), { bits: 3, scheme: 'affine', granularity: 'channel' }),
  );
  it('refuses a file cut at any length, by name', () => {
    for (let n = 0; n < file.length; n += 7) {
      expect(() => decode(file.slice(0, n), 'net.winnow')).toThrow(/^net\.winnow is (cut short|damaged)/);
    }
  });
  it('refuses a file with any one bit changed', () => {
    fc.assert(
      fc.property(fc.nat({ max: file.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        const bad = file.slice();
        bad[at] ^= 1 << bit;
        expect(() => decode(bad, 'net.winnow')).toThrow(/^net\.winnow is /);
      }),
      { numRuns: 300 },
    );
  });
  it('refuses what is no Winnow file at all, and one that goes on too long', () => {
    expect(() => decode(new Uint8Array(100).fill(65))).toThrow(/cut short|damaged/);
    expect(() => decode(Uint8Array.from([...file, 0]))).toThrow(/cut short or altered/);
  });
  it('reads from the middle of a larger buffer', () => {
    const wide = new Uint8Array(file.length + 3);
    wide.set(file, 3);
    expect(decode(wide.subarray(3))).toEqual(decode(file));
  });
});

it('crc32 has the check value of the standard', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe('cbf43926');
});

/** Which form is taken, and what each costs. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lenet, trainedState } from '../../methods/fixtures';
import { kernelName, weightLayers } from '../../models/build';
import type { NetState, QuantSpec } from '../../models/types';
import { packedBytes } from './bits';
import { decode } from './decode';
import { encodeSources, layout } from './encode';
import { fromHalf } from './f16';
import { hashedValues } from './hashed';
import { type Sources, sourcesOf } from './source';
import { expectRoundTrip, firstDifference, noise, normalKernel, randomMask, single } from './testing/states';
import { type StoredTensor, sumBytes } from './types';

const kernelOf = (state: NetState): StoredTensor =>
  expectRoundTrip(state).tensors.find((t) => t.name === 'fc/kernel')!;
const of = (bits: number, granularity: QuantSpec['granularity'] = 'tensor'): QuantSpec => ({
  bits,
  scheme: 'affine',
  granularity,
});

describe('every form is the smallest somewhere', () => {
  const n = 20_000;
  const w = normalKernel(n, 1);
  const mask = (density: number) => randomMask(n, density, 2);
  const next = noise(3);
  const halves = Float32Array.from(
    new Float32Array(
      Uint32Array.from({ length: n }, () => fromHalf(0x2000 + Math.floor(next() * 0x1000))).buffer,
    ),
  );
  const book = Float32Array.from({ length: n }, () => Math.fround(1 / (3 + Math.floor(next() * 30))));
  const rows = (density: number, values: Float32Array) => {
    // Few entries, in rows short enough for 8-bit columns: no gap reaches the next one.
    const keep = randomMask(n * 16, density, 4);
    return Float32Array.from(keep, (kept, i) => (kept ? values[i % n] : 0));
  };
  it.each<[string, () => NetState]>([
    ['dense-f32', () => single(w, 10)],
    ['dense-f16', () => single(halves, 10)],
    ['dense-packed', () => single(w, 10, undefined, of(4, 'channel'))],
    ['dense-sign', () => single(w, 400, undefined, of(1, 'channel'))],
    ['dense-codebook', () => single(book, 10)],
    ['bitmap-f32', () => single(w, 10, mask(0.5))],
    ['bitmap-f16', () => single(halves, 10, mask(0.5))],
    ['bitmap-sign', () => single(w, 10, mask(0.5), of(1))],
    ['bitmap-codebook', () => single(book, 10, mask(0.5))],
    ['relative-f32', () => single(w, 10, mask(0.05))],
    ['relative-f16', () => single(halves, 10, mask(0.05))],
    ['relative-packed', () => single(w, 10, mask(0.05), of(6, 'channel'))],
    ['relative-sign', () => single(w, 10, mask(0.05), of(1))],
    ['relative-codebook', () => single(book, 10, mask(0.05))],
    ['csr-f32', () => single(rows(0.0001, w), 250)],
    ['csr-f16', () => single(rows(0.0001, halves), 250)],
  ])('%s', (form, make) => {
    expect(kernelOf(make()).form).toBe(form);
  });
});

describe('sizes', () => {
  const w = normalKernel(4000, 5);
  const parts = (state: NetState) => kernelOf(state).parts;
  it('are what the arithmetic says', () => {
    const half = randomMask(4000, 0.5, 6);
    const kept = half.reduce((a, b) => a + b, 0);
    expect(parts(single(w, 10))).toMatchObject({ values: 16_000, indices: 0, tables: 0 });
    expect(parts(single(w, 10, half))).toMatchObject({ values: 4 * kept, indices: 500, tables: 0 });
    const channel = parts(single(w, 10, undefined, of(2, 'channel')));
    expect(channel).toMatchObject({ scales: 40, zeros: 10 });
    expect(channel.values + channel.tables).toBeLessThanOrEqual(1000);
    const symmetric = { bits: 3, scheme: 'symmetric', granularity: 'tensor' } as const;
    expect(parts(single(w, 10, undefined, symmetric))).toMatchObject({ scales: 4, zeros: 0 });
  });
  it('are those of the Huffman code of the values: entropy and less than one bit more, plus the table', () => {
    const how: QuantSpec = { bits: 6, scheme: 'symmetric', granularity: 'tensor' };
    const source = sourcesOf(single(w, 10, undefined, how))['fc/kernel'];
    if (source.kind !== 'coded') throw new Error('not quantized');
    const counts = new Map<number, number>();
    for (const code of source.codes.codes) counts.set(code, (counts.get(code) ?? 0) + 1);
    const entropy = [...counts.values()].reduce((sum, c) => sum - c * Math.log2(c / 4000), 0);
    const { coding, parts: p } = kernelOf(single(w, 10, undefined, how));
    expect(coding.values).toBe('huffman');
    expect(p.values).toBeGreaterThanOrEqual(Math.floor(entropy / 8));
    expect(p.values).toBeLessThan((entropy + 4000) / 8);
    expect(p.tables).toBeGreaterThan(0);
    expect(p.tables).toBeLessThanOrEqual(32);
  });
  it('never exceed those of any other form, written plainly', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 0, 0, 0, 0, 1 / 3, -2 / 3, 1e-7), { minLength: 1, maxLength: 600 }),
        fc.constantFrom(1, 2, 5),
        (all, columns) => {
          const list = [...all, ...Array((columns - (all.length % columns)) % columns).fill(0)];
          const size = sumBytes(kernelOf(single(Float32Array.from(list), columns)).parts);
          const stored = list.filter((x) => x !== 0);
          const distinct = new Set(list).size;
          const book = (of: number[], table: number) =>
            4 * table + packedBytes(of.length, Math.max(1, Math.ceil(Math.log2(Math.max(1, table)))));
          const values = Math.min(4 * stored.length, book(stored, new Set(stored).size));
          const index = [packedBytes(list.length, 1)];
          for (const bits of [4, 5, 6, 7, 8]) {
            const gaps = list.join('').length === 0 ? [] : gapsOf(list);
            const fields = gaps.reduce((sum, gap) => sum + 1 + Math.floor(gap / (2 ** bits - 1)), 0);
            index.push(packedBytes(fields, bits));
          }
          const perRow = Array.from(
            { length: list.length / columns },
            (_, r) => list.slice(r * columns, (r + 1) * columns).filter((x) => x !== 0).length,
          );
          index.push(
            packedBytes(perRow.length, Math.max(1, Math.ceil(Math.log2(Math.max(...perRow) + 1)))) +
              stored.length,
          );
          const smallest = Math.min(
            4 * list.length,
            book(list, distinct),
            ...index.map((bytes) => bytes + values),
          );
          expect(size).toBeLessThanOrEqual(smallest);
        },
      ),
      { numRuns: 200 },
    );
  });
  const gapsOf = (list: number[]) => {
    let next = 0;
    return list.flatMap((x, i) => {
      if (x === 0) return [];
      const gap = i - next;
      next = i + 1;
      return [gap];
    });
  };
  it('of filters removed whole are next to nothing for the index: deflate finds what repeats', () => {
    const kernel = normalKernel(40_000, 8).map((x, i) => (i % 100 < 37 || i % 7 === 100 ? x : 0));
    const { coding, parts: p, form } = kernelOf(single(kernel, 100));
    expect(form).not.toMatch(/^dense/);
    expect(coding.indices).toBe('deflate');
    expect(p.indices).toBeLessThan(200);
  });
});

it('long runs of zeros go by fillers', () => {
  for (const at of [0, 14, 15, 16, 254, 255, 256, 3000, 3999, 4095, 4096, 9999]) {
    const kernel = new Float32Array(10_000);
    kernel[at] = -2;
    kernel[9990] = 1e-7;
    expect(kernelOf(single(kernel, 1)).form).not.toMatch(/^dense/);
  }
});

it('hashed tensors: buckets and seed are the file, weights come back', () => {
  const arch = lenet;
  const state = trainedState(arch);
  const buckets = normalKernel(1000, 9);
  const sources: Sources = {
    ...sourcesOf(state),
    'fc1/kernel': { kind: 'hashed', length: 235_200, seed: 4_000_000_000, buckets },
  };
  const { file, tensors } = encodeSources(arch, sources);
  const found = tensors.find((t) => t.name === 'fc1/kernel')!;
  expect(found).toMatchObject({ form: 'dense-hashed', entries: 235_200, stored: 1000 });
  expect(sumBytes(found.parts)).toBe(4000);
  const back = decode(file);
  const wanted = hashedValues(235_200, 4_000_000_000, buckets);
  expect(firstDifference(back.tensors['fc1/kernel'], wanted)).toBe(-1);
  expect(back.facts.tensors).toEqual(tensors);
});

describe('Deep Compression of LeNet-300-100 (Han, Mao, Dally 2016): 8, 9 and 26 % kept, 64 values per layer', () => {
  // Normal weights, of which the largest are kept; values spread evenly between the smallest and the largest.
  const state = trainedState(lenet);
  const tensors = { ...state.tensors };
  const keep = [0.08, 0.09, 0.26];
  weightLayers(lenet).forEach((layer, k) => {
    const name = kernelName(layer);
    const kernel = normalKernel(tensors[name].length, 20 + k);
    const cut = Float32Array.from(kernel, Math.abs).sort()[Math.floor(kernel.length * (1 - keep[k]))];
    const top = kernel.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
    const step = (2 * top) / 63;
    tensors[name] = kernel.map((x) =>
      Math.abs(x) < cut ? 0 : Math.fround((Math.round((x + top) / step) - 31.5) * step),
    );
  });
  const facts = layout({ ...state, tensors, masks: {}, quant: {} });
  const kernels = facts.tensors.filter((t) => t.name.endsWith('/kernel'));
  it('comes to a thirtieth to a fiftieth, as the paper and our own trained network do', () => {
    const dense = 4 * (266_200 + 410);
    // 40 in the paper, 34.6 by our training with codes of 6 bits; a header and float biases are counted here.
    expect(dense / facts.bytes).toBeGreaterThan(30);
    expect(dense / facts.bytes).toBeLessThan(50);
    expectRoundTrip({ ...state, tensors, masks: {}, quant: {} });
  });
  it('takes fewer than 6 bits per value and fewer than 5 per field of the index, by Huffman codes', () => {
    for (const t of kernels) {
      expect(t.form).toBe('relative-codebook');
      expect((t.parts.values * 8) / t.stored).toBeLessThan(6);
    }
    const [fc1, fc2] = kernels;
    for (const t of [fc1, fc2]) {
      expect(t.coding).toEqual({ values: 'huffman', indices: 'huffman' });
      expect((t.parts.indices * 8) / t.fields).toBeLessThan(5);
    }
  });
});

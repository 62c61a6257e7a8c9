import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QuantSpec } from '../models/types';
import { fakeQuant, quantizeCodes, symmetricLimit } from './fake-quant';
import golden from './goldens/quant.json';

const spec = (
  bits: number,
  scheme: QuantSpec['scheme'],
  granularity: QuantSpec['granularity'] = 'tensor',
) => ({
  bits,
  scheme,
  granularity,
});
const anySpec = fc.record({
  bits: fc.integer({ min: 1, max: 8 }),
  scheme: fc.constantFrom('affine' as const, 'symmetric' as const),
  granularity: fc.constantFrom('tensor' as const, 'channel' as const),
});
const weight = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });

describe('fake quantization', () => {
  it('agrees with NumPy to the bit, for every width, scheme and granularity, masked and not', () => {
    const kernel = Float32Array.from(golden.kernel);
    for (const g of golden.cases) {
      const s = g as typeof g & QuantSpec;
      const mask = g.masked ? Uint8Array.from(golden.mask) : undefined;
      const made = quantizeCodes(kernel, golden.shape, s, mask);
      expect([...made.codes]).toEqual(g.codes);
      expect([...made.zeros]).toEqual(g.zeros);
      expect([...made.scales]).toEqual(g.scales);
      expect([...fakeQuant(kernel, golden.shape, s, mask)].map((w) => w + 0)).toEqual(
        g.weights.map((w) => w + 0),
      );
    }
    expect(golden.cases.length).toBe(64);
  });
  it('keeps zero exactly zero, pruned weights too, whatever the range', () => {
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 40 }), anySpec, (list, s) => {
        const kernel = Float32Array.from([...list, 0, 123]);
        const mask = new Uint8Array(kernel.length).fill(1);
        mask[kernel.length - 1] = 0;
        const out = fakeQuant(kernel, [kernel.length, 1], s, mask);
        expect(Object.is(out[kernel.length - 1], 0)).toBe(true);
        if (s.bits > 1) expect(Object.is(out[kernel.length - 2], 0)).toBe(true);
      }),
    );
  });
  it('is off by at most half a step, one step where the zero point is rounded', () => {
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 40 }), anySpec, (list, s) => {
        fc.pre(s.bits > 1);
        const kernel = Float32Array.from(list);
        const { scales } = quantizeCodes(kernel, [list.length, 1], s);
        const worst = (s.scheme === 'affine' ? 1 : 0.5) * scales[0] * 1.0001;
        fakeQuant(kernel, [list.length, 1], s).forEach((w, i) => {
          expect(Math.abs(w - kernel[i])).toBeLessThanOrEqual(worst);
        });
      }),
    );
  });
  it('takes at most 2^b values per channel', () => {
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 300 }), anySpec, (list, s) => {
        const values = new Set(fakeQuant(Float32Array.from(list), [list.length, 1], s));
        expect(values.size).toBeLessThanOrEqual(2 ** s.bits);
      }),
    );
  });
  it('gives each output channel its own scale: one channel times 100 leaves the others as they were', () => {
    // [in 20, out 3], and HWIO [2, 2, 5, 3]: the last axis is the output channel in both.
    for (const shape of [
      [20, 3],
      [2, 2, 5, 3],
    ]) {
      const kernel = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i * 1.7));
      const loud = kernel.map((w, i) => (i % 3 === 1 ? w * 100 : w));
      const s = spec(4, 'affine', 'channel');
      const [a, b] = [fakeQuant(kernel, shape, s), fakeQuant(loud, shape, s)];
      for (let i = 0; i < 60; i++) if (i % 3 !== 1) expect(b[i]).toBe(a[i]);
      // One scale for all would round the quiet channels to nothing.
      const flat = fakeQuant(loud, shape, spec(4, 'affine', 'tensor'));
      expect(flat.filter((w, i) => i % 3 !== 1 && w !== 0).length).toBe(0);
    }
  });
  it('symmetric 2 bits are ternary and mostly zero; 1 bit is sign times mean', () => {
    const kernel = Float32Array.of(0.1, -0.2, 0.3, -1, 0.45, 0);
    expect([...fakeQuant(kernel, [6, 1], spec(2, 'symmetric'))].map((w) => w + 0)).toEqual([
      0, 0, 0, -1, 0, 0,
    ]);
    const mean = Math.fround(kernel.reduce((sum, w) => sum + Math.abs(w), 0) / 6);
    for (const scheme of ['affine', 'symmetric'] as const) {
      expect([...fakeQuant(kernel, [6, 1], spec(1, scheme))]).toEqual([mean, -mean, mean, -mean, mean, mean]);
    }
  });
  it('rounds halves to even, on both sides of zero', () => {
    const halves = Float32Array.of(3, 0.5, 1.5, 2.5, 0);
    expect([...fakeQuant(halves, [5, 1], spec(2, 'affine'))]).toEqual([3, 0, 2, 2, 0]);
    const below = halves.map((w) => -w);
    expect([...fakeQuant(below, [5, 1], spec(3, 'symmetric'))].map((w) => w + 0)).toEqual([-3, 0, -2, -2, 0]);
  });
  it('leaves pruned weights out of range and mean', () => {
    const kernel = Float32Array.of(1, -1, 50, 1);
    const mask = Uint8Array.of(1, 1, 0, 1);
    expect([...fakeQuant(kernel, [4, 1], spec(1, 'affine'), mask)]).toEqual([1, -1, 0, 1]);
    expect([...fakeQuant(kernel, [4, 1], spec(8, 'symmetric'), mask)]).toEqual([1, -1, 0, 1]);
  });
  it('all-zero, constant and fully pruned channels are defined', () => {
    for (let bits = 1; bits <= 8; bits++) {
      for (const scheme of ['affine', 'symmetric'] as const) {
        expect([...fakeQuant(new Float32Array(4), [4, 1], spec(bits, scheme))]).toEqual([0, 0, 0, 0]);
        for (const c of [0.7, -0.7]) {
          const out = fakeQuant(new Float32Array(4).fill(c), [4, 1], spec(bits, scheme));
          for (const w of out) expect(w).toBeCloseTo(c, 6);
        }
        const gone = fakeQuant(Float32Array.of(5, 6), [2, 1], spec(bits, scheme), new Uint8Array(2));
        expect([...gone]).toEqual([0, 0]);
      }
    }
    expect(symmetricLimit(8)).toBe(127);
  });
  it('refuses weights that are not finite and widths outside 1..8', () => {
    expect(() => fakeQuant(Float32Array.of(1, Number.NaN), [2, 1], spec(4, 'affine'))).toThrow(
      /NaN at index 1/,
    );
    const hidden = fakeQuant(Float32Array.of(1, Number.NaN), [2, 1], spec(4, 'affine'), Uint8Array.of(1, 0));
    expect([...hidden]).toEqual([1, 0]);
    for (const bits of [0, 9, 2.5]) {
      expect(() => fakeQuant(Float32Array.of(1), [1, 1], spec(bits, 'affine'))).toThrow(/\[1, 8\]/);
    }
  });
});

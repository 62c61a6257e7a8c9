import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QuantSpec } from '../models/types';
import { dequantize, quantizeCodes } from './fake-quant';
import { recoverQuant } from './recover';

const bitsOf = (t: Float32Array) => Array.from(new Uint32Array(t.buffer, t.byteOffset, t.length));
const spec: fc.Arbitrary<QuantSpec> = fc.record({
  bits: fc.integer({ min: 1, max: 8 }),
  scheme: fc.constantFrom('affine' as const, 'symmetric' as const),
  granularity: fc.constantFrom('tensor' as const, 'channel' as const),
});
const kernel = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, cols]) =>
    fc.record({
      shape: fc.constant([rows, cols]),
      values: fc.float32Array({
        minLength: rows * cols,
        maxLength: rows * cols,
        noNaN: true,
        min: Math.fround(-2),
        max: Math.fround(2),
      }),
      keep: fc.array(fc.boolean(), { minLength: rows * cols, maxLength: rows * cols }),
    }),
  );

describe('recoverQuant', () => {
  it('what it finds quantizes to the same weights, bit for bit', () => {
    let found = 0;
    let all = 0;
    fc.assert(
      fc.property(kernel, spec, ({ shape, values, keep }, q) => {
        const mask = Uint8Array.from(keep, Number);
        const codes = quantizeCodes(values, shape, q, mask);
        const wanted = dequantize(codes, q.bits, mask);
        // As a reader of a file has it: zeros are pruned.
        const seen = Uint8Array.from(wanted, (w) => (w === 0 ? 0 : 1));
        const recovered = recoverQuant(codes, q.bits, shape, seen);
        all++;
        if (!recovered) return;
        found++;
        const again = quantizeCodes(recovered.latent, shape, recovered.spec, seen);
        expect(bitsOf(dequantize(again, q.bits, seen).map((w) => w + 0))).toEqual(
          bitsOf(wanted.map((w) => w + 0)),
        );
      }),
      { numRuns: 400 },
    );
    expect(found).toBeGreaterThan(all / 2);
  });
  it.each([1, 2, 3, 4, 8])('finds latent weights of a large kernel at %i bits', (bits) => {
    const shape = [200, 40];
    let seed = 1;
    const next = () => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    };
    const values = Float32Array.from({ length: 8000 }, () => (next() + next() + next() - 1.5) / 8);
    for (const scheme of ['affine', 'symmetric'] as const) {
      const q: QuantSpec = { bits, scheme, granularity: 'channel' };
      const codes = quantizeCodes(values, shape, q);
      const mask = Uint8Array.from(dequantize(codes, bits), (w) => (w === 0 ? 0 : 1));
      expect(recoverQuant(codes, bits, shape, mask)?.spec.bits).toBe(bits);
    }
  });
});

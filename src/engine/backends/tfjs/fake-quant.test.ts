import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeQuant, quantizeCodes } from '../../../methods/fake-quant';
import type { QuantSpec } from '../../../models/types';
import { openTfjs, type TfjsBackend } from '../tfjs';
import { fakeQuantOf } from './fake-quant';

/**
 * True if a weight lies half-way between two codes up to the last bits of float32: which way it falls then
 * depends on how often a division was rounded, and both ways are right.
 */
function hasTie(kernel: Float32Array, shape: number[], spec: QuantSpec, mask?: Uint8Array): boolean {
  if (spec.bits === 1) return false;
  const { scales } = quantizeCodes(kernel, shape, spec, mask);
  return kernel.some((w, i) => {
    const q = Math.abs(w) / scales[i % scales.length];
    return Math.abs(q - Math.floor(q) - 0.5) < 1e-4;
  });
}

describe.each(['cpu', 'wasm'] as const)('fake quantization on tfjs %s', (id) => {
  let backend: TfjsBackend;
  beforeAll(async () => {
    backend = await openTfjs(id);
  });
  afterAll(() => backend.dispose());

  const cases = fc.record({
    spec: fc.record<QuantSpec>({
      bits: fc.integer({ min: 1, max: 8 }),
      scheme: fc.constantFrom('affine', 'symmetric'),
      granularity: fc.constantFrom('tensor', 'channel'),
    }),
    shape: fc.constantFrom<number[]>([6, 4], [2, 2, 2, 3]),
    values: fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 24, maxLength: 24 }),
    mask: fc.option(fc.array(fc.constantFrom(0, 1), { minLength: 24, maxLength: 24 }), { nil: undefined }),
  });

  it('equals the plain one', () => {
    fc.assert(
      fc.property(cases, ({ spec, shape, values, mask }) => {
        const kernel = Float32Array.from(values);
        fc.pre(!hasTie(kernel, shape, spec, mask && Uint8Array.from(mask)));
        const want = fakeQuant(kernel, shape, spec, mask && Uint8Array.from(mask));
        const got = tf.tidy(() => {
          const m = mask && tf.tensor(mask, shape, 'float32');
          const w = tf.tensor(kernel, shape);
          // Synchronous reading is fine here: both backends hold their values in this thread.
          return fakeQuantOf(m ? tf.mul(w, m) : w, spec, m)
            .dataSync()
            .slice();
        });
        for (let i = 0; i < 24; i++) expect(Math.abs(got[i] - want[i])).toBeLessThan(1e-6);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

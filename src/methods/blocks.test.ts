import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlockSize, blockCount, FOUR_OUTPUTS, folded, unfolded } from './blocks';

/** Scores by plain loops over blocks, not over weights. */
function plainSums(scores: Float32Array, mask: Uint8Array, columns: number, size: BlockSize): number[] {
  const rows = scores.length / columns;
  const sums: number[] = [];
  for (let r = 0; r < rows; r += size.rows) {
    for (let c = 0; c < columns; c += size.columns) {
      let sum = 0;
      for (let y = r; y < Math.min(r + size.rows, rows); y++) {
        for (let x = c; x < Math.min(c + size.columns, columns); x++) {
          if (mask[y * columns + x] === 1) sum += scores[y * columns + x];
        }
      }
      sums.push(sum);
    }
  }
  return sums;
}
const kernel = fc
  .record({ rows: fc.integer({ min: 1, max: 9 }), columns: fc.integer({ min: 1, max: 9 }) })
  .chain(({ rows, columns }) =>
    fc.record({
      columns: fc.constant(columns),
      scores: fc
        .array(fc.integer({ min: -8, max: 8 }), { minLength: rows * columns, maxLength: rows * columns })
        .map((s) => Float32Array.from(s)),
      mask: fc
        .array(fc.constantFrom(0, 1), { minLength: rows * columns, maxLength: rows * columns })
        .map((m) => Uint8Array.from(m)),
      size: fc.record({ rows: fc.integer({ min: 1, max: 5 }), columns: fc.integer({ min: 1, max: 5 }) }),
    }),
  );

describe('blocks', () => {
  it('score the sum of their survivors, cut-off ones at the edges too; without survivors they are masked', () => {
    fc.assert(
      fc.property(kernel, ({ columns, scores, mask, size }) => {
        const blocks = folded({ scores, mask }, columns, size);
        expect(blocks.scores.length).toBe(blockCount(scores.length, columns, size));
        expect([...blocks.scores]).toEqual(plainSums(scores, mask, columns, size));
        const counts = plainSums(new Float32Array(scores.length).fill(1), mask, columns, size);
        expect([...blocks.mask]).toEqual(counts.map((n) => (n > 0 ? 1 : 0)));
      }),
    );
  });
  it('have the tie of their first survivor', () => {
    const scores = new Float32Array(6);
    const mask = Uint8Array.of(0, 1, 1, 0, 1, 0);
    const ties = () => Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
    const found = folded({ scores, mask, ties }, 3, { rows: 2, columns: 2 }).ties?.();
    expect([...(found ?? [])]).toEqual([Math.fround(0.2), Math.fround(0.3)]);
  });
  it('that all stay leave the mask as it was; one that goes takes its survivors and nothing else', () => {
    fc.assert(
      fc.property(kernel, fc.nat(), ({ columns, scores, mask, size }, n) => {
        const blocks = folded({ scores, mask }, columns, size);
        const all = new Uint8Array(blocks.mask.length).fill(1);
        expect(unfolded(all, { scores, mask }, columns, size)).toEqual(mask);
        expect(unfolded(all, { scores }, columns, size)).toEqual(new Uint8Array(scores.length).fill(1));
        const gone = n % all.length;
        all[gone] = 0;
        const after = unfolded(all, { scores, mask }, columns, size);
        const lost = folded({ scores, mask: mask.map((m, i) => m & ~after[i]) }, columns, size);
        lost.mask.forEach((m, b) => {
          expect(m).toBe(b === gone ? blocks.mask[b] : 0);
        });
      }),
    );
  });
  it('4x1 are four outputs of one input, the last group shorter', () => {
    // [2, 6]: outputs 0..3 and 4..5 of each input.
    const scores = Float32Array.of(1, 2, 3, 4, 10, 20, 5, 6, 7, 8, 30, 40);
    expect([...folded({ scores }, 6, FOUR_OUTPUTS).scores]).toEqual([10, 30, 26, 70]);
    const kept = unfolded(Uint8Array.of(0, 1, 1, 0), { scores }, 6, FOUR_OUTPUTS);
    expect([...kept]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0]);
  });
});

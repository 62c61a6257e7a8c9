import { describe, expect, it } from 'vitest';
import { BLOCK, dataOrder } from './order';

const epoch = (order: (s: number) => Uint32Array, from: number, steps: number) =>
  Array.from({ length: steps }, (_, s) => [...order(from + s)]).flat();

describe('dataOrder', () => {
  it('visits each image at most once an epoch, and all when the batch divides them', () => {
    const order = dataOrder(12_000, 60, 7, 0, 0);
    for (const e of [0, 1, 2]) {
      const seen = epoch(order, e * 200, 200);
      expect(new Set(seen).size).toBe(12_000);
      expect(Math.max(...seen)).toBe(11_999);
    }
  });

  it('stays within one block after the other in the first epoch only', () => {
    const order = dataOrder(12_000, 50, 7, 0, 0);
    const first = epoch(order, 0, BLOCK / 50);
    expect(Math.max(...first)).toBe(BLOCK - 1);
    expect(first).not.toEqual([...first].sort((a, b) => a - b));
    expect(Math.max(...epoch(order, 240, BLOCK / 50))).toBeGreaterThan(BLOCK);
  });

  it('depends on seed, replicate and training, and on nothing else', () => {
    const at = (seed: number, replicate: number, training: number) => [
      ...dataOrder(1000, 10, seed, replicate, training)(3),
    ];
    expect(at(1, 0, 0)).toEqual(at(1, 0, 0));
    expect(at(1, 0, 0)).not.toEqual(at(2, 0, 0));
    expect(at(1, 0, 0)).not.toEqual(at(1, 1, 0));
    expect(at(1, 0, 0)).not.toEqual(at(1, 0, 1));
    const order = dataOrder(1000, 10, 1, 0, 0);
    const late = [...order(150)];
    order(0);
    expect([...order(150)]).toEqual(late);
  });

  it('repeats the images when there are fewer than one batch', () => {
    const batch = [...dataOrder(7, 20, 1, 0, 0)(0)];
    expect(batch).toHaveLength(20);
    expect(new Set(batch).size).toBe(7);
  });
});

import { describe, expect, it } from 'vitest';
import type { TicketLayer } from '../../worker/api-ticket';
import {
  colourOf,
  countDots,
  type Dots,
  filterDots,
  filterTop,
  maskDots,
  painted,
  rangeOf,
} from './pictures';

const bitsOf = (mask: readonly number[]): Uint8Array => {
  const bits = new Uint8Array(Math.ceil(mask.length / 8));
  mask.forEach((bit, i) => {
    bits[i >> 3] |= bit << (i & 7);
  });
  return bits;
};
const layer = (rows: number, columns: number, mask: readonly number[]) =>
  ({ rows, columns, mask: bitsOf(mask) }) as TicketLayer;
const rowsOf = ({ width, height, values }: Dots) =>
  Array.from({ length: height }, (_, y) => [...values.subarray(y * width, (y + 1) * width)]);

describe('pictures', () => {
  it('of counts have one scale from the least to the most', () => {
    const range = rangeOf([Float64Array.from([2, 3]), Float64Array.from([4, 6, 5])]);
    expect(range).toEqual({ least: 2, most: 6 });
    expect(rowsOf(countDots([2, 3, 4, 6, 5, 4], 3, range))).toEqual([
      [0, 0.25, 0.5],
      [1, 0.75, 0.5],
    ]);
    expect(rowsOf(countDots([0, 0], 2, rangeOf([new Float64Array(2)])))).toEqual([[0, 0]]);
    expect(rowsOf(countDots([7, 7], 2, { least: 7, most: 7 }))).toEqual([[1, 1]]);
  });
  it('of masks have inputs to the right and units down', () => {
    expect(rowsOf(maskDots(layer(3, 2, [1, 0, 0, 1, 1, 1]), 10))).toEqual([
      [1, 0, 1],
      [0, 1, 1],
    ]);
  });
  it('of masks that are too large tell the share of each block, at the edge of what is left of it', () => {
    const dots = maskDots(layer(3, 3, [1, 0, 1, 1, 1, 0, 0, 1, 1]), 2);
    expect(dots.block).toBe(2);
    expect(rowsOf(dots)).toEqual([
      [0.75, 0.5],
      [0.5, 1],
    ]);
  });
  it('of filters are tiles without pruned weights', () => {
    const filters = {
      size: 1,
      channels: 2,
      count: 2,
      start: Float32Array.from([1, -2, 3, 4]),
      end: new Float32Array(4),
    };
    const of = layer(2, 2, [1, 1, 0, 1]);
    expect(filterTop(filters, of)).toBe(4);
    const gap = Number.NaN;
    expect(rowsOf(filterDots(filters, filters.start, of, 4, 2))).toEqual([
      [0.25, gap, -0.5],
      [gap, gap, gap],
      [gap, gap, 1],
    ]);
  });
  it('go from the ground to either colour, and leave nothing where there is none', () => {
    const palette = { ground: [100, 100, 100], high: [0, 0, 200], low: [200, 0, 0] } as const;
    const dots = { width: 2, height: 2, values: Float32Array.from([0, 0.5, -1, Number.NaN]) };
    expect([...painted(dots, palette)]).toEqual([
      ...[100, 100, 100, 255],
      ...[50, 50, 150, 255],
      ...[200, 0, 0, 255],
      ...[0, 0, 0, 0],
    ]);
  });
  it('know colours as browsers give them', () => {
    expect([colourOf(' #2f6fed'), colourOf('rgb(1, 2, 3)'), colourOf('rgb(1 2 3 / 0.5)')]).toEqual([
      [47, 111, 237],
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });
});

/** Numbers as pictures: one value per dot, drawn by Picture.tsx. Pure. */
import type { TicketFilters, TicketLayer } from '../../worker/api-ticket';

/** Row after row. `values` in [-1, 1]: 0 is the ground, NaN is nothing at all. */
export interface Dots {
  width: number;
  height: number;
  values: Float32Array;
}
const bitAt = (bits: Uint8Array, i: number): number => (bits[i >> 3] >> (i & 7)) & 1;

/** What the ends of the colours stand for. */
export interface Range {
  least: number;
  most: number;
}
export function rangeOf(all: readonly Float64Array[]): Range {
  const range = { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY };
  for (const counts of all)
    for (const n of counts) {
      range.least = Math.min(range.least, n);
      range.most = Math.max(range.most, n);
    }
  return range;
}
/** Counts on this scale; where all are the same, as the ground if that is 0. */
export function countDots(counts: ArrayLike<number>, width: number, { least, most }: Range): Dots {
  const reach = most - least;
  const values = Float32Array.from(counts, (n) => (reach > 0 ? (n - least) / reach : n > 0 ? 1 : 0));
  return { width, height: counts.length / width, values };
}

/**
 * Inputs from left to right, units from top to bottom.
 * @param most dots side by side; a larger mask is told in blocks of `block` x `block` weights by their share of kept ones
 */
export function maskDots({ rows, columns, mask }: TicketLayer, most: number): Dots & { block: number } {
  const block = Math.max(1, Math.ceil(Math.max(rows / most, columns / most)));
  const [width, height] = [Math.ceil(rows / block), Math.ceil(columns / block)];
  const kept = new Float32Array(width * height);
  const all = new Float32Array(width * height);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const at = Math.floor(j / block) * width + Math.floor(i / block);
      kept[at] += bitAt(mask, i * columns + j);
      all[at]++;
    }
  return { width, height, values: kept.map((n, at) => n / all[at]), block };
}

/** Filters as tiles, a dot between two; pruned weights are NaN. Channels of a filter lie below each other. */
export function filterDots(
  { size, channels, count }: TicketFilters,
  weights: Float32Array,
  { mask }: TicketLayer,
  top: number,
  across = Math.ceil(Math.sqrt(count * channels)),
): Dots {
  const columns = Math.min(count, Math.max(1, across));
  const tile = size + 1;
  const [width, height] = [columns * tile - 1, Math.ceil(count / columns) * channels * tile - 1];
  const values = new Float32Array(width * height).fill(Number.NaN);
  for (let f = 0; f < count; f++)
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const i = ((y * size + x) * channels + c) * count + f;
          if (bitAt(mask, i) === 0) continue;
          const row = (Math.floor(f / columns) * channels + c) * tile + y;
          values[row * width + (f % columns) * tile + x] = weights[i] / top;
        }
  return { width, height, values };
}
/** The largest size among kept weights of both, so that two pictures have one scale. */
export function filterTop({ start, end }: TicketFilters, { mask }: TicketLayer): number {
  let top = 1e-9;
  for (const weights of [start, end])
    weights.forEach((w, i) => {
      if (bitAt(mask, i) === 1 && Math.abs(w) > top && Number.isFinite(w)) top = Math.abs(w);
    });
  return top;
}

export type Colour = readonly [number, number, number];
export interface Palette {
  ground: Colour;
  high: Colour;
  low: Colour;
}
/** Red, green, blue, opacity per dot. From the ground to `high`, or to `low` where the value is negative. */
export function painted({ values }: Dots, { ground, high, low }: Palette): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(values.length * 4);
  values.forEach((v, i) => {
    if (Number.isNaN(v)) return;
    const [to, share] = [v < 0 ? low : high, Math.min(1, Math.abs(v))];
    for (let c = 0; c < 3; c++) out[i * 4 + c] = ground[c] + (to[c] - ground[c]) * share;
    out[i * 4 + 3] = 255;
  });
  return out;
}
/** `#2f6fed` or `rgb(1 2 3)` as a browser resolves them. */
export function colourOf(text: string): Colour {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  const parts = hex
    ? hex.slice(1).map((h) => Number.parseInt(h, 16))
    : (text.match(/[\d.]+/g) ?? []).map(Number);
  return [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0];
}

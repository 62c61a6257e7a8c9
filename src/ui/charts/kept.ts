import type { Inspection } from '../../worker/api';

export interface KeptStats {
  /** Share of weights kept at inputs in the middle (inner half of rows and columns). */
  centre: number;
  /** The same at the outermost two rings of pixels. */
  border: number;
  /** Inputs without any weight left. */
  untouched: number;
}
/** Figures under the heat-map; undefined for an empty one. */
export function keptStats(kept: NonNullable<Inspection['keptPerInput']>): KeptStats | undefined {
  const { width, height, counts, max } = kept;
  if (counts.length === 0 || max === 0) return undefined;
  const mean = (where: (x: number, y: number) => boolean) => {
    const inside = counts.filter((_, i) => where(i % width, Math.floor(i / width)));
    return inside.length === 0 ? 0 : inside.reduce((s, c) => s + c, 0) / (inside.length * max);
  };
  return {
    centre: mean((x, y) => x >= width / 4 && x < (width * 3) / 4 && y >= height / 4 && y < (height * 3) / 4),
    border: mean((x, y) => Math.min(x, y, width - 1 - x, height - 1 - y) < 2),
    untouched: counts.filter((c) => c === 0).length,
  };
}

const SHADES = 32;
/**
 * The heat-map as one path per shade instead of one rectangle per pixel: an eighth of the elements or less.
 * Shades are relative to the largest count; pixels without a weight are left out.
 */
export function shadesOf({
  width,
  counts,
}: NonNullable<Inspection['keptPerInput']>): { opacity: number; path: string }[] {
  const most = Math.max(1, ...counts);
  const paths = new Map<number, string>();
  for (const [i, count] of counts.entries()) {
    if (count === 0) continue;
    const shade = Math.max(1, Math.round((count / most) * SHADES));
    const cell = `M${i % width} ${Math.floor(i / width)}h1v1h-1z`;
    paths.set(shade, (paths.get(shade) ?? '') + cell);
  }
  return [...paths].sort(([a], [b]) => a - b).map(([shade, path]) => ({ opacity: shade / SHADES, path }));
}

/** What is drawn of how weights grow or shrink in a training. */
import { SMALL, type WeightHistory } from '../../worker/api-history';

/** One layer, or all of them together. */
export interface Series {
  steps: readonly number[];
  edges: readonly number[];
  /** By snapshot. */
  zeros: readonly number[];
  counts: readonly ArrayLike<number>[];
  weights: number;
}
/** @param layer name; all layers added up where there is none of that name */
export function seriesOf({ steps, edges, layers }: WeightHistory, layer?: string): Series {
  const chosen = layers.filter((l) => l.layer === layer);
  const parts = chosen.length > 0 ? chosen : layers;
  const zeros = steps.map((_, s) => parts.reduce((n, l) => n + l.zeros[s], 0));
  const counts = steps.map((_, s) =>
    edges.slice(1).map((_, bin) => parts.reduce((n, l) => n + l.counts[s][bin], 0)),
  );
  return { steps, edges, zeros, counts, weights: zeros[0] + counts[0].reduce((a, b) => a + b, 0) };
}

/** Weights that are not zero and smaller than `limit`, one of the edges, at a snapshot. */
export function below({ edges, counts }: Series, snapshot: number, limit = SMALL): number {
  let sum = 0;
  for (let bin = 0; edges[bin + 1] <= limit * 1.001; bin++) sum += counts[snapshot][bin];
  return sum;
}

/** The bins that anything is in, from which to which, widened to whole decades; 8 bins are one. */
export function binsShown({ counts, edges }: Series): { first: number; last: number } {
  const used = edges.slice(1).map((_, bin) => counts.some((c) => c[bin] > 0));
  const first = Math.max(0, used.indexOf(true));
  const last = Math.max(first, used.lastIndexOf(true));
  return {
    first: Math.floor(first / 8) * 8,
    last: Math.min(edges.length - 2, Math.ceil((last + 1) / 8) * 8 - 1),
  };
}

const SHADES = 12;
/** Cells as one path per shade; a cell is 1 x 1, snapshots from left to right, the largest sizes at the top. */
export function cellsOf(series: Series): { opacity: number; path: string }[] {
  const { first, last } = binsShown(series);
  const paths = new Map<number, string>();
  const top = Math.log1p(Math.max(1, ...series.counts.flatMap((c) => Array.from(c))));
  series.counts.forEach((counts, x) => {
    for (let bin = first; bin <= last; bin++) {
      if (counts[bin] === 0) continue;
      const shade = Math.max(1, Math.round((Math.log1p(counts[bin]) / top) * SHADES));
      paths.set(shade, `${paths.get(shade) ?? ''}M${x} ${last - bin}h1v1h-1z`);
    }
  });
  return [...paths].sort(([a], [b]) => a - b).map(([shade, path]) => ({ opacity: shade / SHADES, path }));
}

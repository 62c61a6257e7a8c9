import type { Histogram } from '../../worker/api';

export interface HistogramShapes {
  /** Outlines as SVG paths: counts before upwards, counts after downwards, on one scale. */
  before: string;
  after: string;
  /** Height of the line between them. */
  baseline: number;
}
/** Two outlines rather than two bars per bin: this is redrawn after every movement of a slider. */
export function shapesOf(h: Histogram, width: number, height: number): HistogramShapes {
  const up = Math.max(...h.before, 1);
  const down = Math.max(...h.after, up / 4);
  const unit = height / (up + down);
  const baseline = Number((up * unit).toFixed(2));
  const step = width / h.before.length;
  const outline = (counts: readonly number[], sign: 1 | -1) =>
    `M0 ${baseline}${counts.map((n, i) => `V${(baseline - sign * n * unit).toFixed(2)}H${((i + 1) * step).toFixed(2)}`).join('')}V${baseline}z`;
  return { before: outline(h.before, 1), after: outline(h.after, -1), baseline };
}

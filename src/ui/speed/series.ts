/** Points as lines on a chart and rows of a table. Pure. */
import { evenRank, rankLayers, type SpeedAxis, type SpeedSubject, speedArch } from '../../catalog/speed';
import { weightLayers } from '../../models/build';
import type { SpeedPoint, SpeedSeries } from '../../worker/api';
import { type AxisScale, logScale, tailScale } from '../charts/scales';
import { inOrder, promised } from './break-even';

export interface Shown {
  subject: SpeedSubject;
  batch: number;
  axis: SpeedAxis;
}
export interface Line {
  series: SpeedSeries;
  color: string;
  points: SpeedPoint[];
}

/** Order of legend and words. On one axis no colour is used twice. */
const BY_AXIS: Record<SpeedAxis, readonly (readonly [SpeedSeries, string])[]> = {
  sparsity: [
    ['channels', 'var(--w-pink)'],
    ['block4', 'var(--w-green)'],
    ['nm', 'var(--w-purple)'],
    ['csr', 'var(--w-blue)'],
    ['bitmap', 'var(--w-orange)'],
    ['masked', 'var(--w-grey)'],
  ],
  bits: [
    ['int8', 'var(--w-blue)'],
    ['int8-weights', 'var(--w-green)'],
    ['int4', 'var(--w-purple)'],
    ['codebook', 'var(--w-orange)'],
    ['xnor', 'var(--w-pink)'],
  ],
  rank: [['low-rank', 'var(--w-grey)']],
};
export const TFJS_COLOR = 'var(--w-text)';
const COLORS = new Map(Object.values(BY_AXIS).flat());
export const colorOf = (series: SpeedSeries): string => COLORS.get(series) ?? TFJS_COLOR;

const here = (points: readonly SpeedPoint[], { subject, batch }: Shown) =>
  points.filter((p) => p.subject === subject && p.batch === batch);

/** Lines of one chart; TensorFlow.js, which has no place on an axis, apart. */
export function linesOf(points: readonly SpeedPoint[], shown: Shown): { lines: Line[]; tfjs?: SpeedPoint } {
  const mine = here(points, shown);
  const lines = BY_AXIS[shown.axis].flatMap(([series, color]): Line[] => {
    const some = mine.filter((p) => p.series === series && p.axis === shown.axis);
    return some.length > 0 ? [{ series, color, points: inOrder(some, shown.axis) }] : [];
  });
  return { lines, tfjs: mine.find((p) => p.series === 'tfjs') };
}

/** Rank at which the arithmetic of the largest layer breaks even; undefined where no layer can be split. */
export function evenRankOf(subject: SpeedSubject): number | undefined {
  const arch = speedArch(subject);
  const names = rankLayers(arch);
  const evens = weightLayers(arch).flatMap((l) =>
    l.kind === 'dense' && names.includes(l.name) ? [evenRank(l.in, l.out)] : [],
  );
  return evens.length > 0 ? Math.max(...evens) : undefined;
}

/** Room on both sides of the widths, so that marks side by side find theirs. */
const BITS: AxisScale = {
  to: (bits) => -Math.log2(bits),
  domain: [-3.5, 0.5],
  ticks: [8, 4, 2, 1],
  stretched: true,
};
export function xScale(axis: SpeedAxis, values: readonly number[]): AxisScale {
  if (axis === 'bits') return BITS;
  if (axis === 'sparsity') return tailScale(values);
  const scale = logScale(values, Math.min(20, ...values), Math.max(40, ...values));
  const [low, high] = scale.domain;
  const pad = (high - low) * 0.04;
  return { ...scale, domain: [low - pad, high + pad] };
}
export function yScale(points: readonly SpeedPoint[], promises: boolean): AxisScale {
  const reach = points.flatMap((p) => [p.ratio.q1, p.ratio.q3, ...(promises ? [promised(p)] : [])]);
  const low = Math.min(0.8, ...reach);
  return logScale(reach, low / 1.12, Math.max(1.6, ...reach) * 1.12);
}

/** Strongest point of a series for the table at a glance: the same place for every subject. */
export const GLANCE: readonly { series: SpeedSeries; x?: number; label: string }[] = [
  { series: 'channels', label: '½' },
  { series: 'block4', x: 0.8, label: '80\u00a0%' },
  { series: 'csr', x: 0.95, label: '95\u00a0%' },
  { series: 'bitmap', x: 0.8, label: '80\u00a0%' },
  { series: 'nm', x: 0.5, label: '2:4' },
  { series: 'int8', x: 8, label: '' },
  { series: 'low-rank', label: '' },
];
/** Of channels the one nearest to half, of ranks the one whose arithmetic is nearest to half. */
export function glance(
  points: readonly SpeedPoint[],
  subject: SpeedSubject,
  batch: number,
  { series, x }: (typeof GLANCE)[number],
): SpeedPoint | undefined {
  const some = points.filter((p) => p.subject === subject && p.batch === batch && p.series === series);
  if (x !== undefined) return some.find((p) => Math.abs(p.x - x) < 1e-9);
  const kept = (p: SpeedPoint) => (series === 'channels' ? keepOf(p) : p.macs.executed / p.macs.dense);
  const near = [...some].sort((a, b) => Math.abs(kept(a) - 0.5) - Math.abs(kept(b) - 0.5));
  return near[0];
}
/** Share of the channels that is left: of a layer's weights that share, of a network's about its square. */
const keepOf = (p: SpeedPoint): number =>
  weightLayers(speedArch(p.subject)).length > 1 ? Math.sqrt(1 - p.x) : 1 - p.x;

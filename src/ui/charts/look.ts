/** How each learning curve looks, and which are drawn at all. */
import { colorsOf } from './arms';
import type { Curve, Curves } from './curves';

export type Metric = 'loss' | 'accuracy';
export const METRICS: readonly Metric[] = ['loss', 'accuracy'];
/** Legend entries that can be switched off; arms as `arm:ticket`. */
export type Key = Metric | 'shared' | 'each' | `arm:${string}`;

export interface Look {
  color: string;
  width: number;
  dash?: string;
  opacity: number;
}
const BY_METRIC: Record<Metric, string> = { loss: 'var(--w-orange)', accuracy: 'var(--w-blue)' };
const SHARED = 'var(--w-muted)';
export const LOSS_DASH = '3 2.5';
/** Of all other trainings, while one of many is looked at. */
const FAINT = 0.28;

export const armKey = (curve: Pick<Curve, 'arm'>): Key =>
  curve.arm === undefined ? 'shared' : `arm:${curve.arm}`;
/** Colour of an arm where there is a fork, of the metric where there is none. */
export function colorOf(curves: Curves, arm: string | undefined, metric: Metric): string {
  if (curves.arms.length === 0) return BY_METRIC[metric];
  return arm === undefined ? SHARED : (colorsOf(curves.arms).get(arm) ?? SHARED);
}
/** Curves that stand for their training: the mean, or the replicates where there is none yet. */
export function mainOf(curves: Curves): Curve[] {
  const means = new Set(curves.curves.flatMap((c) => (c.replicate === undefined ? [c.at] : [])));
  return curves.curves.filter((c) => c.replicate === undefined || !means.has(c.at));
}
/** Many lines over each other: then one training at a time is picked out. */
export const crowded = ({ arms, replicates, parts }: Curves): boolean =>
  parts.length > 2 && (arms.length > 0 || replicates.length > 1);

export function lookOf(
  curves: Curves,
  curve: Curve,
  metric: Metric,
  main: boolean,
  focus: number | undefined,
): Look {
  const arms = curves.arms.length > 0;
  const thin = !main || (curve.replicate !== undefined && curves.replicates.length > 1);
  const full = metric === 'loss' ? 1.5 : 2;
  const opacity = main ? 1 : 0.32;
  return {
    color: colorOf(curves, curve.arm, metric),
    width: thin ? 1 : full,
    dash: arms && metric === 'loss' ? LOSS_DASH : undefined,
    opacity: focus === undefined || curve.part === focus ? opacity : opacity * FAINT,
  };
}

/** The learning curves in words: at one step, and where they have come to. */
import { fixed, integer, percent } from '../../i18n/format';
import type { Curve, CurvePoint, Curves } from './curves';
import { type Metric, mainOf } from './look';
import { armName, type Say } from './words';

interface Value {
  curve: Curve;
  metric: Metric;
  value: number;
}
export interface Said {
  /** Step of the measured point that is spoken of. */
  x: number;
  tip: string[];
  values: Value[];
}
/**
 * @param shown curves to speak of
 * @param metrics what of them
 * @param step place on the axis; the nearest step that was measured in the training there is taken
 */
export function saidAt(
  t: Say,
  curves: Curves,
  shown: readonly Curve[],
  metrics: readonly Metric[],
  step: number,
): Said | undefined {
  const part = curves.parts.findIndex((p) => step <= p.to);
  const here = shown.filter((c) => c.part === (part < 0 ? curves.parts.length - 1 : part));
  const has = (p: CurvePoint) => metrics.some((m) => p[m] !== undefined);
  let x: number | undefined;
  for (const p of here.flatMap((c) => c.points.filter(has)))
    if (x === undefined || Math.abs(p.x - step) < Math.abs(x - step)) x = p.x;
  if (x === undefined) return undefined;
  const lines: string[] = [];
  const values: Value[] = [];
  for (const curve of here) {
    const point = curve.points.find((p) => p.x === x);
    const found = point ? valuesOf(curve, point, metrics) : [];
    if (found.length === 0) continue;
    values.push(...found);
    lines.push(...wordsOf(t, curves, curve, found));
  }
  return { x, tip: [t('curves.step', { step: integer(x) }), ...lines], values };
}
const valuesOf = (curve: Curve, point: CurvePoint, metrics: readonly Metric[]): Value[] =>
  metrics.flatMap((metric) => {
    const value = point[metric];
    return value === undefined ? [] : [{ curve, metric, value }];
  });

const figure = ({ metric, value }: Value): string => (metric === 'loss' ? fixed(value, 4) : percent(value));
/** One line for each value; one for all of a curve where there are several curves. */
function wordsOf(t: Say, curves: Curves, curve: Curve, values: readonly Value[]): string[] {
  const name = nameOf(t, curves, curve);
  if (name === '') return values.map((v) => `${t(`curves.${v.metric}`)}: ${figure(v)}`);
  const all = values.map((v) => t(`curves.short.${v.metric}`, { value: figure(v) }));
  return [`${name}: ${all.join(t('lottery.comma'))}`];
}
/** Arm and replicate, as far as there are several. */
function nameOf(t: Say, { arms, replicates }: Curves, { arm, replicate }: Curve): string {
  const parts = [
    arms.length > 0 && (arm === undefined ? t('curves.shared') : armName(t, arm)),
    replicates.length > 1 &&
      (replicate === undefined
        ? t('curves.mean', { replicates: integer(replicates.length) })
        : t('curves.replicate', { replicate: integer(replicate + 1) })),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** The newest values of every curve of the last training. */
export function summaryOf(t: Say, curves: Curves): string {
  const last = curves.parts.length - 1;
  const newest = mainOf(curves).filter((c) => c.part === last);
  const lines = newest.flatMap((curve) => {
    const values = (['loss', 'accuracy'] as const).flatMap((metric) => {
      const value = curve.points.findLast((p) => p[metric] !== undefined)?.[metric];
      return value === undefined ? [] : [{ curve, metric, value }];
    });
    return values.length > 0 ? wordsOf(t, curves, curve, values) : [];
  });
  const step = curves.curves.reduce((x, c) => Math.max(x, c.points.at(-1)?.x ?? 0), 0);
  return [t('curves.title'), t('curves.step', { step: integer(step) }), ...lines].join('. ');
}

/** What lines between copies say, in words and as tables. */
import type { useTranslation } from 'react-i18next';
import { decimal, fixed, integer, percent } from '../../i18n/format';
import { STABLE } from '../../studies/line';
import { type LineSeries, stability } from '../../studies/line-series';
import type { Band } from '../../studies/types';
import type { Column, DataTable } from '../charts/csv';

export type SayLine = ReturnType<typeof useTranslation<'connectivity'>>['t'];

export const errorText = (v: number): string => percent(v, 2);
export const lossText = (v: number): string => decimal(v, 4);
/** A difference of fractions in percentage points, without a sign. */
export const pointsText = (v: number): string => fixed(100 * v, 2);
export const limitText = (): string => decimal(100 * STABLE, 1);

/** Spread over seeds, or that there is one. */
export const spreadOf = (t: SayLine, { min, max, each }: Band, show: (v: number) => string): string =>
  each.size < 2 ? t('oneSeed') : t('seeds', { min: show(min), max: show(max), seeds: integer(each.size) });

/** Of the line that is shown. */
export function sayRise(t: SayLine, { k, instability: band }: LineSeries): string {
  const step = integer(k);
  if (!band) return t('says.going', { k: step });
  return t('says.rises', {
    ...{ k: step, count: band.each.size, points: pointsText(band.mean) },
    ...{ min: pointsText(band.min), max: pointsText(band.max) },
  });
}
/** The same in a list. */
export const sayLine = (t: SayLine, { k, instability: band }: LineSeries): string =>
  band
    ? t('says.line', { k: integer(k), points: pointsText(band.mean), spread: spreadOf(t, band, pointsText) })
    : '';
/** Of all lines; undefined until each of them is measured. */
export function sayStability(t: SayLine, series: readonly LineSeries[]): string | undefined {
  const found = stability(series);
  if (!found || series.length < 2 || series.some((s) => !s.instability)) return undefined;
  const values = { count: found.seeds, limit: limitText() };
  if (found.from === undefined) return t('says.never', values);
  return found.from === series[0].k
    ? t('says.always', values)
    : t('says.from', { ...values, k: integer(found.from) });
}

const spread = ({ mean, min, max, each }: Band) => ({ mean, min, max, seeds: each.size });
function columns(t: SayLine, first: readonly Column[], show: (v: number) => string): Column[] {
  const number = (key: 'mean' | 'min' | 'max') => ({ key, label: t(`column.${key}`), show });
  return [
    ...first,
    number('mean'),
    number('min'),
    number('max'),
    { key: 'seeds', label: t('column.seeds'), show: integer },
  ];
}
/** One row per step and point of the line. */
export const lineTable = (
  t: SayLine,
  series: readonly LineSeries[],
  show: (v: number) => string,
): DataTable => ({
  columns: columns(
    t,
    [
      { key: 'parting_step', label: t('column.k'), show: integer },
      { key: 'alpha', label: t('column.alpha'), show: (v: number) => decimal(v, 2) },
    ],
    show,
  ),
  rows: series.flatMap(({ k, points }) =>
    points.map(({ alpha, band }) => ({ parting_step: k, alpha, ...spread(band) })),
  ),
});
/** One row per step; fractions in the file, points on screen. */
export const riseTable = (t: SayLine, series: readonly LineSeries[]): DataTable => ({
  columns: columns(t, [{ key: 'parting_step', label: t('column.k'), show: integer }], pointsText),
  rows: series.flatMap(({ k, instability: band }) => (band ? [{ parting_step: k, ...spread(band) }] : [])),
});

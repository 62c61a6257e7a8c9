/** What lines between copies say, in words and as tables. */
import type { useTranslation } from 'react-i18next';
import { datasetOf } from '../../catalog';
import { decimal, fixed, integer, percent } from '../../i18n/format';
import { STABLE } from '../../studies/line';
import { hasLearnt, type LineSeries, stability } from '../../studies/line-series';
import type { Band, Study } from '../../studies/types';
import type { Column, DataTable } from '../charts/csv';

export type SayLine = ReturnType<typeof useTranslation<'connectivity'>>['t'];

/** How many classes a guess is among. */
export const classesOf = ({ data }: Study): number => datasetOf(data)?.classes.length ?? 10;

export const errorText = (v: number): string => percent(v, 2);
export const lossText = (v: number): string => decimal(v, 4);
/** A difference of fractions in percentage points, without a sign. */
export const pointsText = (v: number): string => fixed(100 * v, 2);
export const limitText = (): string => decimal(100 * STABLE, 1);

/** Spread over seeds, or that there is one. */
export const spreadOf = (t: SayLine, { min, max, each }: Band, show: (v: number) => string): string =>
  each.size < 2 ? t('oneSeed') : t('seeds', { min: show(min), max: show(max), seeds: integer(each.size) });

/** Of the line that is shown. @param classes of the data */
export function sayRise(t: SayLine, series: LineSeries, classes: number): string {
  const { k, instability: band } = series;
  const step = integer(k);
  if (!band) return t('says.going', { k: step });
  const rise = t(band.each.size < 2 ? 'says.risesOne' : 'says.rises', {
    ...{ k: step, seeds: integer(band.each.size), points: pointsText(band.mean) },
    ...{ min: pointsText(band.min), max: pointsText(band.max) },
  });
  return hasLearnt(series, classes) ? rise : `${rise} ${t('says.guesses')}`;
}
/** The same in a list; nothing where the line is not complete. */
export const sayLine = (t: SayLine, { k, instability: band }: LineSeries): string =>
  band
    ? t('says.line', { k: integer(k), points: pointsText(band.mean), spread: spreadOf(t, band, pointsText) })
    : '';
/** Of all lines. One seed makes no claim. */
export function sayStability(t: SayLine, series: readonly LineSeries[], classes: number): string {
  const measured = series.filter((one) => one.instability);
  if (measured.length === 0) return t('says.waiting');
  if (measured.length < series.length) return t('says.partly');
  const found = stability(series, classes);
  if (!found) return t('says.guesses');
  if (found.seeds < 2) return t('says.oneSeed');
  const values = { seeds: integer(found.seeds), limit: limitText() };
  if (found.from === undefined) return t('says.never', values);
  const everywhere = series.length > 1 && found.from === series[0].k;
  return everywhere ? t('says.always', values) : t('says.from', { ...values, k: integer(found.from) });
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

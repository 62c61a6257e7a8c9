/** Numbers of a comparison as they are read. */
import { useMemo } from 'react';
import type { useTranslation } from 'react-i18next';
import { datasetOf } from '../../catalog';
import { NO_ANSWER } from '../../datasets/answer';
import { fixed, integer, percent } from '../../i18n/format';
import type { Shown } from '../../store/compare';
import { signedPoints } from '../charts/numbers';

export type Say = ReturnType<typeof useTranslation<'compare'>>['t'];

/** Decimals of a change in percentage points that so many images can carry. */
const digitsFor = (images: number): number => (images >= 5000 ? 2 : 1);
export const pointsText = (change: number, images: number): string => signedPoints(change, digitsFor(images));
/** 12 -> `+12`, -3 -> `−3`. */
export const signed = (n: number): string =>
  n > 0 ? `+${integer(n)}` : n < 0 ? `\u2212${integer(-n)}` : '0';
export const pText = (p: number): string => (p >= 0.001 ? fixed(p, 3) : `${p.toExponential(0)}`);
export const sureText = (p: number): string => percent(p, p > 0.995 && p < 0.9995 ? 1 : 0);

/** Names of the classes by index; a dash for no answer. */
export function useClassNames({ experiment }: Pick<Shown, 'experiment'>): (index: number) => string {
  const names = datasetOf(experiment.data)?.classes;
  return useMemo(() => (index) => (index === NO_ANSWER ? '–' : (names?.[index] ?? String(index))), [names]);
}

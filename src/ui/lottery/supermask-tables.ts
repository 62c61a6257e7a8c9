/** The numbers behind the panel of learned masks. */
import type { useTranslation } from 'react-i18next';
import { integer, percent } from '../../i18n/format';
import type { ArmCurve, Densities } from '../../studies/types';
import type { Column, DataTable } from '../charts/csv';
import type { Drawn } from './supermask-facts';
import { armName, type Say } from './words';

type SayMasks = ReturnType<typeof useTranslation<'supermasks'>>['t'];
const share = (key: string, label: string): Column => ({ key, label, show: (v: number) => percent(v, 2) });

export const accuracyCurvesTable = (t: Say, curves: readonly ArmCurve[]): DataTable => ({
  columns: [
    { key: 'arm', label: t('column.arm') },
    { key: 'step', label: t('column.step'), show: integer },
    share('val_accuracy_mean', t('column.mean')),
    share('min', t('column.min')),
    share('max', t('column.max')),
  ],
  rows: curves.flatMap(({ arm, points }) =>
    points.map(({ step, mean, min, max }) => ({
      ...{ arm: armName(t, arm), step, val_accuracy_mean: mean, min, max },
    })),
  ),
});

export const sharesTable = (
  t: Say,
  say: SayMasks,
  masks: readonly (Pick<Densities, 'rounds'> & { id: string; remaining: number })[],
  layers: readonly string[],
  drawn: ReadonlyMap<string, Drawn>,
): DataTable => ({
  columns: [
    { key: 'arm', label: t('column.arm') },
    ...layers.map((layer) => share(layer, layer)),
    share('weights_remaining', t('column.remaining')),
    share('val_accuracy', say('shares.likely')),
    share('val_accuracy_drawn', say('shares.sampled')),
  ],
  rows: masks.map(({ id, remaining, rounds }) => ({
    arm: armName(t, id),
    ...Object.fromEntries(layers.map((layer, l) => [layer, rounds[0]?.density[l]])),
    weights_remaining: remaining,
    val_accuracy: drawn.get(id)?.likely?.mean,
    val_accuracy_drawn: drawn.get(id)?.sampled?.mean,
  })),
});

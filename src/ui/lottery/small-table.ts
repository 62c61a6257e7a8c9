/** The numbers behind the small charts. */
import { integer, percent } from '../../i18n/format';
import type { Column, DataTable } from '../charts/csv';
import type { Shown } from './deconstruct';
import { lineName, smallName } from './deconstruct-words';
import type { Say } from './words';

/** One row per point that is drawn. */
export function smallsTable(t: Say, heading: string, kind: string, shown: readonly Shown[]): DataTable {
  const share = (key: string, label: string): Column => ({ key, label, show: (v: number) => percent(v, 2) });
  const count = (key: string, label: string): Column => ({ key, label, show: integer });
  return {
    columns: [
      { key: kind.replace('-', '_'), label: heading },
      { key: 'arm', label: t('column.arm') },
      count('round', t('column.round')),
      share('weights_remaining', t('column.remaining')),
      share('test_accuracy_mean', t('column.mean')),
      share('min', t('column.min')),
      share('max', t('column.max')),
      count('seeds', t('column.seeds')),
    ],
    rows: shown.map(({ small, line, point, band }) => ({
      [kind.replace('-', '_')]: smallName(kind, small.id),
      arm: lineName(line.kind),
      round: point.round,
      weights_remaining: point.remaining,
      test_accuracy_mean: band.mean,
      min: band.min,
      max: band.max,
      seeds: band.each.size,
    })),
  };
}

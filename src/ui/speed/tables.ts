/** The numbers behind the charts of the Speed view. */
import { decimal, integer, times } from '../../i18n/format';
import type { SpeedPoint } from '../../worker/api';
import type { Column, DataTable } from '../charts/csv';
import { promised } from './break-even';
import type { Say } from './words';

export function speedTable(t: Say, points: readonly SpeedPoint[]): DataTable {
  const ms = (v: number) => decimal(v, 5);
  const columns: Column[] = [
    { key: 'subject', label: t('column.subject') },
    { key: 'series', label: t('column.series') },
    { key: 'axis', label: t('column.axis') },
    { key: 'x', label: t('column.x'), show: (v: number) => decimal(v, 4) },
    { key: 'batch', label: t('column.batch') },
    { key: 'measured_speedup', label: t('column.ratio'), show: times },
    { key: 'speedup_q1', label: t('column.ratioQ1'), show: times },
    { key: 'speedup_q3', label: t('column.ratioQ3'), show: times },
    { key: 'promised_by_macs', label: t('column.promised'), show: times },
    { key: 'quartiles_overlap', label: t('column.overlap') },
    { key: 'dense_ms', label: t('column.dense'), show: ms },
    { key: 'time_ms', label: t('column.time'), show: ms },
    { key: 'macs_dense', label: t('column.macsDense'), show: integer },
    { key: 'macs_executed', label: t('column.macs'), show: integer },
    { key: 'kernel', label: t('column.kernel') },
  ];
  const rows = points.map((p) => ({
    subject: p.subject,
    series: p.series,
    axis: p.axis,
    x: p.x,
    batch: p.batch,
    measured_speedup: p.ratio.median,
    speedup_q1: p.ratio.q1,
    speedup_q3: p.ratio.q3,
    promised_by_macs: promised(p),
    quartiles_overlap: t(p.overlap ? 'column.yes' : 'column.no'),
    dense_ms: p.dense.median,
    time_ms: p.time.median,
    macs_dense: p.macs.dense,
    macs_executed: p.macs.executed,
    kernel: p.kernel,
  }));
  return { columns, rows };
}

/** The numbers behind the charts of a study. */
import { decimal, integer, percent } from '../../i18n/format';
import type { ArmCurve, ArmPoint, ArmSeries, Band, Densities } from '../../studies/types';
import type { Column, DataTable } from '../charts/csv';
import { armName, type Say } from './words';

const share = (key: string, label: string): Column => ({ key, label, show: (v: number) => percent(v, 2) });
const count = (key: string, label: string): Column => ({ key, label, show: integer });

const spread = (band: Band) => ({
  mean: band.mean,
  min: band.min,
  max: band.max,
  seeds: band.each.size,
  trainings: [...band.each.values()].reduce((sum, draws) => sum + draws.length, 0),
});

/** One row per arm and round that has the number. */
export function seriesTable(
  t: Say,
  series: readonly ArmSeries[],
  of: 'end' | 'stop' | 'stopStep',
): DataTable {
  const number = (key: string, label: string) =>
    of === 'stopStep' ? { key, label, show: (v: number) => decimal(v, 0) } : share(key, label);
  const row = (arm: string, p: ArmPoint, band: Band) => ({
    arm: armName(t, arm),
    round: p.round,
    weights_remaining: p.remaining,
    ...spread(band),
    censored: p.censored,
  });
  return {
    columns: [
      { key: 'arm', label: t('column.arm') },
      count('round', t('column.round')),
      share('weights_remaining', t('column.remaining')),
      number('mean', t('column.mean')),
      number('min', t('column.min')),
      number('max', t('column.max')),
      count('seeds', t('column.seeds')),
      count('trainings', t('column.trainings')),
      ...(of === 'end' ? [] : [count('censored', t('column.censored'))]),
    ],
    rows: series.flatMap((s) => s.points.flatMap((p) => (p[of] ? [row(s.id, p, p[of])] : []))),
  };
}

export function curvesTable(t: Say, curves: readonly ArmCurve[]): DataTable {
  const loss = (key: string, label: string): Column => ({ key, label, show: (v: number) => decimal(v, 4) });
  return {
    columns: [
      { key: 'arm', label: t('column.arm') },
      count('step', t('column.step')),
      loss('val_loss_nats_mean', t('column.lossMean')),
      loss('min', t('column.min')),
      loss('max', t('column.max')),
    ],
    rows: curves.flatMap(({ arm, points }) =>
      points.map((p) => ({
        arm: armName(t, arm),
        step: p.step,
        val_loss_nats_mean: p.mean,
        min: p.min,
        max: p.max,
      })),
    ),
  };
}

export function densityTable(t: Say, { layers, rounds }: Densities): DataTable {
  return {
    columns: [
      count('round', t('column.round')),
      share('weights_remaining', t('column.remaining')),
      ...layers.map((layer) => share(layer, layer)),
    ],
    rows: rounds.map(({ round, remaining, density }) => ({
      round,
      weights_remaining: remaining,
      ...Object.fromEntries(layers.map((layer, i) => [layer, density[i]])),
    })),
  };
}

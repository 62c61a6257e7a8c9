/** Training loss and validation accuracy over the steps, live: all arms, all replicates and their means. */
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import type { Experiment } from '../../spec/types';
import { useLab } from '../../store/lab';
import type { LabStore } from '../../store/types';
import { ChartCard } from './ChartCard';
import { CurvesPlot } from './CurvesPlot';
import { type Curves, curvesOf } from './curves';
import { colorOf, LOSS_DASH } from './look';
import { summaryOf } from './said';
import type { LegendItem } from './save';
import { useStructure } from './structure';
import { curvesTable } from './tables';
import { useSlowLab } from './useSlowLab';
import { armName, type Say } from './words';

const rowsOf = (s: LabStore) => s.rows;

export function CurvesChart() {
  const { t } = useTranslation('charts');
  const rows = useSlowLab(rowsOf, 200);
  const experiment = useStructure();
  const live = useLab((s) => s.run.status === 'running');
  const curves = useMemo(() => curvesOf(rows, experiment), [rows, experiment]);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const flip = useCallback(
    (key: string) => setHidden((old) => (old.has(key) ? without(old, key) : new Set(old).add(key))),
    [],
  );
  const empty = curves.curves.every((c) => c.points.length === 0);
  return (
    <ChartCard
      id="learning-curves"
      exp={rows[0]?.exp}
      title={t('curves.title')}
      subtitle={subtitleOf(t, curves, experiment)}
      summary={summaryOf(t, curves)}
      table={() => curvesTable(t, curves)}
      legend={legendOf(t, curves)}
      toggle={{ hidden, flip }}
      empty={empty ? t(live ? 'curves.waiting' : 'curves.empty') : undefined}
    >
      <CurvesPlot curves={curves} experiment={experiment} live={live} hidden={hidden} />
    </ChartCard>
  );
}
const without = (set: ReadonlySet<string>, key: string) => new Set([...set].filter((k) => k !== key));

function subtitleOf(t: Say, { replicates }: Curves, experiment: Experiment): string {
  const several = experiment.replicates > 1 && replicates.length > 1;
  return several
    ? t('curves.subtitleMany', { replicates: integer(experiment.replicates) })
    : t('curves.subtitle');
}

function legendOf(t: Say, curves: Curves): LegendItem[] {
  const arms = curves.arms.length > 0;
  const plain = (metric: 'loss' | 'accuracy') =>
    arms ? 'var(--w-muted)' : colorOf(curves, undefined, metric);
  return [
    ...curves.arms.map((arm) => ({
      key: `arm:${arm}`,
      label: armName(t, arm),
      color: colorOf(curves, arm, 'accuracy'),
    })),
    ...(arms ? [{ key: 'shared', label: t('curves.shared'), color: 'var(--w-muted)' }] : []),
    { key: 'loss', label: t('curves.loss'), color: plain('loss'), dash: arms ? LOSS_DASH : undefined },
    { key: 'accuracy', label: t('curves.accuracy'), color: plain('accuracy') },
    ...(curves.replicates.length > 1
      ? [{ key: 'each', label: t('curves.each'), color: 'var(--w-muted)', width: 1 }]
      : []),
  ];
}

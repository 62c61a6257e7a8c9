/** How soon an arm learns: the step of its lowest validation loss, against the weights that remain. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { compact, integer } from '../../i18n/format';
import type { ArmSeries } from '../../studies/types';
import { ChartCard } from '../charts/ChartCard';
import classes from '../charts/charts.module.css';
import { shareText } from '../charts/numbers';
import { linearScale, remainingScale } from '../charts/scales';
import { lookOf } from './arms';
import { type BandLine, BandPlot } from './BandPlot';
import { sizesShown } from './facts';
import { legendOf } from './legend';
import { seriesTable } from './tables';
import { armName, roundText, type Say, spreadText } from './words';

interface Props {
  series: readonly ArmSeries[];
  hash: string;
  round: number | undefined;
  onRound(round: number): void;
  empty: string;
  title?: string;
  /** Beside others of its kind: the same axes for all. */
  extent?: readonly ArmSeries[];
  part?: string;
  /** Sizes yet to come. */
  planned?: readonly number[];
}
const NONE: readonly number[] = [];
export function SoonChart(props: Props) {
  const { series, hash, round, onRound, empty, title, extent, part, planned = NONE } = props;
  const { t } = useTranslation('lottery');
  const lines = useMemo(() => linesOf(t, series), [t, series]);
  const points = lines.flatMap((l) => l.points);
  const censored = points.some((p) => p.hollow);
  const all = series.flatMap((s) => s.points);
  const there = useMemo(
    () => (extent ?? series).flatMap((s) => s.points.filter((p) => p.stopStep)),
    [extent, series],
  );
  const scale = useMemo(
    () => ({
      x: remainingScale(
        sizesShown(
          there.map((p) => p.remaining),
          planned,
        ),
      ),
      y: linearScale([0, ...there.map((p) => p.stopStep?.max ?? 0)], 4),
    }),
    [there, planned],
  );
  const rows = series.flatMap((s) => s.points.filter((p) => p.stopStep));
  return (
    <ChartCard
      id={['study-early-stop', ...(part ? [part] : [])].join('-')}
      exp={hash}
      title={title ?? t('soon.title')}
      subtitle={t('soon.subtitle')}
      summary={[t('soon.title'), ...lines.map((l) => lastOf(t, l))].join('. ')}
      table={() => seriesTable(t, series, 'stopStep')}
      legend={legendOf(t, series)}
      empty={points.length === 0 ? empty : undefined}
      note={censored && <p className={classes.note}>{t('soon.censored')}</p>}
      use={{ label: t('accuracy.use'), act: (row) => rows[row] && onRound(rows[row].round) }}
    >
      <BandPlot
        lines={lines}
        x={{ scale: scale.x, tick: shareText }}
        y={{ scale: scale.y, tick: compact }}
        xLabel={t('accuracy.axis')}
        at={all.find((p) => p.round === round)?.remaining}
        onPick={(x) => {
          const picked = all.find((p) => p.remaining === x);
          if (picked) onRound(picked.round);
        }}
      />
    </ChartCard>
  );
}
function linesOf(t: Say, series: readonly ArmSeries[]): BandLine[] {
  return series.map((s) => ({
    id: s.id,
    ...lookOf(s.id),
    points: s.points.flatMap((p) => {
      if (!p.stopStep) return [];
      const { mean, min, max } = p.stopStep;
      const tip = [
        t('soon.tip', { arm: armName(t, s.id), step: integer(mean) }),
        roundText(t, p.round, p.remaining),
        spreadText(t, p.stopStep, integer),
        ...(p.censored > 0 ? [t('soon.tipCensored', { count: p.censored })] : []),
      ];
      return [{ x: p.remaining, mean, min, max, hollow: p.censored > 0, tip }];
    }),
  }));
}
function lastOf(t: Say, line: BandLine): string {
  const last = line.points[line.points.length - 1];
  if (!last) return armName(t, line.id);
  return t('soon.said', {
    arm: armName(t, line.id),
    step: integer(last.mean),
    share: shareText(last.x),
  });
}

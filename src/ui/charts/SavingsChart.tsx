/** Accuracy against what was saved: arithmetic, bytes and measured time as three series that are never mixed. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { decimal, integer, percent, times } from '../../i18n/format';
import { currentSweep } from '../../store/sweep';
import type { LabStore } from '../../store/types';
import { ChartCard } from './ChartCard';
import classes from './charts.module.css';
import { Dot, Line, Rule, Whisker } from './drawing';
import { accuracyText, rangeText } from './numbers';
import { Plot, type Plotted, pointAmong } from './Plot';
import type { Plane } from './plane';
import type { LegendItem } from './save';
import { type AxisScale, accuracyScale, logScale, tickDecimals } from './scales';
import { currentSavings, SAVINGS, type Saving, type SavingDatum, savingsData } from './series';
import { savingsTable } from './tables';
import { useSlowLab } from './useSlowLab';
import type { Say } from './words';

const COLOR: Record<Saving, string> = {
  macs: 'var(--w-orange)',
  bytes: 'var(--w-green)',
  measured: 'var(--w-blue)',
};
const none: never[] = [];
const choose = (lab: LabStore) => ({ preview: lab.preview, points: currentSweep(lab)?.points ?? none });

export function SavingsChart() {
  const { t } = useTranslation('charts');
  const { preview, points } = useSlowLab(choose, 250);
  const series = useMemo(() => savingsData(points, preview), [points, preview]);
  const now = useMemo(() => currentSavings(preview), [preview]);
  const drawn = SAVINGS.filter((k) => series[k].length > 0 || now[k]);
  const legend: LegendItem[] = drawn.map((k) => ({ label: t(`savings.${k}`), color: COLOR[k] }));
  const speed = preview?.speed;
  const masked = speed?.executed === 'dense' && preview !== undefined && preview.facts.sparsity > 0;
  return (
    <ChartCard
      id="accuracy-speedup"
      title={t('savings.title')}
      subtitle={t('savings.subtitle')}
      summary={summaryOf(t, now)}
      table={() => savingsTable(t, series, now)}
      legend={legend}
      empty={drawn.length === 0 ? t('savings.empty') : undefined}
      note={masked && <p className={classes.note}>{t('savings.masked')}</p>}
    >
      <SavingsPlot series={series} now={now} estimate={!preview?.test} />
    </ChartCard>
  );
}

interface SavingsPlotProps {
  series: Record<Saving, SavingDatum[]>;
  now: Partial<Record<Saving, SavingDatum>>;
  estimate: boolean;
}
function SavingsPlot({ series, now, estimate }: SavingsPlotProps) {
  const { t } = useTranslation('charts');
  const all = SAVINGS.flatMap((k) => [...series[k], ...(now[k] ? [now[k]] : [])]);
  const reach = all.flatMap((d) => [d.x, d.q1 ?? d.x, d.q3 ?? d.x]);
  const x = logScale(reach, 0.85, 2);
  const y = accuracyScale(all.map((d) => d.accuracy));
  const decimals = tickDecimals(y.ticks);
  const lines = SAVINGS.map((kind) => {
    const d = now[kind];
    return {
      kind,
      spots: series[kind].map((p) => plotted(t, kind, p, x, y)),
      current: d && plotted(t, kind, d, x, y),
    };
  });
  return (
    <Plot
      x={{ scale: x, tick: (v) => `${decimal(v, 1)}×` }}
      y={{ scale: y, tick: (v) => percent(v, decimals) }}
      xLabel={t('savings.axis')}
      point={pointAmong([
        ...lines.flatMap((l) => l.spots),
        ...lines.flatMap((l) => (l.current ? [l.current] : [])),
      ])}
    >
      {(plane) => (
        <>
          <Rule plane={plane} x={plane.x(x.to(1))} color="var(--w-line-strong)" />
          {lines.map((l) => (
            <SavingLine key={l.kind} {...l} plane={plane} />
          ))}
          {lines.map(
            ({ kind, current }) =>
              current && (
                <Mark key={kind} at={current} kind={kind} size={6.5} hollow={estimate} plane={plane} />
              ),
          )}
        </>
      )}
    </Plot>
  );
}
interface Ranged extends Plotted {
  /** Positions of the quartiles, for what was measured. */
  low?: number;
  high?: number;
}
function SavingLine({ kind, spots, plane }: { kind: Saving; spots: readonly Ranged[]; plane: Plane }) {
  const width = kind === 'measured' ? 1 : 2;
  return (
    <>
      <Line
        spots={spots.map((p) => ({ x: plane.x(p.px), y: plane.y(p.py) }))}
        color={COLOR[kind]}
        width={width}
      />
      {spots.map((p, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: points of a line have no other name.
        <Mark key={i} at={p} kind={kind} size={3} plane={plane} />
      ))}
    </>
  );
}
interface MarkProps {
  at: Ranged;
  kind: Saving;
  size: number;
  hollow?: boolean;
  plane: Plane;
}
function Mark({ at, kind, size, hollow, plane }: MarkProps) {
  const [x, y] = [plane.x(at.px), plane.y(at.py)];
  return (
    <>
      {at.low !== undefined && at.high !== undefined && (
        <Whisker from={{ x: plane.x(at.low), y }} to={{ x: plane.x(at.high), y }} color={COLOR[kind]} />
      )}
      <Dot x={x} y={y} size={size} color={COLOR[kind]} hollow={hollow} />
    </>
  );
}
function plotted(t: Say, kind: Saving, d: SavingDatum, x: AxisScale, y: AxisScale): Ranged {
  const spread = d.q1 !== undefined && d.q3 !== undefined ? { q1: d.q1, q3: d.q3 } : undefined;
  return {
    px: x.to(d.x),
    py: y.to(d.accuracy),
    low: spread && x.to(spread.q1),
    high: spread && x.to(spread.q3),
    tip: [
      `${times(d.x)} ${t(`savings.${kind}`)}`,
      ...(spread ? [t('savings.quartiles', { range: rangeText(spread.q1, spread.q3) })] : []),
      `${t('table.accuracy')}: ${accuracyText(d.correct, d.count)}`,
      t('sweep.correct', { correct: integer(d.correct), images: integer(d.count) }),
    ],
  };
}
function summaryOf(t: Say, now: Partial<Record<Saving, SavingDatum>>): string {
  const parts = SAVINGS.flatMap((k) => {
    const d = now[k];
    return d ? [`${t(`savings.${k}`)}: ${times(d.x)}`] : [];
  });
  return `${t('savings.title')}. ${parts.join('; ')}`;
}

/** Accuracy against what was saved: arithmetic, bytes and measured time as three series that are never mixed. */
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorBar, ReferenceLine, Scatter } from 'recharts';
import { decimal, integer, percent, times } from '../../i18n/format';
import { currentSweep } from '../../store/sweep';
import type { LabStore } from '../../store/types';
import { executed, timed } from '../tiles/values';
import { ChartCard } from './ChartCard';
import classes from './charts.module.css';
import { accuracyText, rangeText } from './numbers';
import { Dot, ON_TOP, type Plotted, ScatterPlot, STILL } from './ScatterPlot';
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
  const speed = timed(preview);
  const masked = speed && executed(speed.throughput) === 'dense' && (preview?.facts.sparsity ?? 0) > 0;
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
const SavingsPlot = memo(function SavingsPlot({ series, now, estimate }: SavingsPlotProps) {
  const { t } = useTranslation('charts');
  const all = SAVINGS.flatMap((k) => [...series[k], ...(now[k] ? [now[k]] : [])]);
  const reach = all.flatMap((d) => [d.x, d.q1 ?? d.x, d.q3 ?? d.x]);
  const x = logScale(reach, 0.85, 2);
  const y = accuracyScale(all.map((d) => d.accuracy));
  const decimals = tickDecimals(y.ticks);
  return (
    <ScatterPlot
      x={x}
      y={y}
      xTick={(v) => `${decimal(v, 1)}×`}
      yTick={(v) => percent(v, decimals)}
      xLabel={t('savings.axis')}
    >
      <ReferenceLine x={x.to(1)} stroke="var(--w-line-strong)" />
      {SAVINGS.map((k) => (
        <Scatter
          key={k}
          {...STILL}
          data={series[k].map((d) => plotted(t, k, d, x, y))}
          line={{ stroke: COLOR[k], strokeWidth: k === 'measured' ? 1 : 2 }}
          shape={(p: { cx?: number; cy?: number }) => <Dot cx={p.cx} cy={p.cy} size={3} color={COLOR[k]} />}
        >
          {k === 'measured' && <Bars />}
        </Scatter>
      ))}
      {SAVINGS.flatMap((k) => {
        const d = now[k];
        return d ? [<NowDot key={k} kind={k} at={plotted(t, k, d, x, y)} hollow={estimate} />] : [];
      })}
    </ScatterPlot>
  );
});
const Bars = () => (
  <ErrorBar
    isAnimationActive={false}
    dataKey="ex"
    direction="x"
    width={5}
    strokeWidth={1.5}
    stroke={COLOR.measured}
  />
);

function NowDot({ kind, at, hollow }: { kind: Saving; at: Plotted; hollow: boolean }) {
  return (
    <Scatter
      {...STILL}
      {...ON_TOP}
      data={[at]}
      shape={(p: { cx?: number; cy?: number }) => (
        <Dot cx={p.cx} cy={p.cy} size={6.5} color={COLOR[kind]} hollow={hollow} />
      )}
    >
      {kind === 'measured' && <Bars />}
    </Scatter>
  );
}
function plotted(t: Say, kind: Saving, d: SavingDatum, x: AxisScale, y: AxisScale): Plotted {
  const px = x.to(d.x);
  const spread = d.q1 !== undefined && d.q3 !== undefined ? { q1: d.q1, q3: d.q3 } : undefined;
  return {
    px,
    py: y.to(d.accuracy),
    // Offsets in positions: the axis is logarithmic, so they are not symmetric.
    ex: spread ? [px - x.to(spread.q1), x.to(spread.q3) - px] : [0, 0],
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

/** Accuracy against the swept parameter: the sweep, the state on screen, the dense network, pinned runs behind. */
import { memo, useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ReferenceLine, Scatter } from 'recharts';
import { integer, percent } from '../../i18n/format';
import { useLab } from '../../store/lab';
import { currentSweep } from '../../store/sweep';
import type { LabStore, RunCard, SweepView } from '../../store/types';
import { type Active, activeOf } from './active';
import { ChartCard } from './ChartCard';
import classes from './charts.module.css';
import { accuracyText, shareText, signedPoints } from './numbers';
import { Dot, ON_TOP, type Plotted, ScatterPlot, STILL } from './ScatterPlot';
import type { LegendItem } from './save';
import { type AxisScale, accuracyScale, linearScale, logScale, tailScale, tickDecimals } from './scales';
import { currentDatum, type SweepDatum, share, sweepData } from './series';
import { type NamedSweep, sweepTable } from './tables';
import { useSlowLab } from './useSlowLab';
import { type ParamWords, type Say, useParam } from './words';

const BEHIND = ['var(--w-grey)', 'var(--w-purple)', 'var(--w-green)', 'var(--w-pink)'];
const BLUE = 'var(--w-blue)';

interface SweepModel {
  param: string;
  active?: Active;
  own: SweepDatum[];
  behind: NamedSweep[];
  now?: SweepDatum;
  /** The state on screen is known from the quick estimate only. */
  estimate: boolean;
  dense?: SweepDatum['accuracy'];
  /** Points so far while the sweep is still being computed. */
  drawing: boolean;
}
/** Pinned sweeps of the same parameter; the one on screen is not its own background. */
const behindOf = (runs: readonly RunCard[], param: string, sweep: SweepView | undefined): NamedSweep[] =>
  runs.flatMap((r) => {
    const data = r.pinned && r.sweep && r.sweep !== sweep ? sweepData(r.sweep.points, param) : [];
    return data.length > 0 ? [{ name: `${r.title} #${r.hash.slice(0, 4)}`, data }] : [];
  });

const choose = (lab: LabStore) => ({
  experiment: lab.experiment,
  active: lab.active,
  preview: lab.preview,
  sweep: currentSweep(lab),
  runs: lab.runs,
});

function useSweep(): SweepModel {
  const slices = useSlowLab(choose, 100);
  const active = useMemo(
    () => activeOf(slices.experiment, slices.active),
    [slices.experiment, slices.active],
  );
  const { preview, sweep, runs } = slices;
  const param = active?.param ?? sweep?.param ?? 'sparsity';
  const mine = sweep && sweep.param === param && (!active || sweep.at === active.at) ? sweep : undefined;
  const own = useMemo(() => sweepData(mine?.points ?? [], param), [mine, param]);
  const behind = useMemo(() => behindOf(runs, param, sweep), [runs, param, sweep]);
  const value = active?.value;
  const now = useMemo(() => currentDatum(preview, param, value), [preview, param, value]);
  return {
    param,
    active,
    own,
    behind,
    now,
    estimate: !preview?.test,
    dense: preview?.dense?.test && share(preview.dense.test),
    drawing: mine !== undefined && !mine.done,
  };
}

export function SweepChart() {
  const { t } = useTranslation('charts');
  const model = useSweep();
  const { param, active, own, behind, now, dense } = model;
  const setParam = useLab((s) => s.setParam);
  const words = useParam(param);
  const lines = [{ name: 'sweep', data: own }, { name: 'current', data: now ? [now] : [] }, ...behind];
  const all = lines.flatMap((l) => l.data);
  const images = Math.max(...all.map((d) => d.count), 0);
  const measured = images > 0 ? t('sweep.subtitle', { images: integer(images) }) : t('sweep.subtitleNone');
  const at = active?.at;
  const trained = useLab((s) => s.preview?.test !== undefined);
  const use = useCallback(
    (d: SweepDatum | undefined) => {
      if (d && at !== undefined) setParam(at, param, d.value, true);
    },
    [at, param, setParam],
  );
  return (
    <ChartCard
      id={`accuracy-${param}`}
      title={t('sweep.title', { param: words.title })}
      subtitle={model.drawing ? t('sweep.drawing', { points: integer(own.length) }) : measured}
      summary={summaryOf(t, model, words)}
      table={() => sweepTable(t, param, words.name, lines)}
      legend={legendOf(t, model)}
      empty={all.length === 0 ? t(trained && !active ? 'sweep.noSlider' : 'sweep.empty') : undefined}
      use={active && { label: t('sweep.use'), act: (row) => use(all[row]) }}
    >
      <SweepPlot {...{ param, own, behind, now, dense, words, use }} estimate={model.estimate} />
    </ChartCard>
  );
}

interface SweepPlotProps extends Pick<SweepModel, 'param' | 'own' | 'behind' | 'now' | 'estimate' | 'dense'> {
  words: ParamWords;
  use(d: SweepDatum | undefined): void;
}
/** Not drawn anew while a slider moves that changes nothing here. */
const SweepPlot = memo(function SweepPlot(props: SweepPlotProps) {
  const { t } = useTranslation('charts');
  const { param, own, behind, now, estimate, dense, words, use } = props;
  const all = [...own, ...behind.flatMap((b) => b.data), ...(now ? [now] : [])];
  const x = axisOf(
    param,
    all.map((d) => d.x),
  );
  const y = accuracyScale([...all.map((d) => d.accuracy), ...(dense === undefined ? [] : [dense])]);
  const decimals = tickDecimals(y.ticks);
  const plotted = (d: SweepDatum, name?: string, row?: number): Plotted => ({
    px: x.to(d.x),
    py: y.to(d.accuracy),
    tip: tipOf(t, d, param, words, dense, name),
    row,
  });
  return (
    <ScatterPlot
      x={x}
      y={y}
      xTick={words.tick}
      yTick={(v) => percent(v, decimals)}
      xLabel={param === 'sparsity' ? t('sweep.axisSparsity') : words.name}
    >
      {dense !== undefined && <ReferenceLine y={y.to(dense)} stroke="var(--w-muted)" strokeDasharray="4 3" />}
      {now && <NowLine x={x.to(now.x)} text={words.show(param === 'sparsity' ? now.x : now.value)} />}
      {behind.map((b, i) => (
        <Scatter
          key={b.name}
          {...STILL}
          data={b.data.map((d) => plotted(d, b.name))}
          line={{ stroke: BEHIND[i % BEHIND.length], strokeWidth: 1.5 }}
          shape={(p: At) => <Dot cx={p.cx} cy={p.cy} size={2.5} color={BEHIND[i % BEHIND.length]} />}
        />
      ))}
      <Scatter
        {...STILL}
        data={own.map((d, i) => plotted(d, undefined, i))}
        line={{ stroke: BLUE, strokeWidth: 2 }}
        shape={(p: At) => (
          <Dot cx={p.cx} cy={p.cy} size={3.5} color={BLUE} onClick={() => use(own[p.payload?.row ?? -1])} />
        )}
      />
      {now && (
        <Scatter
          {...STILL}
          {...ON_TOP}
          data={[plotted(now, estimate ? t('sweep.estimate') : t('sweep.current'))]}
          shape={(p: At) => <Dot cx={p.cx} cy={p.cy} size={7} color={BLUE} hollow={estimate} />}
        />
      )}
    </ScatterPlot>
  );
});
interface At {
  cx?: number;
  cy?: number;
  payload?: Plotted;
}
function NowLine({ x, text }: { x: number; text: string }) {
  const label = {
    content: (p: object) => {
      const { viewBox } = p as { viewBox: { x: number; y: number } };
      return (
        <text className={classes.strong} x={viewBox.x} y={viewBox.y - 6} textAnchor="middle">
          {text}
        </text>
      );
    },
  };
  return <ReferenceLine x={x} stroke={BLUE} strokeDasharray="3 3" label={label} />;
}

function axisOf(param: string, values: number[]): AxisScale {
  if (param === 'sparsity') return tailScale(values);
  if (param === 'below') return logScale(values, Math.min(...values, 0.001), Math.max(...values, 0.1));
  if (param === 'rank') return logScale(values, Math.min(...values, 2), Math.max(...values, 4));
  const scale = linearScale(values, 8);
  return param === 'bits' ? { ...scale, ticks: scale.ticks.filter(Number.isInteger) } : scale;
}
function legendOf(t: Say, { own, now, estimate, dense, behind }: SweepModel): LegendItem[] {
  return [
    ...(own.length > 0 ? [{ label: t('sweep.series'), color: BLUE }] : []),
    ...(now ? [{ label: estimate ? t('sweep.estimate') : t('sweep.current'), color: BLUE, dot: true }] : []),
    ...(dense === undefined ? [] : [{ label: t('sweep.dense'), color: 'var(--w-muted)', dash: '4 3' }]),
    ...behind.map((b, i) => ({ label: b.name, color: BEHIND[i % BEHIND.length] })),
  ];
}
function tipOf(
  t: Say,
  d: SweepDatum,
  param: string,
  words: ParamWords,
  dense?: number,
  name?: string,
): string[] {
  return [
    accuracyText(d.correct, d.count),
    ...(dense === undefined ? [] : [t('sweep.change', { points: signedPoints(d.accuracy - dense) })]),
    `${words.name}: ${words.show(d.value)}`,
    param === 'sparsity'
      ? t('sweep.zero', { share: percent(d.x, 2) })
      : t('sweep.kept', { share: shareText(d.remaining) }),
    t('sweep.correct', { correct: integer(d.correct), images: integer(d.count) }),
    ...(name ? [name] : []),
  ];
}
function summaryOf(t: Say, { own, now, dense }: SweepModel, words: ParamWords): string {
  const [first, last] = [own[0], own[own.length - 1]];
  const parts: string[] = [t('sweep.title', { param: words.title })];
  if (first)
    parts.push(
      t('sweep.summarySweep', {
        points: integer(own.length),
        from: words.show(first.value),
        to: words.show(last.value),
        start: percent(first.accuracy),
        end: percent(last.accuracy),
      }),
    );
  if (now)
    parts.push(
      t('sweep.summaryNow', { value: words.show(now.value), accuracy: accuracyText(now.correct, now.count) }),
    );
  if (dense !== undefined) parts.push(t('sweep.summaryDense', { accuracy: percent(dense) }));
  return parts.join('. ');
}

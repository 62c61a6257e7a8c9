/** Lottery tickets: accuracy against weights remaining, one line per arm, from the rows of the run. */
import { Button } from '@mantine/core';
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorBar, ReferenceLine, Scatter } from 'recharts';
import { integer, percent } from '../../i18n/format';
import type { LabStore } from '../../store/types';
import { useView } from '../../store/view';
import { studyFrom } from '../../studies/from-experiment';
import { encodeStudy } from '../../studies/link';
import type { Study } from '../../studies/types';
import { colorsOf } from './arms';
import { ChartCard } from './ChartCard';
import classes from './charts.module.css';
import { type ArmPoint, type Lottery, lotteryOf, speaks } from './lottery';
import { shareText } from './numbers';
import { Dot, type Plotted, ScatterPlot, STILL } from './ScatterPlot';
import { type AxisScale, accuracyScale, remainingScale, tickDecimals } from './scales';
import { statementOf } from './statement';
import { useStructure } from './structure';
import { lotteryTable } from './tables';
import { useSlowLab } from './useSlowLab';
import { armName, type Say } from './words';

/** The few rows that are drawn: hundreds of others arrive between two of them. */
const rowsOf = (s: LabStore) => s.rows.filter(speaks);

export function LotteryChart() {
  const { t } = useTranslation('charts');
  const rows = useSlowLab(rowsOf, 300);
  const experiment = useStructure();
  const lottery = useMemo(() => lotteryOf(rows, experiment), [rows, experiment]);
  const colors = useMemo(() => colorsOf(lottery.arms.map((a) => a.name)), [lottery]);
  const said = statementOf(t, lottery);
  const study = useMemo(() => studyFrom(experiment), [experiment]);
  const any = lottery.dense !== undefined || lottery.arms.some((a) => a.points.length > 0);
  return (
    <ChartCard
      id="lottery"
      exp={rows[0]?.exp}
      title={t('lottery.title')}
      subtitle={
        lottery.replicates > 1
          ? t('lottery.subtitleMany', { seeds: integer(lottery.replicates) })
          : t('lottery.subtitle')
      }
      summary={[t('lottery.title'), said ?? t('lottery.waiting')].join('. ')}
      table={() => lotteryTable(t, lottery)}
      legend={[
        ...lottery.arms.map((a) => ({
          label: armName(t, a.name),
          color: colors.get(a.name) ?? 'var(--w-grey)',
        })),
        ...(lottery.dense ? [{ label: t('sweep.dense'), color: 'var(--w-muted)', dash: '4 3' }] : []),
      ]}
      empty={any ? undefined : t('lottery.empty')}
      tools={study && <OpenInLottery study={study} />}
      note={
        any && (
          <p className={classes.statement} aria-live="polite" data-statement="lottery">
            {said ?? t('lottery.waiting')}
          </p>
        )
      }
    >
      <LotteryPlot lottery={lottery} colors={colors} />
    </ChartCard>
  );
}

/** The same trainings as a study: with more arms, seeds and what the view makes of them. */
function OpenInLottery({ study }: { study: Study }) {
  const { t } = useTranslation('ticket');
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      onClick={() => useView.getState().go('lottery', encodeStudy(study))}
    >
      {t('openInLottery')}
    </Button>
  );
}

interface LotteryPlotProps {
  lottery: Lottery;
  colors: Map<string, string>;
}
const LotteryPlot = memo(function LotteryPlot({ lottery, colors }: LotteryPlotProps) {
  const { t } = useTranslation('charts');
  const { dense, arms } = lottery;
  const points = arms.flatMap((a) => a.points);
  const x = remainingScale(points.map((p) => p.remaining));
  const y = accuracyScale([...points, ...(dense ? [dense] : [])].flatMap((p) => [p.min, p.max]));
  const decimals = tickDecimals(y.ticks);
  const seeds = lottery.replicates > 1;
  return (
    <ScatterPlot x={x} y={y} xTick={shareText} yTick={(v) => percent(v, decimals)} xLabel={t('lottery.axis')}>
      {dense && <ReferenceLine y={y.to(dense.accuracy)} stroke="var(--w-muted)" strokeDasharray="4 3" />}
      {arms.map((a) => {
        const color = colors.get(a.name) ?? 'var(--w-grey)';
        const all = dense && a.points.length > 0 ? [dense, ...a.points] : a.points;
        return (
          <Scatter
            key={a.name}
            {...STILL}
            data={all.map((p) => plotted(t, armName(t, a.name), p, x, y))}
            line={{ stroke: color, strokeWidth: 2 }}
            shape={(p: { cx?: number; cy?: number }) => <Dot cx={p.cx} cy={p.cy} size={4} color={color} />}
          >
            {seeds && (
              <ErrorBar
                isAnimationActive={false}
                dataKey="ey"
                direction="y"
                width={5}
                strokeWidth={1.5}
                stroke={color}
              />
            )}
          </Scatter>
        );
      })}
      {dense && (
        <Scatter
          {...STILL}
          data={[plotted(t, t('sweep.dense'), dense, x, y)]}
          shape={(p: { cx?: number; cy?: number }) => (
            <Dot cx={p.cx} cy={p.cy} size={4.5} color="var(--w-muted)" />
          )}
        />
      )}
    </ScatterPlot>
  );
});
function plotted(t: Say, name: string, p: ArmPoint, x: AxisScale, y: AxisScale): Plotted {
  const py = y.to(p.accuracy);
  return {
    px: x.to(p.remaining),
    py,
    ey: [py - y.to(p.min), y.to(p.max) - py],
    tip: [
      `${name}: ${percent(p.accuracy)}`,
      t('lottery.remaining', { share: percent(p.remaining) }),
      ...(p.each.size > 1
        ? [t('lottery.spread', { min: percent(p.min), max: percent(p.max), seeds: integer(p.each.size) })]
        : [t('lottery.oneSeed')]),
    ],
  };
}

/** Lottery tickets: accuracy against weights remaining, one line per arm, from the rows of the run. */
import { Fragment, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { integer, percent } from '../../i18n/format';
import type { LabStore } from '../../store/types';
import { colorsOf } from './arms';
import { ChartCard } from './ChartCard';
import classes from './charts.module.css';
import { Dot, Line, Rule, Whisker } from './drawing';
import { type ArmPoint, type Lottery, lotteryOf, speaks } from './lottery';
import { shareText } from './numbers';
import { Plot, type Plotted, pointAmong } from './Plot';
import type { Plane } from './plane';
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
  const colors = colorsOf(lottery.arms.map((a) => a.name));
  const said = statementOf(t, lottery);
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

function LotteryPlot({ lottery, colors }: { lottery: Lottery; colors: Map<string, string> }) {
  const { t } = useTranslation('charts');
  const { dense, arms } = lottery;
  const points = arms.flatMap((a) => a.points);
  const x = remainingScale(points.map((p) => p.remaining));
  const y = accuracyScale([...points, ...(dense ? [dense] : [])].flatMap((p) => [p.min, p.max]));
  const decimals = tickDecimals(y.ticks);
  const lines = arms.map((a) => ({
    name: a.name,
    color: colors.get(a.name) ?? 'var(--w-grey)',
    spots: (dense && a.points.length > 0 ? [dense, ...a.points] : a.points).map((p) =>
      plotted(t, armName(t, a.name), p, x, y),
    ),
  }));
  const start = dense && plotted(t, t('sweep.dense'), dense, x, y);
  return (
    <Plot
      x={{ scale: x, tick: shareText }}
      y={{ scale: y, tick: (v) => percent(v, decimals) }}
      xLabel={t('lottery.axis')}
      point={pointAmong([...lines.flatMap((l) => l.spots), ...(start ? [start] : [])])}
    >
      {(plane) => (
        <>
          {start && <Rule plane={plane} y={plane.y(start.py)} color="var(--w-muted)" dash="4 3" />}
          {lines.map((l) => (
            <ArmLine key={l.name} {...l} plane={plane} />
          ))}
          {start && <Dot x={plane.x(start.px)} y={plane.y(start.py)} size={4.5} color="var(--w-muted)" />}
        </>
      )}
    </Plot>
  );
}
interface Ranged extends Plotted {
  /** Positions of the least and the greatest of the replicates. */
  low: number;
  high: number;
}
function ArmLine({ spots, color, plane }: { spots: readonly Ranged[]; color: string; plane: Plane }) {
  const at = spots.map((p) => ({ x: plane.x(p.px), y: plane.y(p.py) }));
  return (
    <>
      <Line spots={at} color={color} width={2} />
      {spots.map((p, i) => {
        const { x, y } = at[i];
        return (
          <Fragment key={p.px}>
            <Whisker from={{ x, y: plane.y(p.low) }} to={{ x, y: plane.y(p.high) }} color={color} />
            <Dot x={x} y={y} size={4} color={color} />
          </Fragment>
        );
      })}
    </>
  );
}
function plotted(t: Say, name: string, p: ArmPoint, x: AxisScale, y: AxisScale): Ranged {
  return {
    px: x.to(p.remaining),
    py: y.to(p.accuracy),
    low: y.to(p.min),
    high: y.to(p.max),
    tip: [
      `${name}: ${percent(p.accuracy)}`,
      t('lottery.remaining', { share: percent(p.remaining) }),
      ...(p.each.size > 1
        ? [t('lottery.spread', { min: percent(p.min), max: percent(p.max), seeds: integer(p.each.size) })]
        : [t('lottery.oneSeed')]),
    ],
  };
}

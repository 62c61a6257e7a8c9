/** Training loss and validation accuracy over the steps of the trunk, live. */
import { Fragment, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { fixed, integer, percent } from '../../i18n/format';
import type { Experiment } from '../../spec/types';
import { useLab } from '../../store/lab';
import type { LabStore } from '../../store/types';
import { ChartCard } from './ChartCard';
import classes from './charts.module.css';
import { type CurvePoint, type Curves, curvesOf } from './curves';
import { MARGIN } from './Plot';
import { type AxisScale, accuracyScale, logScale, niceTicks, tickAt, tickDecimals } from './scales';
import { useStructure } from './structure';
import { curvesTable } from './tables';
import { useSlowLab } from './useSlowLab';
import { doneName, type Say } from './words';

const LOSS = 'var(--w-orange)';
const ACCURACY = 'var(--w-blue)';
/** With more trainings than this, marks are drawn without words. */
const MOST_WORDS = 4;

const rowsOf = (s: LabStore) => s.rows;

export function CurvesChart() {
  const { t } = useTranslation('charts');
  const rows = useSlowLab(rowsOf, 200);
  const experiment = useStructure();
  const live = useLab((s) => s.run.status === 'running');
  const curves = useMemo(() => curvesOf(rows, experiment), [rows, experiment]);
  const empty = curves.points.length === 0;
  return (
    <ChartCard
      id="learning-curves"
      exp={rows[0]?.exp}
      title={t('curves.title')}
      subtitle={
        experiment.replicates > 1
          ? t('curves.subtitleOne', { replicate: integer(curves.replicate + 1) })
          : t('curves.subtitle')
      }
      summary={summaryOf(t, curves)}
      table={() => curvesTable(t, curves.points)}
      legend={[
        { label: t('curves.loss'), color: LOSS },
        { label: t('curves.accuracy'), color: ACCURACY },
      ]}
      empty={empty ? t(live ? 'curves.waiting' : 'curves.empty') : undefined}
    >
      <CurvesPlot curves={curves} experiment={experiment} />
    </ChartCard>
  );
}

export function CurvesPlot({ curves, experiment }: { curves: Curves; experiment: Experiment }) {
  const { t } = useTranslation('charts');
  const { points, marks } = curves;
  const losses = points.flatMap((p) => (p.loss !== undefined && p.loss > 0 ? [p.loss] : []));
  const accuracies = points.flatMap((p) => (p.accuracy === undefined ? [] : [p.accuracy]));
  const last = points[points.length - 1]?.x ?? 1;
  const left = logScale(losses, Math.min(1, ...losses), Math.max(1, ...losses));
  const right = accuracyScale(accuracies);
  const decimals = tickDecimals(right.ticks);
  const data = points.map((p) => ({
    ...p,
    l: p.loss !== undefined && p.loss > 0 ? left.to(p.loss) : undefined,
    a: p.accuracy === undefined ? undefined : right.to(p.accuracy),
  }));
  const lines = useMemo(
    () => Array.from({ length: curves.parts }, (_, part) => linesOf(part)),
    [curves.parts],
  );
  const words = marks.length <= MOST_WORDS;
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height: 200 }}>
      <LineChart data={data} margin={{ ...MARGIN, right: 0 }} accessibilityLayer={false}>
        <CartesianGrid stroke="var(--w-line)" vertical={false} />
        <XAxis
          type="number"
          dataKey="x"
          domain={[0, last]}
          ticks={niceTicks(0, last, 5).filter((v) => v <= last)}
          tickFormatter={integer}
          tickLine={false}
          axisLine={{ stroke: 'var(--w-line-strong)' }}
          height={22}
          minTickGap={8}
          label={{ value: t('curves.axis'), position: 'insideBottom', offset: -13, textAnchor: 'middle' }}
        />
        <YAxis
          yAxisId="loss"
          {...axis(left)}
          tickFormatter={(p: number) => short(tickAt(left, p))}
          width={42}
        />
        <YAxis
          yAxisId="accuracy"
          orientation="right"
          {...axis(right)}
          tickFormatter={(p: number) => percent(tickAt(right, p), decimals)}
          width={50}
        />
        {marks.map((m) => (
          <ReferenceLine
            key={m.x}
            yAxisId="loss"
            x={m.x}
            stroke="var(--w-line-strong)"
            strokeDasharray="3 3"
            label={
              words && m.at.length > 0
                ? {
                    value: m.at.map((at) => doneName(t, experiment, at)).join(', '),
                    position: 'top',
                    offset: 4,
                    // At the right edge the words keep clear of the axis beside it.
                    dx: m.x === last ? -26 : 0,
                  }
                : undefined
            }
          />
        ))}
        <Tooltip
          content={<CurveTip />}
          isAnimationActive={false}
          cursor={{ stroke: 'var(--w-line-strong)' }}
        />
        {lines.map(({ part, loss, accuracy }) => (
          <Fragment key={part}>
            <Line yAxisId="loss" dataKey={loss} stroke={LOSS} strokeWidth={1.5} {...LINE} />
            <Line yAxisId="accuracy" dataKey={accuracy} stroke={ACCURACY} strokeWidth={2} {...LINE} />
          </Fragment>
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}
/** One line per training: `d.l` and `d.a` are positions on the two axes. */
const linesOf = (part: number) => ({
  part,
  loss: (d: Placed) => (d.part === part ? d.l : undefined),
  accuracy: (d: Placed) => (d.part === part ? d.a : undefined),
});
type Placed = CurvePoint & { l?: number; a?: number };
const LINE = {
  dot: false,
  activeDot: { r: 3.5 },
  connectNulls: true,
  isAnimationActive: false,
  type: 'linear' as const,
};
const axis = (scale: AxisScale) => ({
  type: 'number' as const,
  domain: scale.domain,
  ticks: scale.ticks.map(scale.to),
  tickLine: false,
  axisLine: false,
  interval: 'preserveStart' as const,
  minTickGap: 2,
  allowDataOverflow: true,
});
const short = (v: number) => String(Number(v.toPrecision(2)));

interface CurveTipProps {
  active?: boolean;
  payload?: readonly { payload?: CurvePoint }[];
}
function CurveTip({ active, payload }: CurveTipProps) {
  const { t } = useTranslation('charts');
  const point = active ? payload?.[0]?.payload : undefined;
  if (!point) return null;
  return (
    <div className={classes.tip}>
      <b>{t('curves.step', { step: integer(point.x) })}</b>
      {point.loss !== undefined && <span>{`${t('curves.loss')}: ${fixed(point.loss, 4)}`}</span>}
      {point.accuracy !== undefined && <span>{`${t('curves.accuracy')}: ${percent(point.accuracy)}`}</span>}
    </div>
  );
}
function summaryOf(t: Say, { points }: Curves): string {
  const loss = points.findLast((p) => p.loss !== undefined)?.loss;
  const accuracy = points.findLast((p) => p.accuracy !== undefined)?.accuracy;
  return [
    t('curves.title'),
    t('curves.step', { step: integer(points[points.length - 1]?.x ?? 0) }),
    ...(loss === undefined ? [] : [`${t('curves.loss')}: ${fixed(loss, 4)}`]),
    ...(accuracy === undefined ? [] : [`${t('curves.accuracy')}: ${percent(accuracy)}`]),
  ].join('. ');
}

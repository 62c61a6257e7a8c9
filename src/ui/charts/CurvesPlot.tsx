/** The drawing of the learning curves: loss on the left axis, accuracy on the right one. */
import { memo, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { integer, percent } from '../../i18n/format';
import type { Experiment } from '../../spec/types';
import type { Curve, CurvePoint, Curves } from './curves';
import { Line, Rule } from './drawing';
import { armKey, colorOf, crowded, lookOf, METRICS, type Metric, mainOf } from './look';
import { Plot, type Pointed } from './Plot';
import type { Margin, Plane, Spot } from './plane';
import { saidAt } from './said';
import { type AxisScale, accuracyScale, logScale, niceTicks, tickDecimals } from './scales';
import { doneName } from './words';

/** With more trainings than this, marks are drawn without words. */
const MOST_WORDS = 4;
const MARGIN: Margin = { top: 18, right: 50, bottom: 38, left: 42 };

interface Props {
  curves: Curves;
  experiment: Experiment;
  /** The newest training is picked out while it goes on. */
  live: boolean;
  hidden: ReadonlySet<string>;
}
export const CurvesPlot = memo(function CurvesPlot({ curves, experiment, live, hidden }: Props) {
  const { t } = useTranslation('charts');
  const axes = useMemo(() => axesOf(curves), [curves]);
  const main = useMemo(() => new Set(mainOf(curves)), [curves]);
  const [pointed, setPointed] = useState<number>();
  const latest = live ? curves.parts.length - 1 : undefined;
  const focus = crowded(curves) ? (pointed ?? latest) : undefined;
  const shown = curves.curves.filter((c) => !hidden.has(armKey(c)) && (main.has(c) || !hidden.has('each')));
  const words = curves.marks.length <= MOST_WORDS;
  const decimals = tickDecimals(axes.accuracy.ticks);
  const point = (at: Spot, plane: Plane): Pointed | undefined => {
    const step = ((at.x - plane.left) / (plane.right - plane.left)) * axes.last;
    const said = saidAt(
      t,
      curves,
      shown.filter((c) => main.has(c)),
      METRICS.filter((m) => !hidden.has(m)),
      step,
    );
    if (!said) return undefined;
    const marks = said.values.map(({ curve, metric, value }) => ({
      x: plane.x(said.x),
      y: yOf(plane, axes, metric, value),
      color: colorOf(curves, curve.arm, metric),
    }));
    return { x: plane.x(said.x), y: at.y, tip: said.tip, marks };
  };
  return (
    <Plot
      x={{ scale: axes.x, tick: integer }}
      y={{ scale: axes.loss, tick: short }}
      far={{ scale: axes.accuracy, tick: (v) => percent(v, decimals) }}
      xLabel={t('curves.axis')}
      margin={MARGIN}
      point={point}
      onPoint={(at, plane) => setPointed(at && partAt(curves, plane, axes.last, at))}
    >
      {(plane) => (
        <>
          {curves.marks.map((m) => (
            <Rule
              key={m.x}
              plane={plane}
              x={plane.x(m.x)}
              color="var(--w-line-strong)"
              dash="3 3"
              label={
                words && m.at.length > 0
                  ? [...new Set(m.at.map((at) => doneName(t, experiment, at)))].join(', ')
                  : undefined
              }
              // At the right edge the words keep clear of the axis beside it.
              dx={m.x === axes.last ? -26 : 0}
            />
          ))}
          {inPaintOrder(shown, main, curves.arms).map((curve) =>
            METRICS.map((metric) =>
              hidden.has(metric) ? null : (
                <Line
                  key={`${curve.at}/${curve.replicate}/${metric}`}
                  spots={spotsOf(curve.points, metric, plane, axes)}
                  {...lookOf(curves, curve, metric, main.has(curve), focus)}
                />
              ),
            ),
          )}
        </>
      )}
    </Plot>
  );
});
/** Single replicates below, then controls, then the trunk's own line. */
function inPaintOrder(curves: readonly Curve[], main: ReadonlySet<Curve>, arms: readonly string[]): Curve[] {
  const order = ({ arm }: Curve) => (arm === undefined ? -1 : arms.indexOf(arm));
  return [...curves].sort((a, b) => Number(main.has(a)) - Number(main.has(b)) || order(b) - order(a));
}

interface Scales {
  x: AxisScale;
  loss: AxisScale;
  accuracy: AxisScale;
  last: number;
}
/** Of everything there is, so that the axes stay where they are when a line is switched off. */
function axesOf({ curves, parts }: Curves): Scales {
  const points = curves.flatMap((c) => c.points);
  const losses = points.flatMap((p) => (p.loss !== undefined && p.loss > 0 ? [p.loss] : []));
  const accuracies = points.flatMap((p) => (p.accuracy === undefined ? [] : [p.accuracy]));
  const last = Math.max(1, parts[parts.length - 1]?.to ?? 1);
  const ticks = niceTicks(0, last, 5).filter((v) => v <= last);
  return {
    x: { to: (v) => v, domain: [0, last], ticks, stretched: false },
    loss: logScale(losses, 1, 1),
    accuracy: accuracyScale(accuracies),
    last,
  };
}
const yOf = (plane: Plane, { loss, accuracy }: Scales, metric: Metric, value: number): number =>
  metric === 'loss' ? plane.y(loss.to(value)) : plane.far(accuracy.to(value));

function spotsOf(points: readonly CurvePoint[], metric: Metric, plane: Plane, scales: Scales): Spot[] {
  return points.flatMap((p) => {
    const value = p[metric];
    // A loss of zero has no place on a logarithmic axis.
    if (value === undefined || (metric === 'loss' && value <= 0)) return [];
    return [{ x: plane.x(p.x), y: yOf(plane, scales, metric, value) }];
  });
}
/** Which training is under the pointer. */
function partAt({ parts }: Curves, plane: Plane, last: number, at: Spot): number | undefined {
  const step = ((at.x - plane.left) / (plane.right - plane.left)) * last;
  const index = parts.findIndex((p) => step >= p.from && step <= p.to);
  return index < 0 ? undefined : index;
}
const short = (v: number) => String(Number(v.toPrecision(2)));

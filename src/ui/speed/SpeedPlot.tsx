/** Measured speed-up with quartile whiskers, what the MACs promise dashed beside it, and the line at 1x. */
import { memo, useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { decimal, integer } from '../../i18n/format';
import type { SpeedAxis, SpeedPoint } from '../../worker/api';
import { Line as Path, Rule } from '../charts/drawing';
import { shareText } from '../charts/numbers';
import { Plot, type Pointed } from '../charts/Plot';
import { type Plane, pathOf, type Spot } from '../charts/plane';
import { promised } from './break-even';
import { evenRankOf, type Line, type Shown, TFJS_COLOR, xScale, yScale } from './series';
import { msText, placeText, rangeText, ratioText, type Say } from './words';

interface Props {
  lines: readonly Line[];
  tfjs?: SpeedPoint;
  shown: Shown;
  /** Draws what the MACs promise. */
  promises: boolean;
  /** Points that decide the axes: those of all results side by side, so that they can be compared. */
  extent: readonly SpeedPoint[];
}
/** A point and where it is drawn. */
interface Place extends Spot {
  p: SpeedPoint;
  color: string;
}
const UNIT = { sparsity: 'axis.sparsityUnit', bits: 'axis.bitsUnit', rank: 'axis.rankUnit' } as const;
/** Pixels between marks of the same width. */
const BESIDE = 15;
const REACH = 26;

export const SpeedPlot = memo(function SpeedPlot({ lines, tfjs, shown, promises, extent }: Props) {
  const { t } = useTranslation('speed');
  const { axis } = shown;
  const x = useMemo(
    () =>
      xScale(
        axis,
        extent.filter((p) => p.axis === axis && p.series !== 'tfjs').map((p) => p.x),
      ),
    [axis, extent],
  );
  const y = useMemo(() => yScale(extent, promises), [extent, promises]);
  const placed = useCallback(
    (plane: Plane): Place[][] => {
      const beside = axis === 'bits' ? BESIDE : 0;
      const all = lines.map(({ points, color }, i) =>
        points.map((p) => ({
          p,
          color,
          x: plane.x(x.to(p.x)) + (i - (lines.length - 1) / 2) * beside,
          y: plane.y(y.to(p.ratio.median)),
        })),
      );
      return tfjs && axis === 'sparsity'
        ? [...all, [{ p: tfjs, color: TFJS_COLOR, x: plane.x(x.to(0)), y: plane.y(y.to(tfjs.ratio.median)) }]]
        : all;
    },
    [lines, tfjs, axis, x, y],
  );
  const point = (at: Spot, plane: Plane): Pointed | undefined => {
    const far = (s: Spot) => Math.hypot(s.x - at.x, s.y - at.y);
    const near = placed(plane)
      .flat()
      .sort((a, b) => far(a) - far(b))[0];
    return near && far(near) < REACH ? { x: near.x, y: near.y, tip: tipOf(t, near.p, axis) } : undefined;
  };
  const even = axis === 'rank' ? evenRankOf(shown.subject) : undefined;
  const draw = useCallback(
    (plane: Plane) => (
      <>
        <Rule plane={plane} y={plane.y(y.to(1))} color="var(--w-text)" />
        <text x={plane.right} y={plane.y(y.to(1)) - 5} textAnchor="end" className="strong">
          1×
        </text>
        {even !== undefined && x.to(even) <= x.domain[1] && (
          <Rule
            plane={plane}
            x={plane.x(x.to(even))}
            color="var(--w-line-strong)"
            dash="2 3"
            label={t('chart.even')}
          />
        )}
        {promises && (
          <Promises
            lines={lines}
            plane={plane}
            at={(p) => ({ x: plane.x(x.to(p.x)), y: plane.y(y.to(promised(p))) })}
          />
        )}
        {placed(plane).map((places) => (
          <Measured key={places[0].p.series} places={places} to={(v) => plane.y(y.to(v))} />
        ))}
      </>
    ),
    [lines, promises, x, y, placed, even, t],
  );
  return (
    <Plot
      x={{ scale: x, tick: (v) => tickText(t, axis, v) }}
      y={{ scale: y, tick: (v) => `${decimal(v, 2)}×` }}
      xLabel={t(UNIT[axis])}
      point={point}
    >
      {draw}
    </Plot>
  );
});
const tickText = (t: Say, axis: SpeedAxis, v: number): string =>
  axis === 'sparsity'
    ? shareText(v)
    : axis === 'bits'
      ? t('axis.bitsTick', { bits: integer(v) })
      : integer(v);

/** Promises of several series often coincide: their dashes take turns, so that none hides another. */
function Promises({ lines, plane, at }: { lines: readonly Line[]; plane: Plane; at(p: SpeedPoint): Spot }) {
  const some = lines.filter((l) => l.series !== 'masked');
  const gap = Math.max(4, 5 * (some.length - 1));
  return (
    <g data-promised clipPath={undefined}>
      {some.map(({ series, color, points }, i) => {
        const spots = points.map(at);
        const only =
          spots.length === 1
            ? [
                { x: spots[0].x - 9, y: spots[0].y },
                { x: spots[0].x + 9, y: spots[0].y },
              ]
            : spots;
        return (
          <path
            key={series}
            d={pathOf(only.map((s) => ({ x: s.x, y: Math.max(plane.top - 8, s.y) })))}
            fill="none"
            stroke={color}
            strokeWidth={1.5}
            strokeDasharray={only === spots ? `5 ${gap}` : '3 2'}
            strokeDashoffset={only === spots ? -5 * i : 0}
          />
        );
      })}
    </g>
  );
}

function Measured({ places, to }: { places: readonly Place[]; to(ratio: number): number }) {
  const { p, color } = places[0];
  return (
    <g data-series={p.series}>
      <Path spots={places} color={color} width={2} />
      {places.map((place) => (
        <Whisker key={place.p.x} place={place} to={to} />
      ))}
      {places.map((place) => (
        <Mark key={place.p.x} place={place} />
      ))}
    </g>
  );
}
function Whisker({ place: { p, x, color }, to }: { place: Place; to(ratio: number): number }) {
  const [low, high] = [to(p.ratio.q1), to(p.ratio.q3)];
  return (
    <path
      d={`M${x - 4},${low}h8M${x},${low}V${high}M${x - 4},${high}h8`}
      stroke={color}
      strokeWidth={1.5}
      fill="none"
    />
  );
}
/** Hollow where no claim is made; a diamond for what is not ours. */
function Mark({ place: { p, x, y, color } }: { place: Place }) {
  const look = {
    fill: p.overlap ? 'var(--w-card)' : color,
    stroke: p.overlap ? color : 'var(--w-card)',
    strokeWidth: 1.5,
  };
  if (p.series === 'tfjs') return <path d={`M${x},${y - 6}l6,6l-6,6l-6,-6z`} {...look} />;
  return <circle cx={x} cy={y} r={4.5} {...look} />;
}

export function tipOf(t: Say, p: SpeedPoint, axis: SpeedAxis): string[] {
  const name = t(`series.${p.series}`);
  return [
    p.series === 'tfjs' ? name : `${name}, ${placeText(t, axis, p.x)}`,
    t('chart.tip', { ratio: ratioText(p), range: rangeText(p) }),
    ...(p.series === 'tfjs' ? [] : [t('chart.tipPromised', { ratio: `${decimal(promised(p), 2)}×` })]),
    t('chart.tipTime', { time: msText(p.time.median), dense: msText(p.dense.median) }),
    ...(p.overlap ? [t('chart.overlap')] : []),
  ];
}

/** Dots of all settings tried, stairs through each strategy's front, the goal, the dense network, the best. */
import { memo, useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { percent } from '../../i18n/format';
import type { NumberParam } from '../../spec/params';
import type { Hunt } from '../../store/search';
import type { SearchMeasure, Seeker } from '../../worker/api-search';
import { denseAccuracy, numbersOf, settingText } from '../search/words';
import { Line, Rule } from './drawing';
import { kilobytes, msText } from './numbers';
import { Plot, type Pointed } from './Plot';
import { type Against, limitOf, type Pareto, type ParetoDot, SEEKERS, stairsOf } from './pareto';
import type { Plane, Spot } from './plane';
import { logScale, tickDecimals, topScale } from './scales';

export const SEEKER_COLOR: Record<Seeker, string> = {
  random: 'var(--w-orange)',
  evolution: 'var(--w-green)',
  bayes: 'var(--w-blue)',
  curves: 'var(--w-purple)',
};
const REACH = 22;

interface Props {
  hunt: Hunt & { measure: SearchMeasure };
  pareto: Pareto;
  against: Against;
  hidden: ReadonlySet<string>;
  param: NumberParam;
  /** Number of the setting that is picked out. */
  chosen?: number;
  onChoose(number: number): void;
}
export const ParetoPlot = memo(function ParetoPlot(props: Props) {
  const { hunt, pareto, against, hidden, param, chosen, onChoose } = props;
  const { t } = useTranslation('search');
  const { measure, goal, best } = hunt;
  const dense = denseAccuracy(measure);
  const limit = useMemo(() => limitOf(goal, measure), [goal, measure]);
  const dots = useMemo(() => pareto.dots.filter((d) => !hidden.has(d.tried.by)), [pareto, hidden]);
  const x = useMemo(() => {
    const values = dots.map((d) => d.x);
    const all = against === 'bytes' && limit.bytes !== undefined ? [...values, limit.bytes] : values;
    return logScale(all, Math.min(...all) * 0.95, Math.max(...all) * 1.05);
  }, [dots, against, limit]);
  const y = useMemo(
    () => topScale([...dots.map((d) => d.accuracy), dense, ...(limit.accuracy ? [limit.accuracy] : [])]),
    [dots, dense, limit],
  );
  const spot = useCallback(
    (plane: Plane, d: ParetoDot): Spot => ({ x: plane.x(x.to(d.x)), y: plane.y(y.to(d.accuracy)) }),
    [x, y],
  );
  const nearest = (at: Spot, plane: Plane): ParetoDot | undefined => {
    const far = (d: ParetoDot) => Math.hypot(spot(plane, d).x - at.x, spot(plane, d).y - at.y);
    let near: ParetoDot | undefined;
    for (const d of dots) if (!near || far(d) < far(near)) near = d;
    return near && far(near) < REACH ? near : undefined;
  };
  const point = (at: Spot, plane: Plane): Pointed | undefined => {
    const near = nearest(at, plane);
    if (!near) return undefined;
    const { tried } = near;
    return {
      ...spot(plane, near),
      tip: [
        settingText(t, tried.setting, param),
        ...numbersOf(t, tried, measure),
        `${t(`pareto.series.${tried.by}`)}, ${t('pareto.number')} ${tried.number}`,
      ],
    };
  };
  const draw = useCallback(
    (plane: Plane) => {
      const level = plane.y(y.to(dense));
      const ringed = (number: number | undefined) => dots.find((d) => d.tried.number === number);
      const [winner, picked] = [ringed(best), ringed(chosen)];
      return (
        <>
          <Rule plane={plane} y={level} color="var(--w-muted)" dash="4 3" />
          <text x={plane.right} y={level - 5} textAnchor="end">
            {t('pareto.dense')}
          </text>
          {limit.accuracy !== undefined && (
            <GoalLine plane={plane} y={plane.y(y.to(limit.accuracy))} text={t('pareto.goal')} />
          )}
          {against === 'bytes' && limit.bytes !== undefined && (
            <Rule
              plane={plane}
              x={plane.x(x.to(limit.bytes))}
              color="var(--w-text)"
              dash="2 3"
              label={t('pareto.goal')}
            />
          )}
          {dots.map((d) => (
            <Mark key={d.tried.number} at={spot(plane, d)} color={SEEKER_COLOR[d.tried.by]} full={d.full} />
          ))}
          {SEEKERS.filter((by) => !hidden.has(by)).map((by) => (
            <g key={by} data-front={by}>
              <Line
                spots={stairsOf(
                  pareto.fronts[by].map((d) => spot(plane, d)),
                  plane.right,
                )}
                color={SEEKER_COLOR[by]}
                width={by === 'curves' ? 1.25 : 1.75}
              />
            </g>
          ))}
          {picked && <Ring at={spot(plane, picked)} size={7} color="var(--w-accent)" />}
          {winner && <Best at={spot(plane, winner)} color={SEEKER_COLOR[winner.tried.by]} />}
        </>
      );
    },
    [dots, pareto, hidden, x, y, spot, dense, limit, against, best, chosen, t],
  );
  const decimals = tickDecimals(y.ticks);
  return (
    <Plot
      x={{ scale: x, tick: against === 'bytes' ? kilobytes : msText }}
      y={{ scale: y, tick: (v) => percent(v, decimals) }}
      xLabel={t(against === 'bytes' ? 'pareto.axisBytes' : 'pareto.axisTime')}
      point={point}
      onPick={(at, plane) => {
        const near = nearest(at, plane);
        if (near) onChoose(near.tried.number);
      }}
    >
      {draw}
    </Plot>
  );
});

function GoalLine({ plane, y, text }: { plane: Plane; y: number; text: string }) {
  return (
    <>
      <Rule plane={plane} y={y} color="var(--w-text)" dash="2 3" />
      <text className="strong" x={plane.right} y={y + 13} textAnchor="end">
        {text}
      </text>
    </>
  );
}
/** Hollow and pale where few images were seen. */
function Mark({ at, color, full }: { at: Spot; color: string; full: boolean }) {
  return full ? (
    <circle cx={at.x} cy={at.y} r={2.8} fill={color} fillOpacity={0.85} />
  ) : (
    <circle cx={at.x} cy={at.y} r={2.3} fill="none" stroke={color} strokeOpacity={0.5} />
  );
}
const Ring = ({ at, size, color }: { at: Spot; size: number; color: string }) => (
  <circle cx={at.x} cy={at.y} r={size} fill="none" stroke={color} strokeWidth={2} />
);
/** A star would be read as a rating; a framed dot is the one that is meant. */
const Best = ({ at, color }: { at: Spot; color: string }) => (
  <g data-best>
    <circle cx={at.x} cy={at.y} r={5} fill={color} stroke="var(--w-card)" strokeWidth={1.5} />
    <Ring at={at} size={8} color="var(--w-text)" />
  </g>
);

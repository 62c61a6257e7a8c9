/** Mean lines with their min-max bands on two given axes: the drawing of all charts of a study. */
import { memo, useCallback } from 'react';
import { Dot, Line, Path, Rule } from '../charts/drawing';
import { Plot, type Pointed } from '../charts/Plot';
import { type Margin, type Plane, pathOf, type Spot } from '../charts/plane';
import type { AxisScale } from '../charts/scales';

export interface BandPoint {
  /** In the axis' own units. */
  x: number;
  mean: number;
  min: number;
  max: number;
  /** Drawn hollow: the value is a bound and not the thing itself. */
  hollow?: boolean;
  /** First line is the heading. */
  tip?: readonly string[];
}
export interface BandLine {
  id: string;
  color: string;
  dash?: string;
  points: readonly BandPoint[];
}
interface Props {
  lines: readonly BandLine[];
  x: { scale: AxisScale; tick(value: number): string };
  y: { scale: AxisScale; tick(value: number): string };
  xLabel: string;
  /** A horizontal reference, and what it is called. */
  level?: { y: number; label: string };
  /** A vertical one: what the other charts show. */
  at?: number;
  /** Dots on the points; without them the curve alone, read along the pointer. */
  dots?: boolean;
  /** Told which x somebody picks. */
  onPick?(x: number): void;
  /** For curves: what is said at an x. */
  say?(x: number): readonly string[] | undefined;
}
const MARGIN: Margin = { top: 14, right: 16, bottom: 38, left: 50 };
const REACH = 28;
/** A band narrower than this many pixels is drawn as whiskers would be: not at all. */
const BAND_OPACITY = 0.16;

export const BandPlot = memo(function BandPlot(props: Props) {
  const { lines, x, y, xLabel, level, at, dots = true, onPick, say } = props;
  const spot = useCallback(
    (plane: Plane, px: number, py: number): Spot => ({
      x: plane.x(x.scale.to(px)),
      y: plane.y(y.scale.to(py)),
    }),
    [x.scale, y.scale],
  );
  const point = (to: Spot, plane: Plane) =>
    dots ? nearest(lines, plane, spot, to) : along(lines, plane, spot, to, say);
  const pick = (to: Spot, plane: Plane) => {
    const found = column(lines, plane, spot, to);
    if (found !== undefined) onPick?.(found);
  };
  const draw = useCallback(
    (plane: Plane) => (
      <>
        {at !== undefined && (
          <Rule plane={plane} x={plane.x(x.scale.to(at))} color="var(--w-line-strong)" dash="2 3" />
        )}
        {level && <Level plane={plane} y={plane.y(y.scale.to(level.y))} label={level.label} />}
        {lines.map((line) => (
          <Band key={line.id} line={line} plane={plane} spot={spot} />
        ))}
        {lines.map((line) => (
          <Mean key={line.id} line={line} plane={plane} spot={spot} dots={dots} at={at} />
        ))}
      </>
    ),
    [lines, level, at, dots, x.scale, y.scale, spot],
  );
  return (
    <Plot x={x} y={y} xLabel={xLabel} margin={MARGIN} point={point} onPick={onPick && pick}>
      {draw}
    </Plot>
  );
});

type ToSpot = (plane: Plane, x: number, y: number) => Spot;

function Level({ plane, y, label }: { plane: Plane; y: number; label: string }) {
  return (
    <>
      <Rule plane={plane} y={y} color="var(--w-muted)" dash="4 3" />
      <text x={plane.right} y={y - 5} textAnchor="end" data-level>
        {label}
      </text>
    </>
  );
}
export function Band({ line, plane, spot }: { line: BandLine; plane: Plane; spot: ToSpot }) {
  const some = line.points.filter((p) => p.max > p.min);
  if (some.length === 0) return null;
  const up = line.points.map((p) => spot(plane, p.x, p.max));
  const down = line.points.map((p) => spot(plane, p.x, p.min)).reverse();
  // One round alone has no width: a bar in place of a band.
  if (up.length === 1) {
    return (
      <Path
        d={`M${up[0].x},${up[0].y}L${down[0].x},${down[0].y}`}
        color={line.color}
        width={5}
        opacity={0.3}
      />
    );
  }
  return (
    <path
      d={`${pathOf([...up, ...down])}Z`}
      fill={line.color}
      fillOpacity={BAND_OPACITY}
      data-band={line.id}
    />
  );
}
interface MeanProps {
  line: BandLine;
  plane: Plane;
  spot: ToSpot;
  dots: boolean;
  at: number | undefined;
  /** Thinner, for a small chart. */
  small?: boolean;
}
export function Mean({ line, plane, spot, dots, at, small }: MeanProps) {
  const spots = line.points.map((p) => spot(plane, p.x, p.mean));
  return (
    <g data-series={line.id}>
      <Line spots={spots} color={line.color} width={small ? 1.5 : 2} dash={line.dash} />
      {dots &&
        line.points.map((p, i) =>
          p.hollow ? (
            <circle
              key={p.x}
              cx={spots[i].x}
              cy={spots[i].y}
              r={4}
              fill="var(--w-card)"
              stroke={line.color}
              strokeWidth={1.75}
            />
          ) : (
            <Dot
              key={p.x}
              {...spots[i]}
              color={line.color}
              size={(p.x === at ? 5.5 : 3.75) * (small ? 0.65 : 1)}
            />
          ),
        )}
    </g>
  );
}

function nearest(lines: readonly BandLine[], plane: Plane, spot: ToSpot, to: Spot): Pointed | undefined {
  let best: (Pointed & { far: number }) | undefined;
  for (const { points } of lines)
    for (const p of points) {
      const s = spot(plane, p.x, p.mean);
      const far = Math.hypot(s.x - to.x, s.y - to.y);
      if (p.tip && far < REACH && far < (best?.far ?? Infinity)) best = { ...s, tip: p.tip, far };
    }
  return best;
}
/** The x of the points that are nearest sideways. */
function column(lines: readonly BandLine[], plane: Plane, spot: ToSpot, to: Spot): number | undefined {
  let best: { x: number; far: number } | undefined;
  for (const { points } of lines)
    for (const p of points) {
      const far = Math.abs(spot(plane, p.x, p.mean).x - to.x);
      if (far < (best?.far ?? Infinity)) best = { x: p.x, far };
    }
  return best?.x;
}
function along(
  lines: readonly BandLine[],
  plane: Plane,
  spot: ToSpot,
  to: Spot,
  say?: (x: number) => readonly string[] | undefined,
): Pointed | undefined {
  const x = column(lines, plane, spot, to);
  const tip = x === undefined ? undefined : say?.(x);
  if (x === undefined || !tip) return undefined;
  const marks = lines.flatMap(({ points, color }) => {
    const p = points.find((q) => q.x === x);
    return p ? [{ ...spot(plane, x, p.mean), color }] : [];
  });
  return { x: marks[0]?.x ?? to.x, y: to.y, tip, marks };
}

/** What the scatter charts share: axes from `AxisScale`, dots that can be clicked, a tooltip for one point. */
import type { ReactNode } from 'react';
import { CartesianGrid, ResponsiveContainer, ScatterChart, Tooltip, XAxis, YAxis } from 'recharts';
import classes from './charts.module.css';
import { type AxisScale, tickAt } from './scales';

/** A point in positions, ready for recharts, with what its tooltip says. */
export interface Plotted {
  px: number;
  py: number;
  /** First line is the heading. */
  tip: string[];
  /** Offsets of an error bar in positions, below and above. */
  ex?: [number, number];
  ey?: [number, number];
  /** Row in the table behind, where a click means something. */
  row?: number;
}

interface ScatterPlotProps {
  x: AxisScale;
  y: AxisScale;
  xTick: (value: number) => string;
  yTick: (value: number) => string;
  xLabel: string;
  children: ReactNode;
}
const MARGIN = { top: 18, right: 18, bottom: 16, left: 0 };
const AXIS = { stroke: 'var(--w-line-strong)' };

export function ScatterPlot({ x, y, xTick, yTick, xLabel, children }: ScatterPlotProps) {
  return (
    <ResponsiveContainer
      width="100%"
      height="100%"
      debounce={0}
      initialDimension={{ width: 320, height: 200 }}
    >
      <ScatterChart margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid stroke="var(--w-line)" vertical={false} />
        <XAxis
          type="number"
          dataKey="px"
          domain={x.domain}
          ticks={x.ticks.map(x.to)}
          tickFormatter={(p: number) => xTick(tickAt(x, p))}
          tick={(p: TickProps) => <Tick {...p} dy="0.71em" text={xTick(tickAt(x, p.payload.value))} />}
          tickLine={false}
          axisLine={AXIS}
          interval="preserveStartEnd"
          minTickGap={6}
          height={22}
          label={{ content: (p) => <AxisLabel {...(p as LabelProps)} text={xLabel} /> }}
        />
        <YAxis
          type="number"
          dataKey="py"
          domain={y.domain}
          ticks={y.ticks.map(y.to)}
          tick={(p: TickProps) => <Tick {...p} dy="0.355em" text={yTick(tickAt(y, p.payload.value))} />}
          tickLine={false}
          axisLine={false}
          interval={0}
          width={50}
        />
        <Tooltip
          content={<PointTip />}
          isAnimationActive={false}
          cursor={false}
          wrapperStyle={{ zIndex: 5 }}
        />
        {children}
      </ScatterChart>
    </ResponsiveContainer>
  );
}

// Plain text: the library's own wraps lines and measures every word on the page for it, each time anew.
interface TickProps {
  x: number | string;
  y: number | string;
  textAnchor: 'start' | 'middle' | 'end' | 'inherit';
  payload: { value: number };
}
const Tick = ({ x, y, textAnchor, dy, text }: TickProps & { dy: string; text: string }) => (
  <text x={x} y={y} dy={dy} textAnchor={textAnchor}>
    {text}
  </text>
);
interface LabelProps {
  viewBox: { x: number; y: number; width: number; height: number };
}
const AxisLabel = ({ viewBox: { x, y, width, height }, text }: LabelProps & { text: string }) => (
  <text x={x + width / 2} y={y + height + 13} textAnchor="middle">
    {text}
  </text>
);

interface TipProps {
  active?: boolean;
  payload?: readonly { payload?: Plotted }[];
}
function PointTip({ active, payload }: TipProps) {
  const tip = active ? payload?.[0]?.payload?.tip : undefined;
  if (!tip) return null;
  const [head, ...lines] = tip;
  return (
    <div className={classes.tip}>
      <b>{head}</b>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}

interface DotProps {
  cx?: number;
  cy?: number;
  color: string;
  size: number;
  hollow?: boolean;
  onClick?: () => void;
}
/** A dot with a larger, invisible place to hit. */
export function Dot({ cx, cy, color, size, hollow, onClick }: DotProps) {
  if (cx === undefined || cy === undefined || !Number.isFinite(cx) || !Number.isFinite(cy)) return null;
  const fill = hollow ? 'var(--w-card)' : color;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the table behind the chart is the keyboard's way.
    <g onClick={onClick} style={onClick && { cursor: 'pointer' }}>
      <circle data-hit cx={cx} cy={cy} r={Math.max(11, size)} fill="transparent" stroke="none" />
      <circle
        cx={cx}
        cy={cy}
        r={size}
        fill={fill}
        stroke={hollow ? color : 'var(--w-card)'}
        strokeWidth={hollow ? 2.5 : size > 4 ? 2 : 1}
      />
    </g>
  );
}
/** Keeps the state on screen above its sweep, whichever came first. */
export const ON_TOP = { zIndex: 700 };
/** Props of every scatter series: nothing moves by itself, lines join points in order. */
export const STILL = { isAnimationActive: false, lineJointType: 'linear' as const };

/** Marks on a chart: plain SVG in pixels, so that drawing them anew costs next to nothing. */
import { memo } from 'react';
import classes from './charts.module.css';
import { type Plane, pathOf, type Spot } from './plane';

interface LineProps {
  spots: readonly Spot[];
  color: string;
  width: number;
  dash?: string;
  opacity?: number;
}
export const Line = ({ spots, ...look }: LineProps) => <Path d={pathOf(spots)} {...look} />;

interface PathProps extends Omit<LineProps, 'spots'> {
  d: string;
}
/** Not touched while its points stay as they are. */
export const Path = memo(function Path({ d, color, width, dash, opacity }: PathProps) {
  return (
    <path
      d={d}
      fill="none"
      stroke={color}
      strokeWidth={width}
      strokeDasharray={dash}
      strokeOpacity={opacity}
      strokeLinejoin="round"
    />
  );
});

interface DotProps extends Spot {
  color: string;
  size: number;
  hollow?: boolean;
  onClick?: () => void;
}
/** A dot with a larger, invisible place to hit. */
export function Dot({ x, y, color, size, hollow, onClick }: DotProps) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the table behind the chart is the keyboard's way.
    <g onClick={onClick} style={onClick && { cursor: 'pointer' }}>
      {onClick && <circle data-hit cx={x} cy={y} r={Math.max(11, size)} fill="transparent" stroke="none" />}
      <circle
        cx={x}
        cy={y}
        r={size}
        fill={hollow ? 'var(--w-card)' : color}
        stroke={hollow ? color : 'var(--w-card)'}
        strokeWidth={hollow ? 2.5 : size > 4 ? 2 : 1}
      />
    </g>
  );
}

const CAP = 5;
/** Range with caps, between two places on one line. */
export function Whisker({ from, to, color }: { from: Spot; to: Spot; color: string }) {
  if (from.x === to.x && from.y === to.y) return null;
  const flat = from.y === to.y;
  const cap = ({ x, y }: Spot) =>
    flat ? `M${x},${y - CAP}L${x},${y + CAP}` : `M${x - CAP},${y}L${x + CAP},${y}`;
  return <Path d={`${pathOf([from, to])}${cap(from)}${cap(to)}`} color={color} width={1.5} />;
}

interface RuleProps {
  plane: Plane;
  /** Positions in pixels: a vertical rule at x or a horizontal one at y. */
  x?: number;
  y?: number;
  color: string;
  dash?: string;
  /** Words above a vertical rule. */
  label?: string;
  strong?: boolean;
  /** Moves the words sideways. */
  dx?: number;
}
/** A straight line across the whole plotted area. */
export function Rule({ plane, x, y, color, dash, label, strong, dx = 0 }: RuleProps) {
  const { left, right, top, bottom } = plane;
  const d = x === undefined ? `M${left},${y}L${right},${y}` : `M${x},${bottom}L${x},${top}`;
  return (
    <>
      <Path d={d} color={color} width={1} dash={dash} />
      {label !== undefined && (
        <text
          className={strong ? classes.strong : undefined}
          x={(x ?? left) + dx}
          y={top - 5}
          textAnchor="middle"
        >
          {label}
        </text>
      )}
    </>
  );
}

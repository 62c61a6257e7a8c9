/** Marks on a chart: plain SVG in pixels, so that drawing them anew costs next to nothing. */
import { memo } from 'react';
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
}
export function Dot({ x, y, color, size }: DotProps) {
  return <circle cx={x} cy={y} r={size} fill={color} stroke="var(--w-card)" strokeWidth={size > 4 ? 2 : 1} />;
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
  /** Moves the words sideways. */
  dx?: number;
}
/** A straight line across the whole plotted area. */
export function Rule({ plane, x, y, color, dash, label, dx = 0 }: RuleProps) {
  const { left, right, top, bottom } = plane;
  const d = x === undefined ? `M${left},${y}L${right},${y}` : `M${x},${bottom}L${x},${top}`;
  return (
    <>
      <Path d={d} color={color} width={1} dash={dash} />
      {label !== undefined && (
        <text x={(x ?? left) + dx} y={top - 5} textAnchor="middle">
          {label}
        </text>
      )}
    </>
  );
}

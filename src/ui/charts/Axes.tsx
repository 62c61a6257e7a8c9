/** Grid, axes and their words. */
import { memo } from 'react';
import { apart, type Label, type Plane, stacked } from './plane';
import type { AxisScale } from './scales';

export interface Side {
  scale: AxisScale;
  /** A tick in words. */
  tick(value: number): string;
}
interface Props {
  plane: Plane;
  x: Side;
  y: Side;
  /** A second axis, at the right. */
  far?: Side;
  xLabel: string;
}
const labelsOf = ({ scale, tick }: Side, place: (position: number) => number): Label[] =>
  scale.ticks.map((value) => ({ at: place(scale.to(value)), text: tick(value) }));

export const Axes = memo(function Axes({ plane, x, y, far, xLabel }: Props) {
  const { left, right, top, bottom } = plane;
  const rows = stacked(labelsOf(y, plane.y));
  return (
    <>
      <path
        d={[...rows.map((l) => l.at), top, bottom].map((at) => `M${left},${at}L${right},${at}`).join('')}
        stroke="var(--w-line)"
      />
      <path d={`M${left},${bottom}L${right},${bottom}`} stroke="var(--w-line-strong)" />
      {apart(labelsOf(x, plane.x)).map(({ at, text }) => (
        <text key={text} x={at} y={bottom + 8} dy="0.71em" textAnchor="middle">
          {text}
        </text>
      ))}
      <text x={(left + right) / 2} y={bottom + 35} textAnchor="middle">
        {xLabel}
      </text>
      <Words labels={rows} x={left - 8} anchor="end" />
      {far && <Words labels={stacked(labelsOf(far, plane.far))} x={right + 8} anchor="start" />}
    </>
  );
});
function Words({ labels, x, anchor }: { labels: readonly Label[]; x: number; anchor: 'start' | 'end' }) {
  return labels.map(({ at, text }) => (
    <text key={`${text}${at}`} x={x} y={at} dy="0.355em" textAnchor={anchor}>
      {text}
    </text>
  ));
}

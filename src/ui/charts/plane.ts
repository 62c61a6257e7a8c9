/** Where things are on a chart, in pixels of its drawing. Pure, so that it can be tested without a page. */
import type { AxisScale } from './scales';

export interface Size {
  width: number;
  height: number;
}
/** Room around the plotted area for labels. */
export interface Margin {
  top: number;
  right: number;
  bottom: number;
  left: number;
}
/** The plotted area, and where a position (see `AxisScale`) lies in it. */
export interface Plane {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x(position: number): number;
  y(position: number): number;
  /** On the axis at the right; the one at the left where there is none. */
  far(position: number): number;
}
const along = ([low, high]: [number, number], from: number, to: number) => {
  const per = high > low ? (to - from) / (high - low) : 0;
  return (position: number) => round(from + (position - low) * per);
};
/** Tenths of a pixel are enough, and keep paths short. */
const round = (v: number): number => Math.round(v * 10) / 10;

export function planeOf(
  size: Size,
  margin: Margin,
  { x, y, far = y }: { x: AxisScale; y: AxisScale; far?: AxisScale },
): Plane {
  const left = margin.left;
  const right = Math.max(left, size.width - margin.right);
  const top = margin.top;
  const bottom = Math.max(top, size.height - margin.bottom);
  return {
    left,
    right,
    top,
    bottom,
    x: along(x.domain, left, right),
    y: along(y.domain, bottom, top),
    far: along(far.domain, bottom, top),
  };
}

export interface Label {
  /** Middle of the words, in pixels along the axis. */
  at: number;
  text: string;
}
/** Width of a figure in the charts' 11 pixel type, rather too much than too little. */
const FIGURE = 6.4;
const LINE = 11;
/** Words along a horizontal axis, without those that would touch another; first and last stay. */
export function apart(labels: readonly Label[], gap = 6): Label[] {
  const wide = (l: Label) => (l.text.length * FIGURE) / 2;
  const clear = (a: Label, b: Label) => b.at - wide(b) - (a.at + wide(a)) >= gap;
  const last = labels[labels.length - 1];
  const kept: Label[] = labels.slice(0, 1);
  for (const l of labels.slice(1, -1)) if (clear(kept[kept.length - 1], l) && clear(l, last)) kept.push(l);
  if (labels.length > 1) kept.push(last);
  return kept;
}
/** The same for a vertical axis: the first stays. */
export function stacked(labels: readonly Label[], gap = 2): Label[] {
  const kept: Label[] = [];
  for (const l of labels)
    if (kept.length === 0 || Math.abs(l.at - kept[kept.length - 1].at) >= LINE + gap) kept.push(l);
  return kept;
}

export interface Spot {
  x: number;
  y: number;
}
/** Path through the spots in order. */
export const pathOf = (spots: readonly Spot[]): string =>
  spots.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x},${y}`).join('');

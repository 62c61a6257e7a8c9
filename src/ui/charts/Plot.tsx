/**
 * Frame of the live learning curves: as large as its card, axes from `AxisScale`, what is drawn on them, and what is
 * said about the place under the pointer. Plain SVG: these lines change several times a second while a network
 * trains, and the chart library's store and text measuring, fine elsewhere, took most of the page's time then.
 */
import { useElementSize } from '@mantine/hooks';
import { type MouseEvent, type PointerEvent, type ReactNode, useMemo, useState } from 'react';
import { Axes, type Side } from './Axes';
import classes from './charts.module.css';
import { Dot, Rule } from './drawing';
import { type Margin, type Plane, planeOf, type Size, type Spot } from './plane';

/** What is said about a place, and the place. */
export interface Pointed extends Spot {
  /** First line is the heading. */
  tip: readonly string[];
  /** Values at this place, marked along a vertical line through it. */
  marks?: readonly (Spot & { color: string })[];
}
interface PlotProps {
  x: Side;
  y: Side;
  far?: Side;
  xLabel: string;
  margin?: Margin;
  /** What is there to say about this place on the drawing? */
  point(at: Spot, plane: Plane): Pointed | undefined;
  /** Told where the pointer is, and when it leaves. */
  onPoint?(at: Spot | undefined, plane: Plane): void;
  /** Told where somebody clicks. */
  onPick?(at: Spot, plane: Plane): void;
  children(plane: Plane): ReactNode;
}
export const MARGIN: Margin = { top: 18, right: 18, bottom: 38, left: 50 };

export function Plot(props: PlotProps) {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  return (
    <div ref={ref} className={classes.frame}>
      {width > 0 && height > 0 && <Sized {...props} size={{ width, height }} />}
    </div>
  );
}

function Sized({
  size,
  x,
  y,
  far,
  xLabel,
  margin = MARGIN,
  point,
  onPoint,
  onPick,
  children,
}: PlotProps & { size: Size }) {
  const { width, height } = size;
  const plane = planeOf({ width, height }, margin, { x: x.scale, y: y.scale, far: far?.scale });
  const [pointer, setPointer] = useState<Spot>();
  const said = pointer && point(pointer, plane);
  // Moving the pointer changes what is said and nothing else.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `children` is new whenever what is drawn is.
  const drawn = useMemo(
    () => (
      <>
        <Axes plane={plane} x={x} y={y} far={far} xLabel={xLabel} />
        {children(plane)}
      </>
    ),
    [children, width, height],
  );
  const move = (to: Spot | undefined) => {
    setPointer(to);
    onPoint?.(to, plane);
  };
  const place = (e: MouseEvent<HTMLDivElement>): Spot => {
    const box = e.currentTarget.getBoundingClientRect();
    return { x: e.clientX - box.left, y: e.clientY - box.top };
  };
  const look = (e: PointerEvent<HTMLDivElement>) => move(place(e));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: charts that can be clicked have another way for the keyboard.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the same.
    <div
      className={classes.pointed}
      data-pick={onPick !== undefined || undefined}
      onClick={onPick && ((e) => onPick(place(e), plane))}
      onPointerMove={look}
      onPointerDown={look}
      onPointerLeave={() => move(undefined)}
    >
      <svg data-drawing width={width} height={height} aria-hidden="true">
        {drawn}
        {said?.marks && <Cursor x={said.x} marks={said.marks} plane={plane} />}
      </svg>
      {said && <Tip {...said} size={size} />}
    </div>
  );
}
function Cursor({ x, marks, plane }: Required<Pick<Pointed, 'x' | 'marks'>> & { plane: Plane }) {
  return (
    <>
      <Rule plane={plane} x={x} color="var(--w-line-strong)" />
      {marks.map((m) => (
        <Dot key={`${m.color}${m.y}`} {...m} size={3.5} />
      ))}
    </>
  );
}

const BESIDE = 10;
/** Beside the place, on the side where there is more room. */
export function Tip({ x, y, tip, size }: Pointed & { size: Size }) {
  const [head, ...lines] = tip;
  const room = Math.max(x, size.width - x) - BESIDE;
  return (
    <div
      className={classes.tip}
      style={{
        ...(x > size.width / 2 ? { right: size.width - x + BESIDE } : { left: x + BESIDE }),
        ...(y > size.height / 2 ? { bottom: size.height - y + BESIDE } : { top: y + BESIDE }),
        maxWidth: Math.min(260, Math.max(150, room)),
      }}
    >
      <b>{head}</b>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}

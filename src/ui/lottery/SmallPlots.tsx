/** Small charts on common axes in one drawing, so that they are compared at a glance and saved as one picture. */
import { useElementSize } from '@mantine/hooks';
import { memo, type PointerEvent, useMemo, useState } from 'react';
import { percent } from '../../i18n/format';
import { Rule } from '../charts/drawing';
import { shareText } from '../charts/numbers';
import { Tip } from '../charts/Plot';
import { apart, type Spot, stacked } from '../charts/plane';
import { type AxisScale, tickDecimals } from '../charts/scales';
import { Band, type BandLine, Mean } from './BandPlot';
import classes from './deconstruct.module.css';
import { type Cell, gridOf, NAME_LINE } from './grid';

export interface SmallPlot {
  id: string;
  title: string;
  lines: readonly BandLine[];
}
interface Props {
  plots: readonly SmallPlot[];
  x: AxisScale;
  y: AxisScale;
  xLabel: string;
  /** Accuracy of the dense network, a level in all of them. */
  dense?: number;
  /** Weights remaining that the rest of the page looks at. */
  at?: number;
  onPick(x: number): void;
}
const REACH = 24;

export function SmallPlots(props: Props) {
  const { plots, x, y } = props;
  const { ref, width } = useElementSize<HTMLDivElement>();
  const names = plots.map(({ title }) => title).join('\n');
  const grid = useMemo(() => gridOf(names.split('\n'), width, { x, y }), [names, width, x, y]);
  const [tip, setTip] = useState<Found>();
  const point = (e: PointerEvent<HTMLDivElement>) => {
    const box = e.currentTarget.getBoundingClientRect();
    setTip(nearest(props, grid.cells, { x: e.clientX - box.left, y: e.clientY - box.top }));
  };
  return (
    <div ref={ref} className={classes.frame} style={{ height: width > 0 ? grid.height : undefined }}>
      {width > 0 && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the table behind the chart does the same for the keyboard.
        // biome-ignore lint/a11y/useKeyWithClickEvents: the same.
        <div
          className={classes.pointed}
          data-pick={tip !== undefined || undefined}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setTip(undefined)}
          onClick={() => tip && props.onPick(tip.value)}
        >
          <svg data-drawing width={width} height={grid.height} aria-hidden="true">
            <Drawn {...props} cells={grid.cells} />
            <text x={width / 2} y={grid.height - 4} textAnchor="middle">
              {props.xLabel}
            </text>
          </svg>
          {tip && <Tip {...tip} size={{ width, height: grid.height }} />}
        </div>
      )}
    </div>
  );
}

/** Not touched while only the pointer moves. */
const Drawn = memo(function Drawn({ plots, cells, x, y, dense, at }: Props & { cells: readonly Cell[] }) {
  return plots.map((plot, i) => {
    const { plane } = cells[i];
    const spot = (_: unknown, px: number, py: number): Spot => ({
      x: plane.x(x.to(px)),
      y: plane.y(y.to(py)),
    });
    return (
      <g key={plot.id} data-small={plot.id}>
        {cells[i].title.map((words, n) => (
          <text
            key={words}
            x={plane.left}
            y={plane.top - 7 - NAME_LINE * (cells[i].title.length - 1 - n)}
            data-title
          >
            {words}
          </text>
        ))}
        <Axes cell={cells[i]} x={x} y={y} />
        {at !== undefined && (
          <Rule plane={plane} x={plane.x(x.to(at))} color="var(--w-line-strong)" dash="2 3" />
        )}
        {dense !== undefined && (
          <Rule plane={plane} y={plane.y(y.to(dense))} color="var(--w-muted)" dash="4 3" />
        )}
        {plot.lines.map((line) => (
          <Band key={line.id} line={line} plane={plane} spot={spot} />
        ))}
        {plot.lines.map((line) => (
          <Mean key={line.id} line={line} plane={plane} spot={spot} dots at={at} small />
        ))}
      </g>
    );
  });
});

function Axes({ cell, x, y }: { cell: Cell; x: AxisScale; y: AxisScale }) {
  const { plane, first, lowest } = cell;
  const { left, right, top, bottom } = plane;
  const decimals = tickDecimals(y.ticks);
  const rows = stacked(
    y.ticks.map((value) => ({ at: plane.y(y.to(value)), text: percent(value, decimals) })),
    4,
  );
  const columns = apart(
    x.ticks.map((value) => ({ at: plane.x(x.to(value)), text: shareText(value) })),
    22,
  );
  return (
    <>
      <path
        d={[...rows.map((l) => l.at), top].map((at) => `M${left},${at}L${right},${at}`).join('')}
        stroke="var(--w-line)"
      />
      <path d={`M${left},${bottom}L${right},${bottom}`} stroke="var(--w-line-strong)" />
      {first &&
        rows.map(({ at, text }) => (
          <text key={text} x={left - 7} y={at} dy="0.355em" textAnchor="end">
            {text}
          </text>
        ))}
      {columns.map(({ at, text }, i) =>
        lowest ? (
          <text key={text} x={at} y={bottom + 7} dy="0.71em" textAnchor={anchorOf(i, columns.length)}>
            {text}
          </text>
        ) : (
          <path key={text} d={`M${at},${bottom}v3`} stroke="var(--w-line-strong)" />
        ),
      )}
    </>
  );
}

/** The ends of neighbouring axes would run into each other. */
const anchorOf = (i: number, count: number) => (i === 0 ? 'start' : i === count - 1 ? 'end' : 'middle');

interface Found extends Spot {
  tip: readonly string[];
  /** Weights remaining. */
  value: number;
}
function nearest({ plots, x, y }: Props, cells: readonly Cell[], to: Spot): Found | undefined {
  let best: (Found & { far: number }) | undefined;
  plots.forEach(({ lines }, i) => {
    const { plane } = cells[i];
    for (const { points } of lines)
      for (const p of points) {
        const at = { x: plane.x(x.to(p.x)), y: plane.y(y.to(p.mean)) };
        const far = Math.hypot(at.x - to.x, at.y - to.y);
        if (p.tip && far < REACH && far < (best?.far ?? Infinity))
          best = { ...at, tip: p.tip, value: p.x, far };
      }
  });
  return best;
}

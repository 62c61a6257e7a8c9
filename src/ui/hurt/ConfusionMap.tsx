/** What is mixed up with what, more often or less often than before. */
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, memo, type PointerEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import type { Shown } from '../../store/compare';
import type { Comparison } from '../../worker/api-compare';
import { type Cell, cellAt, extremes, worse } from './flips';
import classes from './hurt.module.css';
import { signed, useClassNames } from './words';

interface Props {
  shown: Shown;
  onPick(truth: number, answer: number): void;
}
type Place = readonly [truth: number, answer: number];

/** From here on a name per row is too much. */
const MOST_NAMES = 20;
const ARROWS: Record<string, Place> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function ConfusionMap({ shown, onPick }: Props) {
  const { t } = useTranslation('compare');
  const { comparison } = shown;
  const { classes: count } = comparison;
  const name = useClassNames(shown);
  const [at, setAt] = useState<Place>();
  const say = (cell: Cell): string => {
    const values = {
      truth: name(cell.truth),
      answer: name(cell.answer),
      change: signed(cell.after - cell.before),
      before: integer(cell.before),
      after: integer(cell.after),
    };
    return cell.truth === cell.answer ? t('map.right', values) : t('map.cell', values);
  };
  const press = (e: KeyboardEvent) => {
    const by = ARROWS[e.key];
    if (by) {
      e.preventDefault();
      const clamp = (x: number) => Math.min(count - 1, Math.max(0, x));
      setAt(at ? [clamp(at[0] + by[0]), clamp(at[1] + by[1])] : [0, 0]);
    }
    if ((e.key === 'Enter' || e.key === ' ') && at) {
      e.preventDefault();
      onPick(...at);
    }
  };
  const largest = useMemo(() => largestCells(comparison, 3), [comparison]);
  const summary = t('map.summary', { cells: largest.map(say).join('; ') || t('map.none') });
  return (
    <div>
      <p className={classes.muted}>{t('map.about')}</p>
      <div
        className={classes.map}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go from cell to cell.
        tabIndex={0}
        aria-label={summary}
        onKeyDown={press}
        onBlur={() => setAt(undefined)}
        onPointerLeave={() => setAt(undefined)}
      >
        <Cells comparison={comparison} name={name} at={at} setAt={setAt} onPick={onPick} />
      </div>
      <div className={classes.readout} aria-live="polite">
        {at ? <b>{say(cellAt(comparison, ...at))}</b> : `${t('map.hint')} (${t('map.key')})`}
      </div>
    </div>
  );
}

/** Those that changed most, mistakes first. */
function largestCells(c: Comparison, most: number): Cell[] {
  const all: Cell[] = [];
  for (let truth = 0; truth < c.classes; truth++)
    for (let answer = 0; answer < c.classes; answer++) all.push(cellAt(c, truth, answer));
  const size = ({ before, after }: Cell) => Math.abs(after - before);
  return all
    .filter((cell) => cell.truth !== cell.answer && size(cell) > 0)
    .sort((x, y) => size(y) - size(x))
    .slice(0, most);
}

interface CellsProps {
  comparison: Comparison;
  name(index: number): string;
  at?: Place;
  setAt(at: Place): void;
  onPick(truth: number, answer: number): void;
}
function Cells({ comparison, name, at, setAt, onPick }: CellsProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const { classes: n } = comparison;
  const names = n <= MOST_NAMES ? Array.from({ length: n }, (_, i) => name(i)) : [];
  const long = Math.max(0, ...names.map((s) => s.length));
  const left = names.length === 0 ? 0 : long <= 2 ? 18 : Math.min(74, 10 + 5.6 * long);
  const top = names.length === 0 ? 0 : long <= 2 ? 16 : left;
  const side = Math.max(0, Math.min((width - left) / n, 52));
  const place = (e: PointerEvent): Place | undefined => {
    const box = e.currentTarget.getBoundingClientRect();
    const [answer, truth] = [e.clientX - box.left - left, e.clientY - box.top - top].map((x) =>
      Math.floor(x / side),
    );
    return truth >= 0 && truth < n && answer >= 0 && answer < n ? [truth, answer] : undefined;
  };
  return (
    <div ref={ref}>
      <svg
        width={left + n * side}
        height={top + n * side}
        aria-hidden="true"
        onPointerMove={(e) => {
          const here = place(e);
          if (here) setAt(here);
        }}
        onClick={(e) => {
          const here = place(e as unknown as PointerEvent);
          if (here) onPick(...here);
        }}
      >
        {names.map((text, i) => (
          <g key={text}>
            <text x={left - 5} y={top + (i + 0.5) * side} textAnchor="end" dominantBaseline="central">
              {short(text)}
            </text>
            {long <= 2 ? (
              <text x={left + (i + 0.5) * side} y={top - 5} textAnchor="middle">
                {text}
              </text>
            ) : (
              <text
                transform={`translate(${left + (i + 0.5) * side} ${top - 5}) rotate(-90)`}
                dominantBaseline="central"
              >
                {short(text)}
              </text>
            )}
          </g>
        ))}
        <g transform={`translate(${left} ${top})`}>
          <Drawn comparison={comparison} side={side} />
          {at && (
            <rect
              x={at[1] * side + 0.5}
              y={at[0] * side + 0.5}
              width={Math.max(0, side - 1)}
              height={Math.max(0, side - 1)}
              fill="none"
              stroke="var(--w-text)"
              strokeWidth={2}
            />
          )}
        </g>
      </svg>
    </div>
  );
}
const short = (name: string): string => (name.length > 11 ? `${name.slice(0, 10)}…` : name);

/** So many steps of each colour; a path per step, not an element per cell. */
const SHADES = 8;
const STRONGEST = 0.62;
const Drawn = memo(function Drawn({ comparison, side }: { comparison: Comparison; side: number }) {
  const { classes: n } = comparison;
  const most = extremes(comparison);
  const paths = new Map<string, string>();
  const texts: { x: number; y: number; text: string }[] = [];
  for (let truth = 0; truth < n; truth++) {
    for (let answer = 0; answer < n; answer++) {
      const cell = cellAt(comparison, truth, answer);
      const change = cell.after - cell.before;
      if (change === 0) continue;
      const share = Math.abs(change) / (truth === answer ? most.right : most.wrong);
      const shade = Math.ceil(Math.sqrt(share) * SHADES);
      const key = `${worse(cell) ? 'orange' : 'blue'} ${shade}`;
      const [x, y] = [answer * side, truth * side];
      paths.set(key, `${paths.get(key) ?? ''}M${x} ${y}h${side}v${side}h${-side}z`);
      texts.push({ x: x + side / 2, y: y + side / 2, text: signed(change) });
    }
  }
  const size = Math.min(13, side / 2.6);
  const fits = size >= 8 && texts.every(({ text }) => text.length * 0.6 * size <= side);
  const grid = Array.from(
    { length: n + 1 },
    (_, i) => `M0 ${i * side}h${n * side}M${i * side} 0v${n * side}`,
  );
  return (
    <>
      <rect width={n * side} height={n * side} fill="var(--w-sunken)" />
      {[...paths].map(([key, d]) => {
        const [color, shade] = key.split(' ');
        return (
          <path
            key={key}
            d={d}
            fill={`var(--w-${color})`}
            fillOpacity={(Number(shade) / SHADES) * STRONGEST}
          />
        );
      })}
      {side >= 6 && <path d={grid.join('')} stroke="var(--w-card)" fill="none" />}
      {Array.from({ length: n }, (_, i) => `M${i * side} ${i * side}h${side}v${side}h${-side}z`).map((d) => (
        <path key={d} d={d} fill="none" stroke="var(--w-line-strong)" />
      ))}
      {fits &&
        texts.map(({ x, y, text }) => (
          <text
            key={`${x} ${y}`}
            className={classes.figure}
            style={{ fontSize: size }}
            x={x}
            y={y}
            textAnchor="middle"
            dominantBaseline="central"
          >
            {text}
          </text>
        ))}
    </>
  );
});

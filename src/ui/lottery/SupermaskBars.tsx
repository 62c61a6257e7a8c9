/** Test accuracy by variant: one row each, mean and band over seeds, the published number beside the row it is about. */
import { type ReactNode, useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { percent } from '../../i18n/format';
import type { ArmSeries, Band } from '../../studies/types';
import { ChartCard } from '../charts/ChartCard';
import { Dot, Path } from '../charts/drawing';
import { Plot } from '../charts/Plot';
import type { Margin, Plane, Spot } from '../charts/plane';
import { type AxisScale, accuracyScale, tickDecimals } from '../charts/scales';
import { lookOf } from './arms';
import { seriesTable } from './tables';
import { accuracy, armName, type Say, seedsOf, spreadText } from './words';

interface Row {
  arm: string;
  name: string;
  band: Band;
}
interface Props {
  series: readonly ArmSeries[];
  published: { arm: string; value: number } | undefined;
  hash: string;
  empty: string;
  /** Below the chart: how ours differs from the paper's. */
  note: ReactNode;
}
const MARGIN: Margin = { top: 14, right: 64, bottom: 38, left: 156 };

const rowsOf = (t: Say, series: readonly ArmSeries[]): Row[] =>
  series.flatMap(({ id, points }) => {
    const band = points[0]?.end;
    return band ? [{ arm: id, name: armName(t, id), band }] : [];
  });

export function SupermaskBars({ series, published, hash, empty, note }: Props) {
  const { t } = useTranslation('supermasks');
  const { t: words } = useTranslation('lottery');
  const rows = useMemo(() => rowsOf(words, series), [words, series]);
  const seeds = Math.max(0, ...rows.map(({ band }) => seedsOf(band)));
  const title = t('bars.title');
  return (
    <ChartCard
      id="study-supermasks"
      exp={hash}
      title={title}
      subtitle={words('accuracy.subtitle', { count: seeds })}
      summary={[title, ...rows.map(({ name, band }) => `${name}: ${accuracy(band.mean)}`)].join('. ')}
      table={() => seriesTable(words, series, 'end')}
      legend={published && [{ label: t('bars.published'), color: 'var(--w-text)', dash: '2 2' }]}
      note={note}
      empty={rows.length === 0 ? empty : undefined}
    >
      <Drawn rows={rows} published={published} />
    </ChartCard>
  );
}

function Drawn({ rows, published }: { rows: readonly Row[]; published: Props['published'] }) {
  const { t } = useTranslation('supermasks');
  const { t: words } = useTranslation('lottery');
  const x = useMemo(() => {
    const ends = rows.flatMap(({ band }) => [band.min, band.max]);
    return accuracyScale(published ? [...ends, published.value] : ends);
  }, [rows, published]);
  const y = useMemo(() => rowScale(rows.length), [rows.length]);
  const draw = useCallback(
    (plane: Plane) =>
      rows.map((row, i) => (
        <Bar key={row.arm} row={row} plane={plane} x={x} at={plane.y(-i)} published={published} />
      )),
    [rows, x, published],
  );
  const point = ({ y: at }: Spot, plane: Plane) => {
    const i = rows.findIndex((_, n) => Math.abs(plane.y(-n) - at) <= Math.abs(plane.y(0) - plane.y(1)) / 2);
    if (i < 0) return undefined;
    const { name, band, arm } = rows[i];
    const tip = [`${name}: ${accuracy(band.mean)}`, spreadText(words, band, accuracy)];
    if (arm === published?.arm) tip.push(t('bars.tip', { value: percent(published.value, 1) }));
    return { x: plane.x(x.to(band.mean)), y: plane.y(-i), tip };
  };
  return (
    <Plot
      x={{ scale: x, tick: (v) => percent(v, tickDecimals(x.ticks)) }}
      y={{ scale: y, tick: (v) => rows[-v]?.name ?? '' }}
      xLabel={t('bars.axis')}
      margin={MARGIN}
      point={point}
    >
      {draw}
    </Plot>
  );
}
/** Row 0 on top, half a row of room at both ends. */
function rowScale(count: number): AxisScale {
  const ticks = Array.from({ length: count }, (_, i) => -i);
  return { to: (v) => v, domain: [0.5 - count, 0.5], ticks, stretched: false };
}

/** Beside the bar, or beyond the published mark where that would be in the way. */
function wordsAt(end: number, claim = 0): number {
  return (claim > end - 4 && claim < end + 62 ? claim : end) + 9;
}

interface BarProps {
  row: Row;
  plane: Plane;
  x: AxisScale;
  /** Height of the row, in pixels. */
  at: number;
  published: Props['published'];
}
function Bar({ row: { arm, band }, plane, x, at, published }: BarProps) {
  const { color } = lookOf(arm);
  const place = (value: number) => plane.x(x.to(value));
  const half = Math.min(9, Math.abs(plane.y(0) - plane.y(1)) * 0.32);
  const claim = arm === published?.arm ? place(published.value) : undefined;
  return (
    <g data-series={arm}>
      <Path
        d={`M${plane.left},${at}L${place(band.mean)},${at}`}
        color={color}
        width={2 * half}
        opacity={0.28}
      />
      {band.max > band.min && (
        <Path d={`M${place(band.min)},${at}L${place(band.max)},${at}`} color={color} width={3} />
      )}
      <Dot x={place(band.mean)} y={at} color={color} size={4.5} />
      {claim !== undefined && (
        <Path
          d={`M${claim},${at - half - 2}L${claim},${at + half + 2}`}
          color="var(--w-text)"
          width={2}
          dash="2 2"
        />
      )}
      <text x={wordsAt(place(band.max), claim)} y={at} dy="0.355em">
        {accuracy(band.mean)}
      </text>
    </g>
  );
}

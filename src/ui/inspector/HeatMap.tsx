/** Steps from left to right, sizes of weights from large to small; a cursor that pointer and arrow keys move. */
import { type KeyboardEvent, memo, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { integer, percent } from '../../i18n/format';
import { binsShown, cellsOf, type Series } from './over-time';
import own from './over-time.module.css';

interface Props {
  series: Series;
  /** Snapshot under the cursor. */
  index: number;
  onIndex(index: number): void;
  valueText: string;
}
export function HeatMap({ series, index, onIndex, valueText }: Props) {
  const { t } = useTranslation('history');
  const { steps, edges } = series;
  const last = steps.length - 1;
  const { first, last: top } = binsShown(series);
  const decades = Array.from({ length: (top + 1 - first) / 8 + 1 }, (_, i) => edges[top + 1 - 8 * i]);
  const move = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    onIndex(Math.max(0, Math.min(last, Math.floor(((event.clientX - left) / width) * (last + 1)))));
  };
  const press = (event: KeyboardEvent) => {
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onIndex(Math.max(0, Math.min(last, to)));
  };
  const at = `${((index + 0.5) / (last + 1)) * 100}%`;
  return (
    <div className={own.map}>
      <div className={own.scale} aria-hidden="true">
        {decades.map((edge) => (
          <span key={edge}>
            {edge >= 0.01 ? String(Number(edge.toPrecision(1))) : `1e${Math.round(Math.log10(edge))}`}
          </span>
        ))}
      </div>
      <div
        className={own.plot}
        role="slider"
        tabIndex={0}
        aria-label={t('cursor', { title: t('title') })}
        aria-valuemin={steps[0]}
        aria-valuemax={steps[last]}
        aria-valuenow={steps[index]}
        aria-valuetext={valueText}
        onKeyDown={press}
        onPointerMove={move}
        onPointerDown={move}
      >
        <Cells series={series} />
        <i className={own.cursor} style={{ left: at }} />
      </div>
      <span className={own.zeroLabel} aria-hidden="true">
        {t('zeroRow')}
      </span>
      <div className={own.zeros} aria-hidden="true">
        <ZeroRow series={series} />
        <i className={own.cursor} style={{ left: at }} />
      </div>
      <div className={own.axis} aria-hidden="true">
        <span>{t('axis', { step: integer(steps[0]) })}</span>
        <span className={own.key}>
          {t('few')} <i /> {t('many')}
        </span>
        <span>{integer(steps[last])}</span>
      </div>
    </div>
  );
}

const Cells = memo(function Cells({ series }: { series: Series }) {
  const { first, last } = binsShown(series);
  return (
    <svg
      viewBox={`0 0 ${series.steps.length} ${last + 1 - first}`}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      aria-hidden="true"
    >
      {cellsOf(series).map(({ opacity, path }) => (
        <path key={opacity} d={path} fill="var(--w-blue)" fillOpacity={opacity} />
      ))}
    </svg>
  );
});

/** Share of exact zeros as bars. */
const ZeroRow = memo(function ZeroRow({ series }: { series: Series }) {
  const shares = series.zeros.map((n) => n / series.weights);
  const path = shares.map((share, x) => (share > 0 ? `M${x} 1h1v${-share}h-1z` : '')).join('');
  return (
    <>
      <svg viewBox={`0 0 ${shares.length} 1`} preserveAspectRatio="none" aria-hidden="true">
        <path d={path} fill="var(--w-orange)" />
      </svg>
      <span className={own.share}>{percent(shares[shares.length - 1], 1)}</span>
    </>
  );
});

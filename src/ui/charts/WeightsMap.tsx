/** Where the weights went: kept weights per input pixel of the first layer. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { integer, percent } from '../../i18n/format';
import type { Inspection } from '../../worker/api';
import { useInspection } from '../inspector/inspection';
import { ChartCard } from './ChartCard';
import classes from './charts.module.css';
import { type KeptStats, keptStats, shadesOf } from './kept';
import { keptTable } from './tables';

type Kept = NonNullable<Inspection['keptPerInput']>;
const NOTHING: Kept = { height: 0, width: 0, counts: [], max: 0 };

export function WeightsMap() {
  const { t } = useTranslation('charts');
  const inspection = useInspection();
  const kept = inspection?.keptPerInput ?? NOTHING;
  const stats = keptStats(kept);
  const nothing = inspection ? t('map.notDense') : t('map.empty');
  return (
    <ChartCard
      id="kept-per-input"
      title={t('map.title')}
      subtitle={t('map.subtitle')}
      summary={`${t('map.title')}. ${stats ? bordersText(stats) : ''}`}
      table={() => keptTable(t, kept)}
      empty={kept.counts.length === 0 ? nothing : undefined}
    >
      <div className={classes.map}>
        <Cells kept={kept} />
        <div className={classes.mapKey}>
          {t('map.key')}
          <div className={classes.ramp} />
          <div className={classes.rampEnds}>
            <span>0</span>
            <span>{t('map.most', { most: integer(Math.max(...kept.counts)), max: integer(kept.max) })}</span>
          </div>
          {stats && bordersText(stats)}
        </div>
      </div>
    </ChartCard>
  );
  function bordersText({ centre, border, untouched }: KeptStats): string {
    return [
      t('map.shares', { centre: percent(centre, 1), border: percent(border, 1) }),
      untouched > 0
        ? t('map.untouched', { inputs: integer(untouched), of: integer(kept.counts.length) })
        : '',
    ].join(' ');
  }
}

const Cells = memo(function Cells({ kept }: { kept: Kept }) {
  return (
    <svg
      data-drawing
      viewBox={`0 0 ${kept.width} ${kept.height}`}
      shapeRendering="crispEdges"
      aria-hidden="true"
    >
      <rect width={kept.width} height={kept.height} fill="var(--w-sunken)" />
      {shadesOf(kept).map(({ opacity, path }) => (
        <path key={opacity} d={path} fill="var(--w-blue)" fillOpacity={opacity} />
      ))}
    </svg>
  );
});

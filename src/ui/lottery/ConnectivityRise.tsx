/** Instability against the step at which the copies part. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { compact, decimal, integer } from '../../i18n/format';
import { STABLE } from '../../studies/line';
import type { LineSeries } from '../../studies/line-series';
import { ChartCard } from '../charts/ChartCard';
import { type AxisScale, linearScale } from '../charts/scales';
import { type BandLine, BandPlot } from './BandPlot';
import { limitText, pointsText, riseTable, sayLine, spreadOf } from './connectivity-words';

const COLOR = 'var(--w-purple)';

/** Steps from 0 on, logarithmic behind the first few. */
function stepScale(steps: readonly number[]): AxisScale {
  const to = (step: number) => Math.log10(1 + step / 10);
  const ends = [Math.min(...steps, 0), Math.max(...steps, 20)];
  return { to, domain: [to(ends[0]), to(ends[1])], ticks: [...steps], stretched: true };
}

interface Props {
  series: readonly LineSeries[];
  k: number | undefined;
  hash: string;
  empty: string;
  onK(k: number): void;
}
export function ConnectivityRise({ series, k, hash, empty, onK }: Props) {
  const { t } = useTranslation('connectivity');
  const there = useMemo(() => series.filter((s) => s.instability), [series]);
  const lines = useMemo((): BandLine[] => {
    const points = there.flatMap(({ k: step, instability: band }) => {
      if (!band) return [];
      const head = t('rise.tip', { k: integer(step), points: pointsText(band.mean) });
      const tip = [head, spreadOf(t, band, pointsText)];
      return [{ x: step, mean: band.mean, min: band.min, max: band.max, tip }];
    });
    return [{ id: 'instability', color: COLOR, points }];
  }, [t, there]);
  const scale = useMemo(
    () => ({
      x: stepScale(series.map((s) => s.k)),
      y: linearScale([0, 2 * STABLE, ...there.flatMap(({ instability: b }) => (b ? [b.min, b.max] : []))], 4),
    }),
    [series, there],
  );
  const level = useMemo(() => ({ y: STABLE, label: t('rise.level', { points: limitText() }) }), [t]);
  const title = t('rise.title');
  return (
    <ChartCard
      id="study-instability"
      exp={hash}
      title={title}
      subtitle={t('rise.subtitle')}
      summary={[title, ...there.map((s) => sayLine(t, s))].join('. ')}
      table={() => riseTable(t, series)}
      empty={there.length === 0 ? empty : undefined}
      use={{ label: t('rise.use'), act: (row) => there[row] && onK(there[row].k) }}
    >
      <BandPlot
        lines={lines}
        x={{ scale: scale.x, tick: compact }}
        y={{ scale: scale.y, tick: (v) => decimal(100 * v, 1) }}
        xLabel={t('rise.axis')}
        level={level}
        at={there.some((s) => s.k === k) ? k : undefined}
        onPick={onK}
      />
    </ChartCard>
  );
}

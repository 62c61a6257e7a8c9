/** Error or loss along the line between two copies, with its band over seeds. */
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { decimal, integer, percent } from '../../i18n/format';
import type { LineSeries } from '../../studies/line-series';
import { ChartCard } from '../charts/ChartCard';
import { linearScale, tickDecimals } from '../charts/scales';
import { type BandLine, BandPlot } from './BandPlot';
import { errorText, lineTable, lossText, type SayLine, spreadOf } from './connectivity-words';

const COLOR = 'var(--w-blue)';
const ALPHA = { to: (v: number) => v, domain: [0, 1] as [number, number], ticks: [0, 0.25, 0.5, 0.75, 1] };

interface Props {
  of: 'error' | 'loss';
  /** All steps: one axis for all of them, so that the slider shows what changes. */
  series: readonly LineSeries[];
  shown: LineSeries | undefined;
  hash: string;
  subtitle: string;
  said?: string;
  empty: string;
  tools?: ReactNode;
  note?: ReactNode;
}
export function ConnectivityLine({ of, series, shown, hash, subtitle, said, empty, tools, note }: Props) {
  const { t } = useTranslation('connectivity');
  const show = of === 'error' ? errorText : lossText;
  const lines = useMemo(() => (shown ? [lineOf(t, shown, of)] : []), [t, shown, of]);
  const scale = useMemo(() => {
    const values = series.flatMap(({ points }) => points.map(({ band }) => band.max));
    return linearScale([0, ...values], 5);
  }, [series]);
  const decimals = tickDecimals(scale.ticks);
  const title = t(`${of}.title`);
  const named = shown && t('error.legend', { k: integer(shown.k) });
  return (
    <ChartCard
      id={`study-line-${of}`}
      exp={hash}
      title={title}
      subtitle={subtitle}
      summary={[title, ...(named ? [named] : []), ...(said ? [said] : [])].join('. ')}
      table={() => lineTable(t, series, show)}
      empty={shown && shown.points.length > 0 ? undefined : empty}
      tools={tools}
      note={note}
    >
      <BandPlot
        lines={lines}
        x={{ scale: { ...ALPHA, stretched: false }, tick: (v) => decimal(v, 2) }}
        y={{ scale, tick: of === 'error' ? (v) => percent(v, decimals) : (v) => decimal(v, 3) }}
        xLabel={t('error.axis')}
      />
    </ChartCard>
  );
}
function lineOf(t: SayLine, { part, points }: LineSeries, of: Props['of']): BandLine {
  return {
    id: part,
    color: COLOR,
    points: points.map(({ alpha, band }) => {
      const at = decimal(alpha, 2);
      const head =
        of === 'error'
          ? t('error.tip', { alpha: at, error: errorText(band.mean) })
          : t('loss.tip', { alpha: at, loss: lossText(band.mean) });
      const tip = [head, spreadOf(t, band, of === 'error' ? errorText : lossText)];
      return { x: alpha, mean: band.mean, min: band.min, max: band.max, tip };
    }),
  };
}

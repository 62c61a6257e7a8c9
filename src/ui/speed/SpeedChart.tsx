/** The classic figure, of one result: chart, the same in words, and where it was measured. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import { resultHash, type SpeedResult } from '../../store/speed-result';
import type { SpeedPoint } from '../../worker/api';
import { ChartCard } from '../charts/ChartCard';
import type { LegendItem } from '../charts/save';
import { SpeedPlot } from './SpeedPlot';
import { evenRankOf, linesOf, type Shown, TFJS_COLOR } from './series';
import classes from './speed.module.css';
import { speedTable } from './tables';
import { lineText, tfjsText } from './words';

interface Props {
  result: SpeedResult | undefined;
  foreign?: boolean;
  shown: Shown;
  extent: readonly SpeedPoint[];
  running: boolean;
  /** Nothing to show beside what another result shows. */
  small?: boolean;
}
const none: SpeedPoint[] = [];

export function SpeedChart({ result, foreign, shown, extent, running, small }: Props) {
  const { t } = useTranslation('speed');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const points = result?.points ?? none;
  const { lines, tfjs } = useMemo(() => linesOf(points, shown), [points, shown]);
  const drawn = useMemo(() => lines.filter((l) => !hidden.has(l.series)), [lines, hidden]);
  const other = tfjs && shown.axis === 'sparsity' ? tfjs : undefined;
  const said = lines.map((l) => lineText(t, l, shown.axis));
  const who = foreign ? t('device.foreign') : t('device.own');
  const title = t(`chart.${shown.axis}`);
  const flip = (key: string) => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    setHidden(next);
  };
  const legend: LegendItem[] = [
    ...lines.map((l) => ({ label: t(`series.${l.series}`), color: l.color, key: l.series })),
    ...(other ? [{ label: t('series.tfjs'), color: TFJS_COLOR, dot: true, key: 'tfjs' }] : []),
    { label: t('chart.promised'), color: 'var(--w-muted)', dash: '4 3', width: 1.5, key: 'promised' },
  ];
  const table = () => speedTable(t, [...lines.flatMap((l) => l.points), ...(other ? [other] : [])]);
  return (
    <div className={classes.pair}>
      <ChartCard
        id={`speed-${shown.subject}-${shown.axis}-batch${shown.batch}${foreign ? '-link' : ''}`}
        exp={result && resultHash(result)}
        tall={!small}
        title={foreign ? `${title} · ${who}` : title}
        subtitle={t('chart.subtitle', {
          subject: t(`subject.${shown.subject}`),
          batch: t('batch.at', { batch: integer(shown.batch) }),
          who: result?.device ?? who,
        })}
        summary={t('chart.summary', {
          count: lines.flatMap((l) => l.points).length,
          title,
          words: said.join(' '),
        })}
        table={table}
        legend={legend}
        toggle={{ hidden, flip }}
        empty={lines.length === 0 ? emptyText(t, shown, foreign, running, points) : undefined}
      >
        <SpeedPlot
          lines={drawn}
          tfjs={hidden.has('tfjs') ? undefined : other}
          shown={shown}
          promises={!hidden.has('promised')}
          extent={extent}
        />
      </ChartCard>
      <section
        className={`w-card ${classes.words}`}
        aria-label={foreign ? `${t('words.title')} · ${who}` : t('words.title')}
      >
        <h3 className={classes.cardtitle}>{foreign ? `${t('words.title')} · ${who}` : t('words.title')}</h3>
        {lines.length === 0 ? (
          <p className={classes.muted}>{t('words.none')}</p>
        ) : (
          <ul className={classes.sentences}>
            {lines.map((l, i) => (
              <li key={l.series} style={{ borderColor: l.color }}>
                {said[i]}
              </li>
            ))}
            {tfjs && <li style={{ borderColor: TFJS_COLOR }}>{tfjsText(t, tfjs)}</li>}
          </ul>
        )}
      </section>
    </div>
  );
}

function emptyText(
  t: ReturnType<typeof useTranslation<'speed'>>['t'],
  shown: Shown,
  foreign: boolean | undefined,
  running: boolean,
  points: readonly SpeedPoint[],
): string {
  if (shown.axis === 'rank' && evenRankOf(shown.subject) === undefined) return t('chart.noRank');
  if (foreign) return t('chart.notHere');
  const some = points.some((p) => p.subject === shown.subject && p.batch === shown.batch);
  return some && !running ? t('chart.none') : t('chart.empty');
}

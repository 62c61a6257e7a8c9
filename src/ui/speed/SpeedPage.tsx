/** The Speed view: this device's own version of the classic figure, and others' beside it. */
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime, integer } from '../../i18n/format';
import { useSpeed } from '../../store/speed';
import type { SpeedResult } from '../../store/speed-result';
import { useView } from '../../store/view';
import type { SpeedPoint } from '../../worker/api';
import { CopyResult, ForeignNote } from './Attached';
import { Subjects, Toolbar } from './Controls';
import { Promises } from './Promises';
import { RunCard } from './RunCard';
import { SpeedChart } from './SpeedChart';
import { linesOf, type Shown } from './series';
import classes from './speed.module.css';

export function SpeedPage() {
  const { t } = useTranslation('speed');
  const shownText = useView((s) => s.shown);
  useEffect(() => useSpeed.getState().open(shownText), [shownText]);
  const { own, foreign, subject, batch, axis, status } = useSpeed();
  const shown = useMemo((): Shown => ({ subject, batch, axis }), [subject, batch, axis]);
  // One pair of axes for both results: else a look would compare what is not comparable.
  const extent = useMemo(
    () => [own, foreign].flatMap((result) => extentOf(result, shown)),
    [own, foreign, shown],
  );
  const results: { result: SpeedResult | undefined; foreign: boolean }[] = [
    { result: own, foreign: false },
    ...(foreign ? [{ result: foreign, foreign: true }] : []),
  ];
  return (
    <div className={classes.page}>
      <aside className={classes.side} aria-label={t('run.title')}>
        <div className={`w-card ${classes.intro}`}>
          <h2>{t('title')}</h2>
          <p>{t('intro')}</p>
          <p className={classes.muted}>{t('random')}</p>
        </div>
        <RunCard />
        <Subjects />
      </aside>
      <section className={classes.main} id="results" tabIndex={-1} aria-label={t('title')}>
        <Toolbar />
        <ForeignNote />
        {results.map((r) => (
          <SpeedChart
            key={String(r.foreign)}
            {...r}
            shown={shown}
            extent={extent}
            running={!r.foreign && status !== 'idle'}
            small={foreign !== undefined && extentOf(r.result, shown).length === 0}
          />
        ))}
        {results
          .filter((r) => r.result?.points.length)
          .map((r) => (
            <Promises key={String(r.foreign)} {...r} batch={batch} />
          ))}
        {results.map(
          (r) => r.result && <Device key={String(r.foreign)} result={r.result} foreign={r.foreign} />,
        )}
      </section>
    </div>
  );
}

/** What is drawn of a result. */
function extentOf(result: SpeedResult | undefined, shown: Shown): SpeedPoint[] {
  const { lines, tfjs } = linesOf(result?.points ?? [], shown);
  return [...lines.flatMap((l) => l.points), ...(tfjs && shown.axis === 'sparsity' ? [tfjs] : [])];
}

/** Where, when and how: no figure without it. */
function Device({ result, foreign }: { result: SpeedResult; foreign: boolean }) {
  const { t } = useTranslation('speed');
  const { protocol, device, at, points } = result;
  if (points.length === 0) return null;
  return (
    <div className={classes.device}>
      <p>
        <b>{t(foreign ? 'device.foreign' : 'device.own')}:</b>{' '}
        {t('device.line', { device, date: dateTime(at) })}.{' '}
        {t('device.protocol', {
          rounds: integer(protocol.rounds),
          slow: integer(protocol.slowRounds),
          ms: integer(protocol.sampleMs),
        })}
      </p>
      {!foreign && <CopyResult result={result} />}
    </div>
  );
}

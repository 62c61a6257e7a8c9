/** What lines between copies say so far: how unstable each step is, and from which on training is stable. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { lineSeries } from '../../studies/line-series';
import { classesOf, limitText, sayLine, sayStability } from './connectivity-words';
import classes from './lottery.module.css';
import type { PanelProps } from './panel';

export function ConnectivitySays({ study, rows, mark }: PanelProps) {
  const { t } = useTranslation('connectivity');
  const { t: words } = useTranslation('lottery');
  const series = useMemo(() => lineSeries(study, rows, 'test'), [study, rows]);
  const measured = series.filter((s) => s.instability);
  const title = [words('says.title'), ...(mark ? [mark] : [])].join(' · ');
  return (
    <section className={`w-card ${classes.says}`} aria-label={title} data-statement="study">
      <h2 className={classes.cardtitle}>{title}</h2>
      <div aria-live="polite">
        <p className={classes.plain}>{sayStability(t, series, classesOf(study))}</p>
      </div>
      {measured.length > 0 && (
        <ul className={classes.findings} style={{ marginTop: 8 }}>
          {measured.map((s) => (
            <li key={s.k} style={{ borderColor: 'var(--w-purple)' }}>
              {sayLine(t, s)}
            </li>
          ))}
        </ul>
      )}
      {measured.length > 0 && <p className={classes.muted}>{t('says.how', { limit: limitText() })}</p>}
    </section>
  );
}

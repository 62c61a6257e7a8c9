/** What the rows say so far, in words: who is ahead, by how much, in how many seeds. One seed makes no claim. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fixed, integer } from '../../i18n/format';
import { SEEDS_FOR_SPEED, speed } from '../../studies/findings';
import type { ArmSeries, Finding } from '../../studies/types';
import { shareText, signedPoints } from '../charts/numbers';
import { lookOf } from './arms';
import classes from './lottery.module.css';
import { accuracy, armIn, armName, type Say } from './words';

interface Props {
  findings: readonly Finding[];
  series: readonly ArmSeries[];
  /** Whose they are, where there are two. */
  mark?: string;
  /** Said while there is nothing to say. */
  waiting: string;
}
export function Findings({ findings, series, mark, waiting }: Props) {
  const { t } = useTranslation('lottery');
  const title = [t('says.title'), ...(mark ? [mark] : [])].join(' · ');
  return (
    <section className={`w-card ${classes.says}`} aria-label={title} data-statement="study">
      <h2 className={classes.cardtitle}>{title}</h2>
      {findings.length === 0 && <p className={classes.plain}>{waiting}</p>}
      <div aria-live="polite">
        {together(findings).map((same) => (
          <Same key={`${same[0].a}/${same[0].round}/${same[0].at}`} findings={same} series={series} />
        ))}
      </div>
      {findings.some((f) => f.seeds < 2) && <p className={classes.muted}>{t('says.noClaim')}</p>}
      {findings.some((f) => f.seeds > 1) && <p className={classes.muted}>{t('says.how')}</p>}
    </section>
  );
}

/** Those that hold others against one and the same point. */
function together(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const f of findings) {
    const key = `${f.a}/${f.round}/${f.at}/${f.seeds}`;
    groups.set(key, [...(groups.get(key) ?? []), f]);
  }
  return [...groups.values()];
}

/** More than these are shown when somebody asks. */
const FIRST = 6;

function Same({ findings, series }: { findings: readonly Finding[]; series: readonly ArmSeries[] }) {
  const { t } = useTranslation('lottery');
  const [all, setAll] = useState(false);
  const cut = !all && findings.length > FIRST + 1;
  return (
    <>
      <p className={classes.plain}>{sayPoint(t, findings[0])}</p>
      <ul className={classes.findings}>
        {(cut ? findings.slice(0, FIRST) : findings).map((f) => (
          <li
            key={f.b}
            data-verdict={f.seeds > 1 ? f.verdict : 'one'}
            style={{ borderColor: lookOf(f.b).color }}
          >
            {sayFinding(t, f)} {saySooner(t, f, series)}
          </li>
        ))}
      </ul>
      {cut && (
        <button type="button" className={classes.link} onClick={() => setAll(true)}>
          {t('says.more', { count: findings.length })}
        </button>
      )}
    </>
  );
}

/** What all of them are held against. */
export const sayPoint = (t: Say, f: Finding): string =>
  t('says.point', {
    share: shareText(f.remaining),
    a: armIn(t, f.a),
    at: t(`says.at.${f.at}`),
    accuracy: accuracy(f.meanA),
    count: f.seeds,
  });

export function sayFinding(t: Say, f: Finding): string {
  const { min, max, mean } = f.difference;
  const values = {
    b: armName(t, f.b),
    accuracy: accuracy(f.meanB),
    points: signedPoints(Math.abs(mean)).replace('+', ''),
    signed: signedPoints(mean),
    range: t('says.range', { min: signedPoints(min), max: signedPoints(max) }),
    ahead: integer(f.verdict === 'behind' ? f.seeds - f.ahead : f.ahead),
    seeds: integer(f.seeds),
  };
  return f.seeds < 2 ? t('says.one', values) : t(`says.${f.verdict}`, values);
}
/** Only where enough seeds have finished both; where early stop was cut off, that is said instead of a ratio. */
function saySooner(t: Say, { a, b, round, seeds }: Finding, series: readonly ArmSeries[]): string {
  const [first, second] = [a, b].map((id) => series.find((s) => s.id === id));
  if (!first || !second || seeds < SEEDS_FOR_SPEED) return '';
  const found = speed(first, second, round);
  if (found) {
    const { mean, min, max } = found.ratio;
    return t('sooner.ratio', { ratio: fixed(mean, 1), min: fixed(min, 1), max: fixed(max, 1) });
  }
  const late = [second, first].find(({ points }) => points.some((p) => p.round === round && p.censored > 0));
  return late ? t('sooner.censored', { arm: armName(t, late.id) }) : '';
}

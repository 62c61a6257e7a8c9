/** The Lottery view: studies of lottery tickets, with their controls. */
import { Loader } from '@mantine/core';
import { Suspense, useDeferredValue, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorBoundary } from '../../app/ErrorBoundary';
import type { Row } from '../../spec/types';
import { useBrought } from '../../store/brought';
import { useStudy } from '../../store/study';
import { useView } from '../../store/view';
import { hashStudy } from '../../studies';
import type { Study } from '../../studies/types';
import { BroughtNote } from './BroughtNote';
import { Fallback } from './Fallback';
import { FirstVisit } from './FirstVisit';
import classes from './lottery.module.css';
import { LinkProblems, StorageNote } from './Notes';
import { panels } from './panels';
import { Cut, Queue } from './Queue';
import { RunCard } from './RunCard';
import { Says } from './Says';
import { Settings } from './Settings';
import { Storage } from './Storage';
import { StudyMenu } from './StudyMenu';
import { TicketSlot } from './TicketSlot';

export function LotteryPage() {
  const { t } = useTranslation('lottery');
  const shownText = useView((s) => s.shown);
  useEffect(() => useStudy.getState().open(shownText), [shownText]);
  const own = useDeferredValue(useStudy((s) => s.shown));
  const brought = useBrought((s) => s.brought);
  const mark = brought && t('brought.own');
  const empty = own.rows.length === 0;
  const results = (
    <>
      {brought && <Result study={brought.study} rows={brought.rows} mark={t('brought.mark')} />}
      {!(brought && empty) && <Result {...own} mark={mark} />}
    </>
  );
  return (
    <div className={classes.page}>
      <aside className={classes.side} aria-label={t('study.settings')}>
        <StudyMenu />
        <Cut />
        <RunCard />
        <Queue />
        <Settings />
        <Storage />
      </aside>
      <section className={classes.main} id="results" tabIndex={-1} aria-label={t('title')}>
        <LinkProblems />
        <StorageNote />
        <BroughtNote />
        {!brought && empty && <FirstVisit />}
        {results}
      </section>
      <aside className={classes.right} aria-label={t('says.title')}>
        <ErrorBoundary>
          {brought && <Says study={brought.study} rows={brought.rows} mark={t('brought.mark')} />}
          {!(brought && empty) && <Says {...own} mark={mark} />}
          <TicketSlot {...own} />
        </ErrorBoundary>
      </aside>
    </div>
  );
}

interface ResultProps {
  study: Study;
  rows: readonly Row[];
  /** Whose it is, where there are two. */
  mark?: string;
}
function Result({ study, rows, mark }: ResultProps) {
  const { t } = useTranslation();
  const Panel = Object.hasOwn(panels, study.kind) ? panels[study.kind] : Fallback;
  return (
    <section className={classes.result} aria-label={mark} data-result={hashStudy(study)}>
      {mark && <h2 className={classes.mark}>{mark}</h2>}
      <ErrorBoundary key={hashStudy(study)}>
        <Suspense fallback={<Loader m="xl" role="status" aria-label={t('loading')} />}>
          <Panel study={study} rows={rows} />
        </Suspense>
      </ErrorBoundary>
    </section>
  );
}

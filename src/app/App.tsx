import { Loader } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOwn } from '../store/own';
import { useView } from '../store/view';
import { MissingData } from '../ui/data/MissingData';
import { MissingFile } from '../ui/data/MissingFile';
import { RecipeColumn } from '../ui/recipe/RecipeColumn';
import { RunTray } from '../ui/runs/RunTray';
import { DropFile } from '../ui/shell/DropFile';
import { Header } from '../ui/shell/Header';
import { HelpDialog } from '../ui/shell/HelpDialog';
import { Hero } from '../ui/shell/Hero';
import { ProblemNotice, WorkerNotice } from '../ui/shell/Notices';
import { Tiles } from '../ui/tiles/Tiles';
import classes from './App.module.css';
import { ErrorBoundary } from './ErrorBoundary';
import { listenToKeys } from './keyboard';

/** What is empty until something has run may come a moment later; the chart library is half of the page's code. */
const ChartGrid = lazy(() => import('../ui/charts/ChartGrid').then((m) => ({ default: m.ChartGrid })));
const OwnDialog = lazy(() => import('../ui/data/OwnDialog').then((m) => ({ default: m.OwnDialog })));
const SpeedPage = lazy(() => import('../ui/speed/SpeedPage').then((m) => ({ default: m.SpeedPage })));
const LotteryPage = lazy(() => import('../ui/lottery/LotteryPage').then((m) => ({ default: m.LotteryPage })));
const Inspector = lazy(() => import('../ui/inspector/Inspector').then((m) => ({ default: m.Inspector })));

export function App() {
  const { t } = useTranslation();
  const [help, setHelp] = useState(false);
  const view = useView((s) => s.view);
  useEffect(() => listenToKeys({ help: () => setHelp(true) }), []);
  return (
    <>
      <button type="button" className={classes.skip} onClick={skip}>
        {t('app.skip')}
      </button>
      <Header onHelp={() => setHelp(true)} />
      <main className={classes.main}>
        {view === 'lab' ? (
          <LabPage />
        ) : (
          <ErrorBoundary>
            <Suspense fallback={<Loader m="xl" role="status" aria-label={t('loading')} />}>
              {view === 'lottery' ? <LotteryPage /> : <SpeedPage />}
            </Suspense>
          </ErrorBoundary>
        )}
      </main>
      <DropFile />
      <OwnData />
      <HelpDialog opened={help} onClose={() => setHelp(false)} />
    </>
  );
}

function LabPage() {
  const { t } = useTranslation();
  return (
    <>
      <div className={classes.page}>
        <aside className={classes.recipe} aria-label={t('app.recipe')}>
          <ErrorBoundary>
            <RecipeColumn />
          </ErrorBoundary>
        </aside>
        <section className={classes.results} id="results" tabIndex={-1} aria-label={t('app.results')}>
          <div className={classes.notices}>
            <WorkerNotice />
            <MissingData />
            <MissingFile />
            <ProblemNotice />
          </div>
          <div className={classes.hero}>
            <Hero />
          </div>
          <div className={classes.tiles}>
            <ErrorBoundary>
              <Tiles />
            </ErrorBoundary>
          </div>
          <div className={classes.charts}>
            <ErrorBoundary>
              <Suspense fallback={<Loader m="xl" role="status" aria-label={t('loading')} />}>
                <ChartGrid />
              </Suspense>
            </ErrorBoundary>
          </div>
        </section>
        <aside className={classes.inspector} aria-label={t('app.inspector')}>
          <ErrorBoundary>
            <Suspense fallback={null}>
              <Inspector />
            </Suspense>
          </ErrorBoundary>
        </aside>
      </div>
      <div className={classes.runs}>
        <ErrorBoundary>
          <RunTray />
        </ErrorBoundary>
      </div>
    </>
  );
}

/** The dialog's code comes when it is first opened. */
function OwnData() {
  const wanted = useOwn((s) => s.opened);
  const [loaded, setLoaded] = useState(wanted);
  if (wanted && !loaded) setLoaded(true);
  return loaded ? (
    <Suspense fallback={null}>
      <OwnDialog />
    </Suspense>
  ) : null;
}

/** A button and not a link: the address holds the experiment. */
const skip = () => document.getElementById('results')?.focus();

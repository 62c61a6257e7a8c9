/** First visit: what this is and one button. Later: one sentence on what is to be seen. */
import { Anchor, Button } from '@mantine/core';
import { IconPlayerPlayFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { datasetOf, modelOf, paramsOf } from '../../catalog';
import { compact, duration, integer, percent, times } from '../../i18n/format';
import { walkCards } from '../../spec/path';
import { isFork, isMethod, isRepeat, type Step } from '../../spec/types';
import { useLab } from '../../store/lab';
import { openPreset } from '../../store/start';
import { firstToRun } from '../recipe/cards';
import classes from './shell.module.css';

export function Hero() {
  const begun = useLab((s) => s.run.status !== 'idle' || s.runs.length > 0);
  return begun ? <Seen /> : <Welcome />;
}

/** What the start-up measurement trains: it says nothing about other networks. */
const MEASURED = { model: 'lenet-300-100', data: 'mnist' };

/** Seconds that the first card's training will take, from the start-up measurement where that applies. */
function useEstimate(): number | undefined {
  return useLab((s) => {
    if (s.experiment.model !== MEASURED.model || s.experiment.data !== MEASURED.data) return undefined;
    const ms = s.device?.timings[s.device.id];
    const first = s.experiment.recipe.find((c) => isMethod(c) && c.do === 'train' && !c.off);
    const steps = first && isMethod(first) ? Number(paramsOf(first).steps) : undefined;
    return ms && steps ? Math.max(1, (ms * steps) / 1000) : undefined;
  });
}

function Welcome() {
  const { t } = useTranslation();
  const seconds = useEstimate();
  const shown = useLab((s) => s.experiment);
  const data = datasetOf(shown.data);
  const what = { model: modelOf(shown.model)?.name ?? shown.model, data: data?.name ?? '' };
  const { runNow } = useLab.getState();
  const lottery = () => {
    openPreset('lottery-minute');
    runNow();
  };
  return (
    <section className={`w-card ${classes.hero}`}>
      <div>
        <h2 className={classes.herotitle}>{t('hero.title')}</h2>
        <p className={classes.herotext}>{t('hero.text')}</p>
      </div>
      <div className={classes.heroactions}>
        <Button size="md" leftSection={<IconPlayerPlayFilled size={16} aria-hidden />} onClick={runNow}>
          {t('hero.start')}
        </Button>
        {data && (
          <span className={classes.herotext}>
            {seconds
              ? t('hero.startNote', { ...what, time: duration(seconds) })
              : t('hero.startNoteUnknown', { ...what, images: integer(data.counts.train) })}
          </span>
        )}
        <Anchor component="button" type="button" fz="sm" underline="always" onClick={lottery}>
          {t('hero.lottery')}
        </Anchor>
      </div>
    </section>
  );
}

const hasFork = (steps: readonly Step[]): boolean =>
  steps.some((s) => isFork(s) || (isRepeat(s) && hasFork(s.steps)));

/** What the numbers and charts show right now. */
function useSentence(): string {
  const { t } = useTranslation();
  return useLab((s) => {
    const { preview, run, experiment } = s;
    if (hasFork(experiment.recipe)) {
      const cards = [...walkCards(experiment)];
      const rewinds = cards.some(({ step }) => isMethod(step) && step.do === 'rewind');
      return t(rewinds ? 'seen.lottery' : 'seen.arms');
    }
    const data = datasetOf(experiment.data);
    const images = t(data?.digits ? 'seen.digits' : 'seen.images');
    const running = run.status === 'running' || run.status === 'paused';
    if (running && !preview?.test) {
      const first = experiment.recipe.find((c) => isMethod(c) && c.do === 'train');
      const batch = first && isMethod(first) ? String(paramsOf(first).batch) : '';
      return t('seen.training', { batch, images, weights: compact(preview?.facts.weights ?? 0) });
    }
    const now = preview?.test;
    if (!now) return '';
    const accuracy = percent(now.correct / now.count);
    const test = integer(now.count);
    const dense = preview.dense?.test;
    const plain = { accuracy, test, images };
    if (!dense) return t('seen.dense', plain);
    const both = { ...plain, dense: percent(dense.correct / dense.count) };
    const { sparsity, bytes } = preview.facts;
    if (sparsity > 0) return t('seen.prune', { kept: percent(1 - sparsity, 1), ...both });
    const ratio = (preview.dense?.facts.bytes ?? bytes) / bytes;
    return ratio > 1.005 ? t('seen.smaller', { ratio: times(ratio), ...both }) : t('seen.dense', plain);
  });
}

function Seen() {
  const { t } = useTranslation();
  const sentence = useSentence();
  const stale = useLab(
    (s) =>
      s.run.status !== 'running' &&
      s.run.status !== 'paused' &&
      s.preview !== undefined &&
      firstToRun(s.experiment, s.cards) !== undefined,
  );
  return (
    <p className={classes.seen} aria-live="polite">
      {sentence} {stale && t('seen.stale')}
    </p>
  );
}

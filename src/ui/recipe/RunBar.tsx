/** Run, pause, stop, and how far the work has come. */
import { Button, Progress } from '@mantine/core';
import { IconPlayerPauseFilled, IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { duration, integer, percent } from '../../i18n/format';
import { cardOf, roundsOf } from '../../spec/location';
import { cardAt } from '../../spec/path';
import type { Experiment } from '../../spec/types';
import { useLab } from '../../store/lab';
import type { TrainingProgress } from '../../worker/api';
import { AddStep } from './AddStep';
import { firstToRun, titleOfCard } from './cards';
import classes from './recipe.module.css';

export function RunBar() {
  const status = useLab((s) => s.run.status);
  const busy = status === 'running' || status === 'paused';
  return <div className={classes.runbar}>{busy ? <Busy paused={status === 'paused'} /> : <Idle />}</div>;
}

/** Where a run would begin, in words. */
function useFrom(): string {
  const { t } = useTranslation();
  return useLab((s) => {
    const at = firstToRun(s.experiment, s.cards);
    if (at === undefined) return t('run.nothing');
    const step = cardAt(s.experiment, at);
    return step ? t('run.from', { title: titleOfCard(s.experiment, at, step) }) : t('run.all');
  });
}

function Idle() {
  const { t } = useTranslation();
  const from = useFrom();
  const status = useLab((s) => s.run.status);
  const dead = useLab((s) => s.worker.status === 'dead');
  const count = useLab((s) => s.experiment.recipe.length);
  const [name, note] = [useId(), useId()];
  return (
    <>
      <div className={classes.buttons}>
        <Button
          flex={1}
          size="sm"
          disabled={dead}
          aria-labelledby={name}
          aria-describedby={note}
          leftSection={<IconPlayerPlayFilled size={14} aria-hidden />}
          onClick={() => useLab.getState().runNow()}
        >
          <span className={classes.runlabel}>
            <span id={name}>{t('run.run')}</span>
            <span id={note} className={classes.runfrom}>
              {from}
            </span>
          </span>
        </Button>
        <AddStep list="recipe" count={count} />
      </div>
      {(status === 'stopped' || status === 'failed') && (
        <div className={classes.numbers}>{t(status === 'stopped' ? 'run.stopped' : 'run.failed')}</div>
      )}
    </>
  );
}

function Busy({ paused }: { paused: boolean }) {
  const { t } = useTranslation();
  const lab = useLab.getState;
  const share = useLab((s) => (s.progress && s.progress.total > 0 ? s.progress.done / s.progress.total : 0));
  return (
    <>
      <div className={classes.buttons}>
        <Button
          flex={1}
          size="sm"
          variant="default"
          leftSection={
            paused ? (
              <IconPlayerPlayFilled size={14} aria-hidden />
            ) : (
              <IconPlayerPauseFilled size={14} aria-hidden />
            )
          }
          onClick={() => (paused ? lab().resume() : lab().pause())}
        >
          {t(paused ? 'run.resume' : 'run.pause')}
        </Button>
        <Button
          flex={1}
          size="sm"
          variant="default"
          leftSection={<IconPlayerStopFilled size={14} aria-hidden />}
          onClick={() => lab().stop()}
        >
          {t('run.stop')}
        </Button>
      </div>
      <Progress.Root size={6} radius={3}>
        <Progress.Section
          value={share * 100}
          animated={!paused}
          aria-label={t('run.progress')}
          aria-valuetext={percent(share, 0)}
        />
      </Progress.Root>
      <Numbers paused={paused} />
    </>
  );
}

/** What is being waited for, or card, round, arm, speed and time left. */
function Numbers({ paused }: { paused: boolean }) {
  const { t } = useTranslation();
  const progress = useLab((s) => s.progress);
  const experiment = useLab((s) => s.experiment);
  const waiting = useLab((s) =>
    s.worker.status !== 'ready' ? 'waitingDevice' : s.data.ready ? 'starting' : 'waitingData',
  );
  if (!progress) return <div className={classes.numbers}>{t(`run.${waiting}`)}</div>;
  const where = whereIs(experiment, progress.running, t);
  return (
    <div className={classes.numbers}>
      <span>{where}</span>
      <span>
        {paused
          ? t('run.paused')
          : [
              progress.stepsPerSecond > 0 && t('run.rate', { rate: integer(progress.stepsPerSecond) }),
              Number.isFinite(progress.secondsLeft) &&
                t('run.left', { time: duration(progress.secondsLeft) }),
            ]
              .filter(Boolean)
              .join(' · ')}
      </span>
    </div>
  );
}

/** Card, round and arm of a training; of several at once how many there are, and what they have in common. */
function whereIs(experiment: Experiment, running: readonly TrainingProgress[], t: TFunction): string {
  const same = <T,>(of: (training: TrainingProgress) => T): T | undefined => {
    const [first, ...others] = running.map(of);
    return others.every((other) => other === first) ? first : undefined;
  };
  const at = same((p) => cardOf(p.at));
  const step = at && cardAt(experiment, at);
  const round = same((p) => roundsOf(p.at).at(-1));
  const arm = same((p) => p.arm);
  const parts = [
    at && step && titleOfCard(experiment, at, step),
    round !== undefined && `#${round}`,
    arm && t('run.arm', { arm }),
    running.length > 1 && t('run.sideBySide', { count: running.length }),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** Start, pause, stop, what is being trained now, and what becomes of it when the tab closes. */
import { ActionIcon, Button, Group, Progress, Tooltip } from '@mantine/core';
import {
  IconCheck,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerStopFilled,
  IconPlaylistAdd,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { duration, integer } from '../../i18n/format';
import { sayProblem } from '../../i18n/problem';
import { roundsOf } from '../../spec/location';
import { useLab } from '../../store/lab';
import { type StudyRun, useStudy } from '../../store/study';
import { hashStudy, studyValues } from '../../studies';
import { SEEDS_FOR_SPEED } from '../../studies/findings';
import classes from './lottery.module.css';
import { impossible } from './Notes';
import { type Say, studyName } from './words';

export function RunCard() {
  const { t } = useTranslation('lottery');
  const run = useStudy((s) => s.run);
  const study = useStudy((s) => s.study);
  const mine = run && hashStudy(run.study) === hashStudy(study);
  const worker = useLab((s) => s.worker.status);
  const training = useLab((s) => s.run.status === 'running' || s.run.status === 'paused');
  return (
    <section className={`w-card ${classes.run}`} aria-label={t('run.title')} data-busy={run && true}>
      {run && <Running run={run} other={!mine} />}
      {!mine && <Idle ready={worker === 'ready' && !training} busy={run !== undefined} />}
      {worker === 'dead' && <p role="alert">{t('run.dead')}</p>}
      {training && !run && <p role="status">{t('run.training')}</p>}
    </section>
  );
}

function Idle({ ready, busy }: { ready: boolean; busy: boolean }) {
  const { t } = useTranslation('lottery');
  const { kept, end, problem, study, queue } = useStudy();
  const { start, enqueue } = useStudy.getState();
  const wrong = useMemo(() => impossible(study), [study]);
  const total = kept?.total ?? 0;
  const complete = kept !== undefined && total > 0 && kept.done >= total;
  const ended = end && hashStudy(end.study) === hashStudy(study) ? end.how : undefined;
  const waits = queue.some((s) => hashStudy(s) === hashStudy(study));
  return (
    <>
      {complete ? (
        <>
          <p role="status" className={classes.complete}>
            <IconCheck size={15} aria-hidden /> {t('run.complete', { count: total })}
          </p>
          {study.replicates < SEEDS_FOR_SPEED && (
            <Button size="xs" variant="light" mt={6} fullWidth disabled={!ready} onClick={moreSeeds}>
              {t('run.seeds', { count: SEEDS_FOR_SPEED })}
            </Button>
          )}
        </>
      ) : (
        <Group gap={6} wrap="nowrap">
          <Button
            size="sm"
            flex={1}
            disabled={!ready || wrong !== undefined}
            variant={busy ? 'default' : 'filled'}
            leftSection={<IconPlayerPlayFilled size={14} aria-hidden />}
            onClick={start}
          >
            {t(busy ? 'run.instead' : kept?.done ? 'run.again' : 'run.start')}
          </Button>
          <Tooltip label={t(busy ? 'run.after' : 'run.next')}>
            <ActionIcon
              size={36}
              variant="default"
              aria-label={t(busy ? 'run.after' : 'run.next')}
              disabled={waits || wrong !== undefined}
              onClick={enqueue}
            >
              <IconPlaylistAdd size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      )}
      {wrong && (
        <p role="alert">
          <b>{t('study.impossible')}:</b> {wrong.path && `${wrong.path}: `}
          {sayProblem(wrong)}
        </p>
      )}
      {problem && (
        <p role="alert">
          <b>{t('run.failed')}:</b> {sayProblem(problem)}
        </p>
      )}
      {!problem && ended && ended !== 'done' && <p role="status">{t(`run.${ended}`)}</p>}
      {!complete && (
        <p className={classes.muted}>
          {kept && kept.done > 0
            ? t('run.part', { done: integer(kept.done), total: integer(total) })
            : total > 0 && t('run.size', { count: total })}{' '}
          {t('run.keeps')}
        </p>
      )}
    </>
  );
}

/** One seed makes no claim: the step that comes next. The trainings that are there are not done again. */
function moreSeeds() {
  const { change, start } = useStudy.getState();
  change((study) => ({ ...study, replicates: SEEDS_FOR_SPEED }));
  start();
}

function Running({ run, other }: { run: StudyRun; other: boolean }) {
  const { t } = useTranslation('lottery');
  const { progress, status } = run;
  const { pause, resume, stop, choose } = useStudy.getState();
  const share = progress && progress.total > 0 ? progress.done / progress.total : 0;
  const left = progress?.secondsLeft ?? Number.NaN;
  const paused = status === 'paused';
  return (
    <div className={classes.running}>
      {other && (
        <p className={classes.other}>
          {t('run.other', { name: studyName(t, run.study) })}{' '}
          <button type="button" className={classes.link} onClick={() => choose(run.study)}>
            {t('run.show')}
          </button>
        </p>
      )}
      <div className={classes.counts}>
        <b>{paused ? t('run.paused') : nowText(t, run)}</b>
        <span className={classes.muted}>
          {Number.isFinite(left) && !paused && t('run.left', { time: duration(left) })}
        </span>
      </div>
      <Progress value={share * 100} aria-label={t('run.progress')} my={6} />
      <Group gap={6} wrap="nowrap">
        <Button
          size="sm"
          flex={1}
          disabled={status === 'stopping' || status === 'elsewhere'}
          leftSection={
            paused ? (
              <IconPlayerPlayFilled size={14} aria-hidden />
            ) : (
              <IconPlayerPauseFilled size={14} aria-hidden />
            )
          }
          onClick={paused ? resume : pause}
        >
          {t(paused ? 'run.resume' : 'run.pause')}
        </Button>
        <Button
          size="sm"
          variant="default"
          disabled={status === 'stopping'}
          leftSection={<IconPlayerStopFilled size={14} aria-hidden />}
          onClick={stop}
        >
          {t(status === 'stopping' ? 'run.stopping' : 'run.stop')}
        </Button>
      </Group>
      {status === 'elsewhere' && <p role="status">{t('run.elsewhere')}</p>}
      <p className={classes.muted}>
        {progress &&
          `${t('run.trainings', { done: integer(progress.trainings.done), total: integer(progress.trainings.total) })} · ${t('run.rate', { rate: integer(progress.stepsPerSecond) })}. `}
        {t('run.keeps')}
      </p>
    </div>
  );
}

/** `Round 9 of 12 · seed 3 of 5`: of the training that is furthest behind. */
function nowText(t: Say, { study, progress, status }: StudyRun): string {
  const now = progress?.running[0];
  if (!now || status === 'elsewhere') return t('run.begins');
  const seed = t('run.seed', { seed: integer(now.replicate + 1), seeds: integer(study.replicates) });
  const [round] = roundsOf(now.at);
  const { rounds } = studyValues(study);
  const where =
    round === undefined || typeof rounds !== 'number'
      ? t('run.first')
      : t('run.now', { round: integer(round), rounds: integer(rounds) });
  return study.replicates > 1 ? `${where} · ${seed}` : where;
}

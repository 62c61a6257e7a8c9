/** Start, progress, stop, and what became of it. */
import { Button, Group, Progress } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { SPEED_SUBJECTS } from '../../catalog/speed';
import { duration, integer } from '../../i18n/format';
import { sayProblem } from '../../i18n/problem';
import { useLab } from '../../store/lab';
import { useSpeed } from '../../store/speed';
import classes from './speed.module.css';

export function RunCard() {
  const { t } = useTranslation('speed');
  const status = useSpeed((s) => s.status);
  const worker = useLab((s) => s.worker.status);
  const training = useLab((s) => s.run.status === 'running' || s.run.status === 'paused');
  const busy = status !== 'idle' && worker !== 'dead';
  return (
    <section className={`w-card ${classes.run}`} aria-label={t('run.title')}>
      {busy ? <Running /> : <Idle ready={worker === 'ready' && !training} />}
      {worker === 'dead' && <p role="alert">{t('run.dead')}</p>}
      {training && !busy && <p role="status">{t('run.training')}</p>}
    </section>
  );
}

function Idle({ ready }: { ready: boolean }) {
  const { t } = useTranslation('speed');
  const { own, subject, end, problem } = useSpeed();
  const { start } = useSpeed.getState();
  const some = (own?.points.length ?? 0) > 0;
  const rest = some && end !== undefined && end.left > 0;
  const buttons = (
    <Group gap={6}>
      {rest && (
        <Button size="sm" disabled={!ready} onClick={() => start(SPEED_SUBJECTS, false)}>
          {t('run.rest')}
        </Button>
      )}
      <Button
        size="sm"
        variant={rest ? 'default' : 'filled'}
        disabled={!ready}
        leftSection={<IconPlayerPlay size={15} aria-hidden />}
        onClick={() => start(SPEED_SUBJECTS, true)}
      >
        {t(some ? 'run.allAgain' : 'run.all')}
      </Button>
      <Button size="sm" variant="default" disabled={!ready} onClick={() => start([subject], true)}>
        {t('run.one')}
      </Button>
    </Group>
  );
  return (
    <>
      {buttons}
      <p className={classes.muted}>{t('run.about')}</p>
      {problem ? (
        <p role="alert">
          <b>{t('run.failed')}:</b> {sayProblem(problem)}
        </p>
      ) : (
        end && <p role="status">{t(`run.${end.how}`, { count: end.left })}</p>
      )}
    </>
  );
}

function Running() {
  const { t } = useTranslation('speed');
  const { status, stopping, progress } = useSpeed();
  const share = progress && progress.total > 0 ? progress.done / progress.total : 0;
  return (
    <>
      <div className={classes.counts}>
        <b>
          {progress
            ? t('run.count', { done: integer(progress.done), total: integer(progress.total) })
            : t('run.title')}
        </b>
        <span>
          {progress &&
            Number.isFinite(progress.secondsLeft) &&
            t('run.left', { time: duration(progress.secondsLeft) })}
        </span>
      </div>
      <Progress value={share * 100} aria-label={t('run.progress')} my={6} />
      <Group justify="space-between" wrap="nowrap" gap={8}>
        <span className={classes.muted}>
          {progress && t('run.now', { subject: t(`short.${progress.now}`), batch: integer(progress.batch) })}
        </span>
        <Button
          size="xs"
          variant="default"
          disabled={stopping}
          leftSection={<IconPlayerStop size={14} aria-hidden />}
          onClick={() => useSpeed.getState().stop()}
        >
          {t(stopping ? 'run.stopping' : 'run.stop')}
        </Button>
      </Group>
      {status === 'hidden' && <p role="status">{t('run.hidden')}</p>}
    </>
  );
}

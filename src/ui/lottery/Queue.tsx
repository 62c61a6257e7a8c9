/** Studies that wait, in their order; and the one that was cut off when the page went. */
import { ActionIcon, Button, Group } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlayerPlayFilled, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLab } from '../../store/lab';
import { useStudy } from '../../store/study';
import { hashStudy } from '../../studies';
import type { Study } from '../../studies/types';
import { toastUndo } from '../shell/toasts';
import classes from './lottery.module.css';
import { studyName } from './words';

/** What a reload or a crash has cut off: one button goes on with it. */
export function Cut() {
  const { t } = useTranslation('lottery');
  const { cut, queue, run } = useStudy();
  const ready = useLab((s) => s.worker.status === 'ready');
  const { goOn, letGo } = useStudy.getState();
  if (!cut || run) return null;
  return (
    <section className={`w-card ${classes.cut}`} aria-label={t('cut.title')} role="alert">
      <h2 className={classes.cardtitle}>{t('cut.title')}</h2>
      <p>
        {t('cut.text', { name: studyName(t, cut) })}{' '}
        {queue.length > 0 && t('cut.queue', { count: queue.length })}
      </p>
      <Group gap={6}>
        <Button
          size="sm"
          disabled={!ready}
          leftSection={<IconPlayerPlayFilled size={14} aria-hidden />}
          onClick={goOn}
        >
          {t('cut.go')}
        </Button>
        <Button size="sm" variant="default" onClick={letGo}>
          {t('cut.drop')}
        </Button>
      </Group>
    </section>
  );
}

export function Queue() {
  const { t } = useTranslation('lottery');
  const { queue, run, cut } = useStudy();
  const ready = useLab((s) => s.worker.status === 'ready');
  if (queue.length === 0) return null;
  return (
    <section className={`w-card ${classes.queue}`} aria-label={t('queue.title')}>
      <div className={classes.counts}>
        <h2 className={classes.cardtitle}>{t('queue.title')}</h2>
        {!run && !cut && (
          <Button size="compact-xs" disabled={!ready} onClick={() => useStudy.getState().goOn()}>
            {t('queue.run')}
          </Button>
        )}
      </div>
      <ol>
        {queue.map((study, i) => (
          <Waiting key={hashStudy(study)} study={study} index={i} count={queue.length} />
        ))}
      </ol>
    </section>
  );
}
function Waiting({ study, index, count }: { study: Study; index: number; count: number }) {
  const { t } = useTranslation('lottery');
  const { reorder, drop, putBack, choose } = useStudy.getState();
  const name = studyName(t, study);
  const remove = () => {
    drop(index);
    toastUndo(t('queue.dropped'), t('queue.undo'), () => putBack(study, index));
  };
  return (
    <li>
      <button
        type="button"
        className={classes.link}
        aria-label={t('queue.show', { name })}
        onClick={() => choose(study)}
      >
        {name}
      </button>
      <span className={classes.tools}>
        <ActionIcon
          size={24}
          disabled={index === 0}
          aria-label={t('queue.up', { name })}
          onClick={() => reorder(index, -1)}
        >
          <IconArrowUp size={14} aria-hidden />
        </ActionIcon>
        <ActionIcon
          size={24}
          disabled={index === count - 1}
          aria-label={t('queue.down', { name })}
          onClick={() => reorder(index, 1)}
        >
          <IconArrowDown size={14} aria-hidden />
        </ActionIcon>
        <ActionIcon size={24} aria-label={t('queue.drop', { name })} onClick={remove}>
          <IconX size={14} aria-hidden />
        </ActionIcon>
      </span>
    </li>
  );
}

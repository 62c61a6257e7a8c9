/** Before anything was trained: what this is, why, and one button. */
import { Button } from '@mantine/core';
import { IconPlayerPlayFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLab } from '../../store/lab';
import { useStudy } from '../../store/study';
import { studyPresets } from '../../studies/presets';
import classes from './lottery.module.css';

export function FirstVisit() {
  const { t } = useTranslation('lottery');
  const { run, cut, queue, kept } = useStudy();
  const ready = useLab((s) => s.worker.status === 'ready' && s.run.status !== 'running');
  if (run || cut || queue.length > 0 || kept === undefined || kept.done > 0) return null;
  const go = () => {
    useStudy.getState().choose(studyPresets[0].study);
    useStudy.getState().start();
  };
  return (
    <section className={`w-card ${classes.first}`} aria-label={t('first.title')}>
      <h2>{t('first.title')}</h2>
      <p>{t('first.text')}</p>
      <div className={classes.go}>
        <Button disabled={!ready} leftSection={<IconPlayerPlayFilled size={15} aria-hidden />} onClick={go}>
          {t('first.run')}
        </Button>
        <span className={classes.muted}>{t('first.text2')}</span>
      </div>
    </section>
  );
}

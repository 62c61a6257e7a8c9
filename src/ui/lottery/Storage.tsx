/** What studies have left in this browser, and the way to forget it. */
import { Button, Group } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bytes } from '../../i18n/format';
import { useLab } from '../../store/lab';
import { useStudy } from '../../store/study';
import { Disclosure } from '../controls/Disclosure';
import classes from './lottery.module.css';

export function Storage() {
  const { t } = useTranslation('lottery');
  return (
    <div className={classes.storage}>
      <Disclosure label={t('storage.label')}>
        <Body />
      </Disclosure>
    </div>
  );
}
/** Asked when it is unfolded, and again when a training has been added. */
function Body() {
  const { t } = useTranslation('lottery');
  const { vault, run, kept } = useStudy();
  const ready = useLab((s) => s.worker.status === 'ready');
  const { look, clear } = useStudy.getState();
  const [sure, setSure] = useState(false);
  const done = run?.progress?.trainings.done ?? kept?.done;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another training is there to be counted.
  useEffect(() => {
    if (ready) look();
  }, [ready, done]);
  if (!vault) return null;
  return (
    <>
      <p className={classes.muted}>{t('storage.kept', { count: vault.entries, size: bytes(vault.bytes) })}</p>
      {vault.entries > 0 && !run && (
        <Group gap={6}>
          {sure && <span className={classes.muted}>{t('storage.sure')}</span>}
          <Button
            size="compact-xs"
            variant="default"
            color={sure ? 'red' : undefined}
            onClick={() => {
              if (sure) clear();
              setSure(!sure);
            }}
          >
            {t(sure ? 'storage.yes' : 'storage.clear')}
          </Button>
          {sure && (
            <Button size="compact-xs" variant="default" onClick={() => setSure(false)}>
              {t('storage.no')}
            </Button>
          )}
        </Group>
      )}
    </>
  );
}

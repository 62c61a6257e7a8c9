import { Button } from '@mantine/core';
import { IconPhotoQuestion } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMissingData, useOwn } from '../../store/own';
import { Notice } from '../shell/Notice';

/** The link names data by their content, and they are not in this browser. */
export function MissingData() {
  const { t } = useTranslation('own');
  const id = useMissingData();
  if (!id) return null;
  return (
    <Notice icon={<IconPhotoQuestion size={18} aria-hidden />} title={t('missing')}>
      {t('missingText', { id })}
      <div>
        <Button mt={8} size="xs" onClick={() => useOwn.getState().open()}>
          {t('pick')}
        </Button>
      </div>
    </Notice>
  );
}

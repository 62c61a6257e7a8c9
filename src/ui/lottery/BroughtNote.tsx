/** Over results from a file: where they are from, or why they cannot be shown. */
import { Alert, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../i18n/format';
import { useBrought } from '../../store/brought';
import classes from './lottery.module.css';
import { ProblemList } from './Notes';

export function BroughtNote() {
  const { t } = useTranslation('lottery');
  const { brought, refused, reading } = useBrought();
  const { close } = useBrought.getState();
  const common = {
    withCloseButton: true,
    closeButtonLabel: t('brought.close'),
    onClose: close,
    className: classes.note,
  };
  if (reading) return <Loader size="sm" role="status" aria-label={t('brought.reading', { name: reading })} />;
  if (refused) {
    return (
      <Alert color="red" role="alert" title={`${t('brought.problem')}: ${refused.name}`} {...common}>
        <ProblemList problems={refused.problems} />
      </Alert>
    );
  }
  if (!brought) return null;
  const { name, device, at } = brought;
  return (
    <Alert role="status" title={t('brought.title')} {...common}>
      {t('brought.text', { name, device, date: dateTime(at) })}
    </Alert>
  );
}

/** A result as a link, and the note over one that came by a link. */
import { Alert, Button, TextInput } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../i18n/format';
import { sayProblem } from '../../i18n/problem';
import { writePlace } from '../../spec/view';
import { useSpeed } from '../../store/speed';
import { type SpeedResult, writeResult } from '../../store/speed-result';
import { useView } from '../../store/view';
import { toast } from '../shell/toasts';
import classes from './speed.module.css';

const linkOf = (shown: string): string =>
  `${location.origin}${location.pathname}${location.search}#${writePlace({ experiment: '', view: 'speed', shown })}`;

/** Copied at once; where copying is forbidden the link can be selected. */
export function CopyResult({ result }: { result: SpeedResult }) {
  const { t } = useTranslation('speed');
  const [manual, setManual] = useState('');
  const copy = async () => {
    const text = writeResult(result);
    if (text === undefined) return toast(t('link.large'));
    const link = linkOf(text);
    try {
      await navigator.clipboard.writeText(link);
      toast(t('link.copied'), t('link.copiedText', { count: link.length }));
    } catch {
      setManual(link);
    }
  };
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconLink size={14} aria-hidden />}
        onClick={() => void copy()}
      >
        {t('link.copy')}
      </Button>
      {manual && (
        <TextInput
          size="xs"
          readOnly
          label={t('link.field')}
          description={t('link.manual')}
          value={manual}
          onFocus={(e) => e.currentTarget.select()}
        />
      )}
    </>
  );
}

export function ForeignNote() {
  const { t } = useTranslation('speed');
  const { foreign, linkProblem } = useSpeed();
  const close = () => useView.getState().go('speed');
  if (linkProblem) {
    return (
      <Alert
        color="red"
        role="alert"
        title={t('link.problem')}
        withCloseButton
        closeButtonLabel={t('device.close')}
        onClose={close}
        className={classes.note}
      >
        {sayProblem(linkProblem)}
      </Alert>
    );
  }
  if (!foreign) return null;
  return (
    <Alert
      role="status"
      title={t('device.foreignTitle')}
      withCloseButton
      closeButtonLabel={t('device.close')}
      onClose={close}
      className={classes.note}
    >
      {t('device.foreignText', { device: foreign.device, date: dateTime(foreign.at) })}
    </Alert>
  );
}

/** Own files become a data set: ask for them, read them, look at what they are, use it. */
import { Alert, Button, Group, Modal, Progress, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { sayProblem } from '../../i18n/problem';
import type { Problem } from '../../spec/problem';
import { type OwnStep, useOwn } from '../../store/own';
import shell from '../shell/shell.module.css';
import { Ask } from './Ask';
import { Look } from './Look';

export function OwnDialog() {
  const { t } = useTranslation('own');
  const phone = useMediaQuery('(max-width: 760px)');
  const opened = useOwn((s) => s.opened);
  const step = useOwn((s) => s.step);
  const { close } = useOwn.getState();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('title')}
      size={720}
      fullScreen={phone}
      radius={phone ? 0 : 'lg'}
      // A header of the page there is already.
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {step.is === 'ask' && (
        <>
          {step.problem && <Refusal problem={step.problem} />}
          <Ask />
        </>
      )}
      {step.is === 'reading' && <Reading progress={step.progress} />}
      {step.is === 'look' && <Look look={step.look} />}
    </Modal>
  );
}

function Refusal({ problem }: { problem: Problem }) {
  const { t } = useTranslation('own');
  return (
    <Alert
      color="orange"
      role="alert"
      mb="md"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      classNames={{ root: shell.notice, title: shell.noticetitle, message: shell.noticetext }}
      title={t('refused')}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {sayProblem(problem)}
      </Text>
    </Alert>
  );
}

type Reported = Extract<OwnStep, { is: 'reading' }>['progress'];
function Reading({ progress }: { progress: Reported }) {
  const { t } = useTranslation('own');
  const label = t(`stage.${progress?.stage ?? 'read'}`);
  const share = progress?.total ? (100 * progress.done) / progress.total : 0;
  return (
    <>
      <Text size="sm" mb={6} aria-live="polite">
        {label}
      </Text>
      <Progress.Root size="md">
        <Progress.Section value={share} aria-label={label} />
      </Progress.Root>
      <Group justify="end" mt="md">
        <Button variant="default" data-autofocus onClick={() => useOwn.getState().ask()}>
          {t('cancel')}
        </Button>
      </Group>
    </>
  );
}

/** What went wrong, in one place each: problems that the page works around, and a worker that is gone. */
import { Button, CloseButton, Group } from '@mantine/core';
import { IconAlertTriangle, IconPlugOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { sayProblem } from '../../i18n/problem';
import { useLab } from '../../store/lab';
import { Notice } from './Notice';
import classes from './shell.module.css';

/** Codes that a link or a file is refused with; all others come from computing. */
const REFUSALS = new Set([
  'missing',
  'wrong-type',
  'out-of-range',
  'not-integer',
  'unknown-choice',
  'unknown-field',
  'forbidden-field',
  'bad-name',
  'bad-count',
  'too-deep',
  'too-large',
  'newer-version',
  'no-such-card',
  'duplicate',
]);
const ofLink = (code: string) => REFUSALS.has(code) || code.startsWith('link-');

export function ProblemNotice() {
  const { t } = useTranslation();
  const problems = useLab((s) => s.problems);
  const { dismiss } = useLab.getState();
  if (problems.length === 0) return null;
  const link = problems.every((p) => ofLink(p.code));
  return (
    <Notice
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={t(link ? 'notice.title' : 'notice.general', { count: problems.length })}
      withCloseButton
      closeButtonLabel={t('notice.close')}
      onClose={() => dismiss()}
    >
      <ul className={classes.problems}>
        {problems.map((problem, i) => (
          <li key={`${problem.code} ${problem.path} ${problem.message}`}>
            <Group gap={6} wrap="nowrap" align="start" justify="space-between">
              <span>
                {problem.path && <span className={classes.path}>{problem.path}</span>}
                {problem.path && ' · '}
                {sayProblem(problem)}
              </span>
              {problems.length > 1 && (
                <CloseButton size="xs" aria-label={t('notice.close')} onClick={() => dismiss(i)} />
              )}
            </Group>
          </li>
        ))}
      </ul>
      {link && t('notice.rest')}
    </Notice>
  );
}

export function WorkerNotice() {
  const { t } = useTranslation();
  const { status, message } = useLab((s) => s.worker);
  if (status !== 'dead') return null;
  return (
    <Notice bad icon={<IconPlugOff size={18} aria-hidden />} title={t('worker.dead')}>
      {t('worker.deadText')}
      {message && <div className={classes.path}>{message}</div>}
      <Button mt={8} size="xs" onClick={() => location.reload()}>
        {t('worker.reload')}
      </Button>
    </Notice>
  );
}

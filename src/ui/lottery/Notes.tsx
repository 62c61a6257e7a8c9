/** What the reader should know before the charts: a mangled link, storage that keeps nothing, a study that cannot be. */
import { Alert, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { sayProblem } from '../../i18n/problem';
import { type Problem, problemOf } from '../../spec/problem';
import { useStudy } from '../../store/study';
import { partsOf, remarksOf } from '../../studies';
import type { Study } from '../../studies/types';
import { saveJson } from './files';
import classes from './lottery.module.css';

export const ProblemList = ({ problems }: { problems: readonly Problem[] }) => (
  <ul className={classes.problems}>
    {problems.map((p) => (
      <li key={`${p.path}/${p.code}/${p.message}`}>
        {p.path && <code>{p.path}</code>} {sayProblem(p)}
      </li>
    ))}
  </ul>
);

export function LinkProblems() {
  const { t } = useTranslation('lottery');
  const problems = useStudy((s) => s.linkProblems);
  if (problems.length === 0) return null;
  return (
    <Alert
      color="orange"
      role="alert"
      title={t('study.problem')}
      withCloseButton
      closeButtonLabel={t('study.dismiss')}
      onClose={() => useStudy.getState().dismiss()}
      className={classes.note}
    >
      <ProblemList problems={problems} />
    </Alert>
  );
}

export function StorageNote() {
  const { t } = useTranslation('lottery');
  const storage = useStudy((s) => s.storage);
  const rows = useStudy((s) => s.shown.rows.length);
  if (!storage) return null;
  return (
    <Alert color="orange" role="alert" title={t('storage.title')} className={classes.note}>
      {sayProblem(storage)} {t('storage.text')}
      <div>
        <Button mt={8} size="xs" disabled={rows === 0} onClick={saveJson}>
          {t('storage.save')}
        </Button>
      </div>
    </Alert>
  );
}

/** Why this study has no parts: data that are not here, a network that cannot take them. */
export function impossible(study: Study): Problem | undefined {
  try {
    partsOf(study);
    return undefined;
  } catch (error) {
    return problemOf(error);
  }
}
/** What is done otherwise than the controls say. */
export function Remarks({ study }: { study: Study }) {
  const { t } = useTranslation('studies');
  const remarks = impossible(study) ? [] : remarksOf(study);
  return remarks.map(({ code, values }) => (
    <p key={code} className={classes.muted} role="status">
      {String(t(`remark.${code}`, values as never))}
    </p>
  ));
}

/** Finished results as cards with their lineage: compare, open, branch, put away. */
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconDownload,
  IconFolderOpen,
  IconGitBranch,
  IconPin,
  IconPinnedFilled,
  IconTrash,
} from '@tabler/icons-react';
import { memo, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { catalog } from '../../catalog';
import { fixed, percent, times } from '../../i18n/format';
import { hashExperiment } from '../../spec/canonical';
import { useLab } from '../../store/lab';
import type { LabStore, RunCard } from '../../store/types';
import { toCsv } from '../charts/csv';
import { accuracyText, kilobytes } from '../charts/numbers';
import { save } from '../charts/save';
import { useSlowLab } from '../charts/useSlowLab';
import { rowsTable, runNumbers } from './lines';
import classes from './runs.module.css';

const experimentOf = (s: LabStore) => s.experiment;

export function RunTray() {
  const { t } = useTranslation('charts');
  const runs = useLab((s) => s.runs);
  const experiment = useSlowLab(experimentOf, 300);
  const hash = useMemo(() => hashExperiment(experiment, catalog), [experiment]);
  return (
    <section aria-label={t('runs.title')}>
      <div className={classes.head}>
        <h2 className={classes.title}>{t('runs.title')}</h2>
        {runs.length > 0 && <p className={classes.hint}>{t('runs.hint')}</p>}
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          disabled={runs.every((r) => r.rows.length === 0)}
          onClick={() =>
            save('winnow-runs.csv', toCsv(rowsTable(runs.flatMap((r) => r.rows))), 'text/csv;charset=utf-8')
          }
        >
          {t('runs.csv')}
        </Button>
      </div>
      {runs.length === 0 ? (
        <div className={classes.empty}>{t('runs.empty')}</div>
      ) : (
        <ul className={classes.list}>
          {runs.map((r) => (
            <li key={r.id}>
              <RunItem run={r} current={r.hash === hash} parent={runs.find((p) => p.id === r.parent)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const RunItem = memo(function RunItem({
  run,
  current,
  parent,
}: {
  run: RunCard;
  current: boolean;
  parent?: RunCard;
}) {
  const { t } = useTranslation('charts');
  const name = `${run.title} #${chip(run)}`;
  return (
    <article
      className={`w-card ${classes.run} ${current ? classes.current : ''}`}
      aria-label={name}
      aria-current={current || undefined}
    >
      <div className={classes.name}>
        <span>{run.title}</span>
        <span className={classes.chip}>#{chip(run)}</span>
      </div>
      <div className={classes.numbers}>{numbersText(run)}</div>
      {parent && (
        <div className={classes.parent}>{t('runs.from', { parent: `${parent.title} #${chip(parent)}` })}</div>
      )}
      <RunActions run={run} name={name} />
    </article>
  );
});
const chip = (run: RunCard) => run.hash.slice(0, 4);

function numbersText(run: RunCard): string {
  const { accuracy, bytes, speed, even } = runNumbers(run);
  const parts = [
    accuracy &&
      ('share' in accuracy ? percent(accuracy.share) : accuracyText(accuracy.correct, accuracy.count)),
    bytes === undefined ? undefined : kilobytes(bytes),
    speed === undefined ? undefined : even ? `≈${fixed(speed, 1)}×` : times(speed),
  ];
  return parts.filter(Boolean).join(' · ') || '–';
}

const RunActions = memo(function RunActions({ run, name }: { run: RunCard; name: string }) {
  const { t } = useTranslation('charts');
  const { pin, openRun, discard } = useLab.getState();
  const branch = () => {
    pin(run.id, true);
    openRun(run.id);
    notifications.show({ message: t('runs.branched', { name }), autoClose: 5000 });
  };
  const putAway = () => {
    const index = useLab.getState().runs.findIndex((r) => r.id === run.id);
    discard(run.id);
    const id = notifications.show({
      autoClose: 8000,
      message: (
        <span>
          {t('runs.discarded', { name })}{' '}
          <Button
            size="compact-xs"
            variant="light"
            onClick={() => {
              useLab.setState((s) =>
                s.runs.some((r) => r.id === run.id) ? {} : { runs: s.runs.toSpliced(index, 0, run) },
              );
              notifications.hide(id);
            }}
          >
            {t('runs.undo')}
          </Button>
        </span>
      ),
    });
  };
  return (
    <div className={classes.actions}>
      <Action
        label={t(run.pinned ? 'runs.unpin' : 'runs.pin', { name })}
        tip={t(run.pinned ? 'runs.unpinTip' : 'runs.pinTip')}
        pressed={run.pinned}
        act={() => pin(run.id, !run.pinned)}
      >
        {run.pinned ? <IconPinnedFilled size={16} /> : <IconPin size={16} />}
      </Action>
      <Action label={t('runs.open', { name })} tip={t('runs.openTip')} act={() => openRun(run.id)}>
        <IconFolderOpen size={16} />
      </Action>
      <Action label={t('runs.branch', { name })} tip={t('runs.branchTip')} act={branch}>
        <IconGitBranch size={16} />
      </Action>
      <Action label={t('runs.discard', { name })} tip={t('runs.discardTip')} act={putAway}>
        <IconTrash size={16} />
      </Action>
    </div>
  );
});
interface ActionProps {
  label: string;
  tip: string;
  pressed?: boolean;
  act(): void;
  children: ReactNode;
}
function Action({ label, tip, pressed, act, children }: ActionProps) {
  return (
    <Tooltip label={tip} openDelay={300}>
      <ActionIcon
        variant={pressed ? 'light' : 'subtle'}
        color={pressed ? 'blue' : 'gray'}
        size="md"
        aria-label={label}
        aria-pressed={pressed}
        onClick={act}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

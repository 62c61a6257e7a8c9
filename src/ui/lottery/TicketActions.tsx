/** What can be done with a ticket: opened in the Lab, kept, moved to other data, downloaded. */
import { Button, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowsExchange, IconDeviceFloppy, IconDownload, IconExternalLink } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import { sayProblem } from '../../i18n/problem';
import { problemOf } from '../../spec/problem';
import { straightTo } from '../../spec/straight';
import type { Experiment } from '../../spec/types';
import { useLab } from '../../store/lab';
import { useView } from '../../store/view';
import type { TicketRef } from '../../worker/api-ticket';
import { saveBlob } from '../shell/files';
import { toastAction } from '../shell/toasts';
import { TicketMove } from './TicketMove';
import { type Chosen, fileNameOf, ticketRecipe } from './ticket';
import classes from './ticket.module.css';
import { fileOf, keep } from './ticket-files';

interface Props {
  origin: TicketRef;
  chosen: Chosen;
}
/** The Lab follows the first replicate of what it shows. */
const inLab = (experiment: Experiment): void => {
  useLab.getState().open(experiment);
  useView.getState().go('lab');
};

export function TicketActions({ origin, chosen }: Props) {
  const { t } = useTranslation('ticket');
  const [busy, setBusy] = useState('');
  const [trouble, setTrouble] = useState('');
  const [moving, { open, close }] = useDisclosure(false);
  const name = fileNameOf(origin, chosen);
  const straight = straightTo({ ...origin.experiment, replicates: 1 }, origin.at);
  /** Shows that it is at work, and says what went wrong. */
  const act = async (what: string, work: () => Promise<unknown>) => {
    setBusy(what);
    setTrouble('');
    try {
      await work();
    } catch (error) {
      setTrouble(sayProblem(problemOf(error)));
    }
    setBusy('');
  };
  const saveIt = async () => {
    const file = await keep(origin, name);
    toastAction(t('action.saved', { name: file.name }), t('action.use'), () =>
      inLab(ticketRecipe(origin, file.id)),
    );
  };
  const download = async () =>
    saveBlob(new Blob([await fileOf(origin)], { type: 'application/octet-stream' }), name);
  const other = origin.replicate > 0;
  return (
    <div>
      <div className={classes.actions}>
        <Action
          icon={<IconExternalLink size={14} aria-hidden />}
          label={t('action.lab')}
          hint={
            other
              ? t('action.labSeed', { first: integer(1), seed: integer(origin.replicate + 1) })
              : t('action.labHint')
          }
          disabled={!straight}
          act={() => straight && inLab(straight)}
        />
        <Action
          icon={<IconDeviceFloppy size={14} aria-hidden />}
          label={t('action.save')}
          hint={t('action.saveHint')}
          loading={busy === 'save'}
          act={() => void act('save', saveIt)}
        />
        <Action
          icon={<IconArrowsExchange size={14} aria-hidden />}
          label={t('action.move')}
          hint={t('move.title')}
          act={open}
        />
        <Action
          icon={<IconDownload size={14} aria-hidden />}
          label={t('action.download')}
          hint={t('action.downloadHint')}
          loading={busy === 'download'}
          act={() => void act('download', download)}
        />
      </div>
      {trouble && (
        <p className={classes.trouble} role="alert">
          {trouble}
        </p>
      )}
      {moving && <TicketMove {...{ origin, name }} onOpen={inLab} onClose={close} />}
    </div>
  );
}

interface ActionProps {
  icon: ReactNode;
  label: string;
  hint: string;
  loading?: boolean;
  disabled?: boolean;
  act(): void;
}
function Action({ icon, label, hint, loading, disabled, act }: ActionProps) {
  return (
    <Tooltip label={hint} multiline maw={280}>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={icon}
        loading={loading}
        disabled={disabled}
        onClick={act}
      >
        {label}
      </Button>
    </Tooltip>
  );
}

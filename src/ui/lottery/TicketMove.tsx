/** Moves a ticket to other data: which, for how long, with how many seeds; the comparison is then made in the Lab. */
import { Button, Group, Modal, NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { datasetOf, datasets, modelOf, paramsOf } from '../../catalog';
import { sayProblem } from '../../i18n/problem';
import { trainParams } from '../../methods/train';
import { misfit } from '../../models/files/fit';
import { problemOf } from '../../spec/problem';
import type { Experiment } from '../../spec/types';
import { useOwn } from '../../store/own';
import type { TicketRef } from '../../worker/api-ticket';
import { moveRecipe, trainingOf } from './ticket';
import classes from './ticket.module.css';
import { keep } from './ticket-files';

interface Props {
  origin: TicketRef;
  /** Of its file. */
  name: string;
  onOpen(experiment: Experiment): void;
  onClose(): void;
}
export function TicketMove({ origin, name, onOpen, onClose }: Props) {
  const { t } = useTranslation('ticket');
  const targets = useTargets(origin);
  const [data, setData] = useState(targets.find(({ id, why }) => !why && id !== origin.experiment.data)?.id);
  const [steps, setSteps] = useState(Number(paramsOf(trainingOf(origin)).steps));
  const [replicates, setReplicates] = useState(Math.max(3, origin.experiment.replicates));
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const go = async () => {
    if (data === undefined) return;
    setBusy(true);
    try {
      const file = await keep(origin, name);
      onOpen(moveRecipe(origin, file.id, { data, steps, replicates }));
      onClose();
    } catch (error) {
      setTrouble(sayProblem(problemOf(error)));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('move.title')} closeButtonProps={{ 'aria-label': t('close') }}>
      <p className={classes.text}>{t('move.text', { from: nameOf(origin.experiment.data) })}</p>
      {data === undefined ? (
        <p className={classes.trouble}>{t('move.none')}</p>
      ) : (
        <NativeSelect
          mt="sm"
          label={t('move.data')}
          value={data}
          data={targets.map(({ id, label, why }) => ({ value: id, label, disabled: why !== undefined }))}
          onChange={(e) => setData(e.currentTarget.value)}
        />
      )}
      <Group grow mt="sm">
        <NumberInput
          label={t('move.steps')}
          value={steps}
          min={trainParams.steps.min}
          max={trainParams.steps.max}
          step={100}
          allowDecimal={false}
          clampBehavior="strict"
          onChange={(v) => typeof v === 'number' && setSteps(v)}
        />
        <NumberInput
          label={t('move.seeds')}
          value={replicates}
          min={1}
          max={10}
          allowDecimal={false}
          clampBehavior="strict"
          onChange={(v) => typeof v === 'number' && setReplicates(v)}
        />
      </Group>
      <ul className={classes.unfit}>{targets.map(({ id, why }) => why && <li key={id}>{why}</li>)}</ul>
      <p className={classes.text}>{t('move.note')}</p>
      {trouble && (
        <p className={classes.trouble} role="alert">
          {trouble}
        </p>
      )}
      <Group justify="flex-end" mt="md">
        <Button size="sm" disabled={data === undefined} loading={busy} onClick={() => void go()}>
          {t('move.go')}
        </Button>
      </Group>
    </Modal>
  );
}
const nameOf = (data: string): string => datasetOf(data)?.name ?? data;

/** All data there are; where the ticket does not fit, why. */
function useTargets({ experiment }: TicketRef) {
  const { t } = useTranslation('ticket');
  const own = useOwn((s) => s.list);
  const from = datasetOf(experiment.data);
  const arch = from && modelOf(experiment.model)?.build(from.shape, from.classes.length);
  return [...datasets, ...own].map(({ id, name, shape, classes: { length } }) => {
    const problem = arch && misfit(arch, { image: shape, classes: length }, t('move.ticket'), name);
    const label = problem
      ? t('move.unfit', { data: name })
      : id === experiment.data
        ? t('move.same', { data: name })
        : name;
    return { id, label, why: problem && sayProblem(problem) };
  });
}

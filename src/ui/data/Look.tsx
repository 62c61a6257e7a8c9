/** What was recognised: shape, classes, counts per split, sample images, and how the splits came about. */
import { Button, Group, ScrollArea, Table, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { modelOf } from '../../catalog';
import type { OwnLook } from '../../datasets/own/types';
import { integer } from '../../i18n/format';
import { sayProblem } from '../../i18n/problem';
import { WinnowError } from '../../spec/problem';
import { useLab } from '../../store/lab';
import { useOwn } from '../../store/own';
import classes from './data.module.css';
import { Sample } from './Sample';

const SPLITS = ['train', 'val', 'test'] as const;
const MOST_LETTERS = 40;

export function Look({ look }: { look: OwnLook }) {
  const { t } = useTranslation('own');
  const { info, format, samples } = look;
  const [name, setName] = useState(info.name);
  const [busy, setBusy] = useState(false);
  const { ask, use } = useOwn.getState();
  const [h, w, c] = info.shape;
  const images = SPLITS.reduce((sum, split) => sum + info.counts[split], 0);
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        setBusy(true);
        void use(name).finally(() => setBusy(false));
      }}
    >
      <p className={classes.facts}>
        <strong>{t(`format.${format}`)}</strong>
        {': '}
        {t('counts', { images: integer(images), size: `${h} × ${w}`, classes: integer(info.classes.length) })}
        {' · '}
        {t(c === 1 ? 'grey' : 'colour')}
      </p>
      <TextInput
        size="sm"
        label={t('name')}
        description={t('idNote', { id: info.id })}
        inputWrapperOrder={['label', 'input', 'description']}
        maxLength={MOST_LETTERS}
        value={name}
        data-autofocus
        onChange={(e) => setName(e.currentTarget.value)}
      />
      <h3 className={classes.subtitle}>{t('samples')}</h3>
      <ul className={classes.samples} aria-label={t('samples')}>
        {samples.map(({ label, pixels }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the samples never change while they are shown.
          <li key={i}>
            <Sample shape={info.shape} pixels={pixels} />
            <span>{info.classes[label]}</span>
          </li>
        ))}
      </ul>
      <Counts look={look} />
      <Notes look={look} />
      <Group justify="end" mt="md">
        <Button variant="default" onClick={() => ask()}>
          {t('other')}
        </Button>
        <Button type="submit" loading={busy}>
          {t('useThis')}
        </Button>
      </Group>
    </form>
  );
}

function Counts({ look: { info, perClass } }: { look: OwnLook }) {
  const { t } = useTranslation('own');
  return (
    <ScrollArea.Autosize
      mah={220}
      mt="sm"
      type="auto"
      viewportProps={{ tabIndex: 0, 'aria-label': t('table') }}
    >
      <Table withRowBorders={false} verticalSpacing={2} fz="sm" stickyHeader className={classes.counts}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('class')}</Table.Th>
            {SPLITS.map((split) => (
              <Table.Th key={split} scope="col">
                {t(split)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr fw={650}>
            <Table.Th scope="row">{t('all')}</Table.Th>
            {SPLITS.map((split) => (
              <Table.Td key={split}>{integer(info.counts[split])}</Table.Td>
            ))}
          </Table.Tr>
          {info.classes.map((name, i) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              {SPLITS.map((split) => (
                <Table.Td key={split}>{integer(perClass[split][i])}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}

function Notes({ look: { notes, info } }: { look: OwnLook }) {
  const { t } = useTranslation('own');
  const model = useLab((s) => modelOf(s.experiment.model));
  let misfit: string | undefined;
  try {
    model?.build(info.shape, info.classes.length);
  } catch (error) {
    if (error instanceof WinnowError) misfit = `${model?.name}: ${sayProblem(error.problem)}`;
  }
  return (
    <ul className={classes.notes} aria-label={t('notes')}>
      {notes.map(({ code, values }) => (
        <li key={code}>{String(t(`note.${code}`, values as never))}</li>
      ))}
      {misfit && <li className={classes.warn}>{t('misfit', { reason: misfit })}</li>}
    </ul>
  );
}

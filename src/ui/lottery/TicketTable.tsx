/** The numbers behind a picture: a button, and the table that it opens. */
import { ActionIcon } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTable } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { hash } from '../../catalog';
import type { TicketRef } from '../../worker/api-ticket';
import { type DataTable, toCsv } from '../charts/csv';
import { fileName, save } from '../charts/save';
import { TableModal } from '../charts/TableModal';

interface Props {
  title: string;
  /** Part of the file's name, in English. */
  id: string;
  origin: TicketRef;
  /** Made only when someone asks for it. */
  table(): DataTable;
}
export function TicketTable({ title, id, origin, table }: Props) {
  const { t } = useTranslation('charts');
  const [opened, { open, close }] = useDisclosure(false);
  const saveCsv = () =>
    save(fileName(id, hash(origin.experiment), 'csv'), toCsv(table()), 'text/csv;charset=utf-8');
  return (
    <>
      <ActionIcon aria-label={t('card.tableOf', { title })} onClick={open}>
        <IconTable size={16} />
      </ActionIcon>
      {opened && <TableModal onClose={close} title={title} table={table()} saveCsv={saveCsv} />}
    </>
  );
}

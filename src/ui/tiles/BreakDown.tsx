/** What is in the file: every byte by layer and by part, as bars and as a table. Open while it is rendered. */
import { Button, Group, Modal, Table } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import { PARTS } from '../../models/files/parts';
import { useLab } from '../../store/lab';
import type { Facts, Part, PartBytes } from '../../worker/api';
import { type DataTable, toCsv } from '../charts/csv';
import { currentHash } from '../charts/hash';
import { kilobytes, shareText } from '../charts/numbers';
import { fileName, save } from '../charts/save';
import { OpenNetwork, SaveNetwork } from '../shell/NetworkButtons';
import { type FileRow, fileRows, partsIn } from './break-down';
import classes from './break-down.module.css';
import { storedTexts } from './stored';

export function BreakDown({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('deploy');
  const facts = useLab((s) => s.preview?.facts);
  if (!facts) return null;
  const rows = fileRows(facts);
  const parts = partsIn(facts);
  return (
    <Modal.Root opened onClose={onClose} size={760}>
      <Modal.Overlay />
      <Modal.Content>
        {/* Not Modal.Header: its <header> would be a second banner of the page. */}
        <Group justify="space-between" px="md" pt="sm" pb={4} wrap="nowrap">
          <Modal.Title fw={650}>{t('parts.title', { bytes: integer(facts.bytes) })}</Modal.Title>
          <Modal.CloseButton aria-label={t('parts.close')} />
        </Group>
        <Modal.Body>
          <Bar parts={facts.parts} of={facts.bytes} tall />
          <Key facts={facts} parts={parts} />
          <PartsTable facts={facts} rows={rows} parts={parts} />
          <p className={classes.note}>{t('parts.note')}</p>
          <Group justify="flex-end" mt="sm" gap={6}>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconFileTypeCsv size={14} aria-hidden />}
              onClick={() => saveCsv(facts)}
            >
              {t('parts.csv')}
            </Button>
            <OpenNetwork />
            <SaveNetwork />
          </Group>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** The numbers are in the table. @param of bytes of a full bar */
function Bar({ parts, of, tall }: { parts: PartBytes; of: number; tall?: boolean }) {
  return (
    <div className={classes.bar} data-tall={tall || undefined} aria-hidden>
      {PARTS.map((part) => (
        <i key={part} data-part={part} style={{ width: `${(100 * parts[part]) / Math.max(1, of)}%` }} />
      ))}
    </div>
  );
}
function Key({ facts, parts }: { facts: Facts; parts: readonly Part[] }) {
  const { t } = useTranslation('deploy');
  return (
    <ul className={classes.key}>
      {parts.map((part) => (
        <li key={part}>
          <i data-part={part} aria-hidden />
          {t(`parts.part.${part}`)} {shareText(facts.parts[part] / facts.bytes)}
        </li>
      ))}
    </ul>
  );
}

interface TableProps {
  facts: Facts;
  rows: readonly FileRow[];
  parts: readonly Part[];
}
function PartsTable({ facts, rows, parts }: TableProps) {
  const { t } = useTranslation('deploy');
  const largest = Math.max(...rows.map((row) => row.bytes));
  const bytes = (n: number) => (n === 0 ? '–' : integer(n));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard.
    <section className={classes.scroll} aria-label={t('parts.table')} tabIndex={0}>
      <Table fz="xs" verticalSpacing={4} className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('parts.where')}</Table.Th>
            {parts.map((part) => (
              <Table.Th key={part} scope="col">
                {t(`parts.part.${part}`)}
              </Table.Th>
            ))}
            <Table.Th scope="col">{t('parts.bytes')}</Table.Th>
            <Table.Th scope="col">{t('parts.share')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={`${row.kind} ${row.name}`}>
              <Table.Th scope="row">
                {row.kind === 'layer' ? row.name : t(`parts.${row.kind}`)}
                <span className={classes.stored}>{storedTexts(row.stored)}</span>
                <Bar parts={row.parts} of={largest} />
              </Table.Th>
              {parts.map((part) => (
                <Table.Td key={part}>{bytes(row.parts[part])}</Table.Td>
              ))}
              <Table.Td>{integer(row.bytes)}</Table.Td>
              <Table.Td>{shareText(row.bytes / facts.bytes)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th scope="row">{t('parts.file', { size: kilobytes(facts.bytes) })}</Table.Th>
            {parts.map((part) => (
              <Table.Td key={part}>{bytes(facts.parts[part])}</Table.Td>
            ))}
            <Table.Td>{integer(facts.bytes)}</Table.Td>
            <Table.Td>{shareText(1)}</Table.Td>
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </section>
  );
}

/** The table as a file: bytes in full, every part a column whether it is there or not. */
function saveCsv(facts: Facts): void {
  const table: DataTable = {
    columns: ['where', 'stored', ...PARTS.map((part) => `${part}_bytes`), 'bytes'].map((key) => ({
      key,
      label: key,
    })),
    rows: fileRows(facts).map(({ name, stored, parts, bytes }) => ({
      where: name,
      stored: stored.map(({ form, coding }) => `${form} ${coding.values}/${coding.indices}`).join(' + '),
      ...Object.fromEntries(PARTS.map((part) => [`${part}_bytes`, parts[part]])),
      bytes,
    })),
  };
  save(fileName('file', currentHash(), 'csv'), toCsv(table), 'text/csv;charset=utf-8');
}

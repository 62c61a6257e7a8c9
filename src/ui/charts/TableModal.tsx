/** The numbers behind a chart: exactly what is plotted, readable without a mouse and without seeing it. Open while it is rendered. */
import { Button, Group, Modal, Table, VisuallyHidden } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { memo, startTransition, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './charts.module.css';
import { type Cell, type Column, cellText, type DataTable } from './csv';

interface Props {
  onClose(): void;
  title: string;
  table: DataTable;
  use?: { label: string; act: (row: number) => void };
  saveCsv(): void;
}
export function TableModal({ onClose, title, table, use, saveCsv }: Props) {
  const { t } = useTranslation('charts');
  const shown = useGrowing(table.rows.length);
  return (
    <Modal.Root opened onClose={onClose} size="auto">
      <Modal.Overlay />
      <Modal.Content>
        {/* Not Modal.Header: its <header> would be a second banner of the page. */}
        <Group justify="space-between" px="md" pt="sm" pb={4}>
          <Modal.Title fw={650}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('card.close')} />
        </Group>
        <Modal.Body>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard. */}
          <section className={classes.tableScroll} aria-label={t('card.tableOf', { title })} tabIndex={0}>
            <Table stickyHeader striped fz="xs" verticalSpacing={4}>
              <Table.Thead>
                <Table.Tr>
                  {table.columns.map((c) => (
                    <Table.Th key={c.key}>{c.label}</Table.Th>
                  ))}
                  {use && (
                    <Table.Th>
                      <VisuallyHidden>{use.label}</VisuallyHidden>
                    </Table.Th>
                  )}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {table.rows.slice(0, shown).map((row, i) => (
                  <Row
                    // biome-ignore lint/suspicious/noArrayIndexKey: rows of a data table have no other name.
                    key={i}
                    columns={table.columns}
                    row={row}
                    use={
                      use && {
                        label: use.label,
                        act: () => {
                          use.act(i);
                          onClose();
                        },
                      }
                    }
                  />
                ))}
              </Table.Tbody>
            </Table>
          </section>
          <Group justify="flex-end" mt="sm">
            <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={saveCsv}>
              {t('card.csv')}
            </Button>
          </Group>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Rows put on the page at a time: thousands in one task would hold it up. */
const AT_ONCE = 60;
function useGrowing(all: number): number {
  const [shown, setShown] = useState(AT_ONCE);
  useEffect(() => {
    if (shown >= all) return;
    const timer = setTimeout(() => startTransition(() => setShown(shown + AT_ONCE)));
    return () => clearTimeout(timer);
  }, [shown, all]);
  return shown;
}

interface RowProps {
  columns: readonly Column[];
  row: Record<string, Cell>;
  use?: { label: string; act(): void };
}
const Row = memo(
  function Row({ columns, row, use }: RowProps) {
    return (
      <Table.Tr>
        {columns.map((c) => (
          <Table.Td key={c.key}>{cellText(c, row[c.key])}</Table.Td>
        ))}
        {use && (
          <Table.Td>
            <Button size="compact-xs" variant="light" onClick={use.act}>
              {use.label}
            </Button>
          </Table.Td>
        )}
      </Table.Tr>
    );
  },
  // Made anew from the same numbers in the same language, a row without a button is the same.
  (a, b) => {
    const same = (c: Column, d: Column) =>
      c.key === d.key && c.label === d.label && a.row[c.key] === b.row[c.key];
    const columns = a.columns.length === b.columns.length && a.columns.every((c, i) => same(c, b.columns[i]));
    return columns && !a.use && !b.use;
  },
);

/** The numbers behind a chart: exactly what is plotted, readable without a mouse and without seeing it. Open while it is rendered. */
import { Button, Group, Modal, Table, VisuallyHidden } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './charts.module.css';
import { cellText, type DataTable } from './csv';

interface Props {
  onClose(): void;
  title: string;
  table: DataTable;
  use?: { label: string; act: (row: number) => void };
  saveCsv(): void;
}
export function TableModal({ onClose, title, table, use, saveCsv }: Props) {
  const { t } = useTranslation('charts');
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
                {table.rows.map((row, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows of a data table have no other name.
                  <Table.Tr key={i}>
                    {table.columns.map((c) => (
                      <Table.Td key={c.key}>{cellText(c, row[c.key])}</Table.Td>
                    ))}
                    {use && (
                      <Table.Td>
                        <Button
                          size="compact-xs"
                          variant="light"
                          onClick={() => {
                            use.act(i);
                            onClose();
                          }}
                        >
                          {use.label}
                        </Button>
                      </Table.Td>
                    )}
                  </Table.Tr>
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

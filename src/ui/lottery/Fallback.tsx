/** A study of a kind that has no picture of its own here: the last number of each training, as a table. */
import { Table } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { percent } from '../../i18n/format';
import { partHash, partsOf } from '../../studies';
import { inOrder } from '../charts/order';
import classes from './lottery.module.css';
import type { PanelProps } from './panel';
import { useEmpty } from './useEmpty';

interface Line {
  part: string;
  at: string;
  accuracy: number;
  seeds: number;
}
export function Fallback({ study, rows }: PanelProps) {
  const { t } = useTranslation('lottery');
  const lines = useMemo(() => linesOf(study, rows), [study, rows]);
  const empty = useEmpty(t, study);
  return (
    <section className={`w-card ${classes.panel}`} aria-label={t('fallback.title')}>
      <h2 className={classes.cardtitle}>{t('fallback.title')}</h2>
      <p className={classes.muted}>{lines.length > 0 ? t('fallback.subtitle') : empty}</p>
      {lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard.
        <section className={classes.scroll} tabIndex={0} aria-label={t('fallback.title')}>
          <Table fz="xs" stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('column.part')}</Table.Th>
                <Table.Th>{t('column.place')}</Table.Th>
                <Table.Th>{t('column.accuracy')}</Table.Th>
                <Table.Th>{t('column.seeds')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {lines.map((l) => (
                <Table.Tr key={`${l.part}/${l.at}`}>
                  <Table.Td>{l.part}</Table.Td>
                  <Table.Td>{l.at}</Table.Td>
                  <Table.Td>{percent(l.accuracy, 2)}</Table.Td>
                  <Table.Td>{l.seeds}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
    </section>
  );
}
function linesOf(study: PanelProps['study'], rows: PanelProps['rows']): Line[] {
  return partsOf(study).flatMap((part) => {
    const hash = partHash(part);
    const last = new Map<string, Map<number, { step: number; value: number }>>();
    for (const r of rows) {
      if (r.exp !== hash || r.metric !== 'test.accuracy') continue;
      const here = last.get(r.at) ?? new Map();
      if (r.step >= (here.get(r.replicate)?.step ?? -1))
        here.set(r.replicate, { step: r.step, value: r.value });
      last.set(r.at, here);
    }
    return [...last]
      .sort(([a], [b]) => inOrder(a, b))
      .map(([at, each]) => ({
        part: part.id,
        at,
        accuracy: [...each.values()].reduce((sum, e) => sum + e.value, 0) / each.size,
        seeds: each.size,
      }));
  });
}

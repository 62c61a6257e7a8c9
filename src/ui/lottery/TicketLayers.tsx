/** The figures of a ticket, layer by layer. */
import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { decimal, integer } from '../../i18n/format';
import type { Ticket, TicketLayer, TicketRef } from '../../worker/api-ticket';
import { type Cell, cellText, type DataTable } from '../charts/csv';
import { shapeText, shareText } from '../charts/numbers';
import type { Say } from './TicketFacts';
import { TicketTable } from './TicketTable';
import classes from './ticket.module.css';

export function TicketLayers({ ticket, origin }: { ticket: Ticket; origin: TicketRef }) {
  const { t } = useTranslation('ticket');
  const table = layersTable(t, ticket);
  const { pixels, paths, input } = ticket;
  return (
    <section className={classes.section}>
      <div className={classes.row}>
        <h3>{t('section.layers')}</h3>
        <TicketTable title={t('section.layers')} id="ticket-layers" origin={origin} table={() => table} />
        {pixels && (
          <TicketTable
            title={t('table.pixels')}
            id="ticket-pixels"
            origin={origin}
            table={() =>
              pixelsTable(t, pixels.counts, paths?.classes.map(({ counts }) => counts) ?? [], input[1])
            }
          />
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard. */}
      <section className={classes.table} tabIndex={0} aria-label={t('section.layers')}>
        <Table fz="xs" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              {table.columns.map((c) => (
                <Table.Th key={c.key}>{c.label}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {table.rows.map((row) => (
              <Table.Tr key={row.layer}>
                {table.columns.map((c) => (
                  <Table.Td key={c.key}>{cellText(c, row[c.key])}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </section>
  );
}

const size = (v: number) => (Number.isFinite(v) ? decimal(v, 4) : '–');

function layersTable(t: Say, { layers }: Ticket): DataTable {
  return {
    columns: [
      { key: 'layer', label: t('table.layer') },
      { key: 'shape', label: t('table.shape') },
      { key: 'weights', label: t('table.weights'), show: integer },
      { key: 'kept', label: t('table.kept'), show: integer },
      { key: 'kept_share', label: t('table.share'), show: shareText },
      { key: 'signs_kept_share', label: t('table.signs'), show: shareText },
      { key: 'mean_w0_kept', label: t('table.sizeKept'), show: size },
      { key: 'mean_w0_all', label: t('table.sizeAll'), show: size },
      { key: 'units', label: t('table.units'), show: integer },
      { key: 'units_fed_by_none', label: t('table.fedByNone'), show: integer },
      { key: 'units_read_by_none', label: t('table.readByNone'), show: integer },
      { key: 'units_idle', label: t('table.dead'), show: integer },
    ],
    rows: layers.map(rowOf),
  };
}
function rowOf({ name, rows, columns, kept, signs, startSize, units }: TicketLayer): Record<string, Cell> {
  return {
    layer: name,
    shape: shapeText([rows, columns]),
    weights: rows * columns,
    kept,
    kept_share: kept / (rows * columns),
    ...(signs.of > 0 && { signs_kept_share: signs.same / signs.of }),
    mean_w0_kept: startSize.kept,
    mean_w0_all: startSize.all,
    units: units.all,
    units_fed_by_none: units.fedByNone,
    units_read_by_none: units.readByNone,
    units_idle: units.dead,
  };
}

function pixelsTable(t: Say, kept: Float64Array, classes: readonly Float64Array[], width: number): DataTable {
  return {
    columns: [
      { key: 'pixel', label: t('table.pixel') },
      { key: 'kept', label: t('table.kept'), show: integer },
      ...classes.map((_, c) => ({
        key: `paths_class_${c}`,
        label: `${t('scalePaths')} ${c}`,
        show: integer,
      })),
    ],
    rows: Array.from(kept, (n, p) => ({
      pixel: `${Math.floor(p / width) + 1}, ${(p % width) + 1}`,
      kept: n,
      ...Object.fromEntries(classes.map((counts, c) => [`paths_class_${c}`, counts[p]])),
    })),
  };
}

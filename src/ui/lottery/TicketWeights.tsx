/** Where kept and pruned weights were before training and after it. */
import { NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fixed, integer } from '../../i18n/format';
import type { Ticket, TicketHistogram, TicketLayer, TicketRef } from '../../worker/api-ticket';
import type { DataTable } from '../charts/csv';
import { Legend } from '../charts/Legend';
import { shapesOf } from '../inspector/histogram';
import { TicketTable } from './TicketTable';
import classes from './ticket.module.css';

const [WIDTH, HEIGHT] = [520, 130];

export function TicketWeights({ ticket, origin }: { ticket: Ticket; origin: TicketRef }) {
  const { t } = useTranslation('ticket');
  const [name, setName] = useState('');
  const layer = ticket.layers.find((l) => l.name === name) ?? ticket.layers[0];
  const { histogram } = layer;
  const table = (): DataTable => ({
    columns: [
      { key: 'layer', label: t('table.layer') },
      { key: 'from', label: t('table.from'), show: (v: number) => fixed(v, 4) },
      { key: 'to', label: t('table.to'), show: (v: number) => fixed(v, 4) },
      { key: 'w0_kept', label: t('table.startKept'), show: integer },
      { key: 'w0_pruned', label: t('table.startPruned'), show: integer },
      { key: 'wT_kept', label: t('table.endKept'), show: integer },
      { key: 'wT_pruned', label: t('table.endPruned'), show: integer },
    ],
    rows: ticket.layers.flatMap(({ name: of, histogram: h }) =>
      Array.from(h.start.kept, (_, b) => ({
        ...{ layer: of, from: h.edges[b], to: h.edges[b + 1] },
        ...{ w0_kept: h.start.kept[b], w0_pruned: h.start.pruned[b] },
        ...{ wT_kept: h.end.kept[b], wT_pruned: h.end.pruned[b] },
      })),
    ),
  });
  return (
    <section className={classes.section}>
      <div className={classes.row}>
        <h3>{t('section.weights')}</h3>
        <NativeSelect
          size="xs"
          aria-label={t('layer')}
          data={ticket.layers.map((l) => l.name)}
          value={layer.name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <TicketTable title={t('section.weights')} id="ticket-weights" origin={origin} table={table} />
      </div>
      <p className={classes.text}>
        {t('weightsText')} {t('endNote')}
        {histogram.unknown > 0 && ` ${t('unknown', { n: integer(histogram.unknown) })}`}
      </p>
      <div className={classes.histograms}>
        <Bars layer={layer} which="start" />
        <Bars layer={layer} which="end" />
      </div>
      <Legend
        items={[
          { label: t('kept'), color: 'var(--w-blue)', dot: true },
          { label: t('pruned'), color: 'var(--w-grey)', dot: true },
        ]}
      />
    </section>
  );
}

const sum = (counts: Uint32Array) => counts.reduce((a, b) => a + b, 0);
/** Per million, so that few kept weights and many pruned ones can be compared. */
const shares = (counts: Uint32Array) => Array.from(counts, (n) => (n * 1e6) / Math.max(1, sum(counts)));

function Bars({ layer, which }: { layer: TicketLayer; which: keyof Pick<TicketHistogram, 'start' | 'end'> }) {
  const { t } = useTranslation('ticket');
  const { edges } = layer.histogram;
  const counts = layer.histogram[which];
  const { before, after, baseline } = useMemo(
    () =>
      shapesOf(
        { layer: '', edges: [], before: shares(counts.kept), after: shares(counts.pruned), zeros: 0 },
        WIDTH,
        HEIGHT,
      ),
    [counts],
  );
  const what = t(which);
  const said = {
    what,
    layer: layer.name,
    kept: integer(sum(counts.kept)),
    pruned: integer(sum(counts.pruned)),
  };
  return (
    <div role="img" aria-label={t('histogramSaid', said)}>
      <p>{what}</p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={before} fill="var(--w-blue)" />
        <path d={after} fill="var(--w-grey)" />
        <path d={`M0 ${baseline}h${WIDTH}`} stroke="var(--w-line-strong)" vectorEffect="non-scaling-stroke" />
      </svg>
      <div className={classes.ends} aria-hidden="true">
        <span>{fixed(edges[0], 2)}</span>
        <span>0</span>
        <span>{fixed(edges[edges.length - 1], 2)}</span>
      </div>
    </div>
  );
}

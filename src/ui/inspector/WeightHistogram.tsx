/** Weights of one layer before (up) and after (down) compression; exact zeros are told and not drawn. */
import { ActionIcon, NativeSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Bar, BarChart, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { fixed, integer } from '../../i18n/format';
import type { Histogram } from '../../worker/api';
import { toCsv } from '../charts/csv';
import { currentHash } from '../charts/hash';
import { Legend } from '../charts/Legend';
import { fileName, save } from '../charts/save';
import { TableModal } from '../charts/TableModal';
import { histogramTable } from '../charts/tables';
import { useInspection } from './inspection';
import classes from './inspector.module.css';

export function WeightHistogram() {
  const { t } = useTranslation('charts');
  const histograms = useInspection()?.histograms ?? [];
  const [chosen, choose] = useState('');
  const shown = histograms.find((h) => h.layer === chosen) ?? histograms[0];
  return (
    <section className={`w-card ${classes.card}`} aria-label={t('histogram.title')}>
      <div className={classes.head}>
        <h3 className={classes.title}>{t('histogram.title')}</h3>
        {shown && (
          <>
            <NativeSelect
              size="xs"
              ml="auto"
              aria-label={t('histogram.layer')}
              data={histograms.map((h) => h.layer)}
              value={shown.layer}
              onChange={(e) => choose(e.currentTarget.value)}
            />
            <TableOf histogram={shown} />
          </>
        )}
      </div>
      {shown ? <Bars histogram={shown} /> : <div className={classes.empty}>{t('histogram.empty')}</div>}
    </section>
  );
}
function TableOf({ histogram }: { histogram: Histogram }) {
  const { t } = useTranslation('charts');
  const [opened, { open, close }] = useDisclosure(false);
  const title = `${t('histogram.title')}: ${histogram.layer}`;
  const table = histogramTable(t, histogram);
  const saveCsv = () =>
    save(
      fileName(`weights-${histogram.layer}`, currentHash(), 'csv'),
      toCsv(table),
      'text/csv;charset=utf-8',
    );
  return (
    <>
      <ActionIcon variant="subtle" color="gray" aria-label={t('card.tableOf', { title })} onClick={open}>
        <IconTable size={16} />
      </ActionIcon>
      <TableModal opened={opened} onClose={close} title={title} table={table} saveCsv={saveCsv} />
    </>
  );
}
function Bars({ histogram: h }: { histogram: Histogram }) {
  const { t } = useTranslation('charts');
  const data = h.before.map((before, i) => ({
    middle: (h.edges[i] + h.edges[i + 1]) / 2,
    before,
    after: -h.after[i],
  }));
  const end = Math.max(Math.abs(h.edges[0]), Math.abs(h.edges[h.edges.length - 1]));
  const kept = h.after.reduce((s, n) => s + n, 0);
  const values = { layer: h.layer, zeros: integer(h.zeros), kept: integer(kept) };
  return (
    <>
      <div className={classes.histogram} role="img" aria-label={t('histogram.summary', values)}>
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 260, height: 120 }}>
          <BarChart
            data={data}
            stackOffset="sign"
            margin={{ top: 2, right: 18, bottom: 0, left: 18 }}
            accessibilityLayer={false}
            barCategoryGap={0}
          >
            <XAxis
              type="number"
              dataKey="middle"
              domain={[-end, end]}
              ticks={[-end, 0, end]}
              tickFormatter={(v: number) => fixed(v, 2)}
              tickLine={false}
              axisLine={false}
              height={16}
              interval={0}
            />
            <YAxis hide />
            <ReferenceLine y={0} stroke="var(--w-line-strong)" />
            <Bar dataKey="before" stackId="w" fill="var(--w-grey)" isAnimationActive={false} />
            <Bar dataKey="after" stackId="w" fill="var(--w-blue)" isAnimationActive={false} />
          </BarChart>
        </ResponsiveContainer>
      </div>
      <Legend
        items={[
          { label: t('histogram.before'), color: 'var(--w-grey)', dot: true },
          { label: t('histogram.after'), color: 'var(--w-blue)', dot: true },
        ]}
      />
      <p className={classes.note}>{t('histogram.zeros', values)}</p>
    </>
  );
}

/** Weights of one layer before (up) and after (down) compression; exact zeros are told and not drawn. */
import { ActionIcon, NativeSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTable } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fixed, integer } from '../../i18n/format';
import type { Histogram } from '../../worker/api';
import { toCsv } from '../charts/csv';
import { currentHash } from '../charts/hash';
import { Legend } from '../charts/Legend';
import { fileName, save } from '../charts/save';
import { TableModal } from '../charts/TableModal';
import { histogramTable } from '../charts/tables';
import { shapesOf } from './histogram';
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
  const table = () => histogramTable(t, histogram);
  const saveCsv = () =>
    save(
      fileName(`weights-${histogram.layer}`, currentHash(), 'csv'),
      toCsv(table()),
      'text/csv;charset=utf-8',
    );
  return (
    <>
      <ActionIcon variant="subtle" color="gray" aria-label={t('card.tableOf', { title })} onClick={open}>
        <IconTable size={16} />
      </ActionIcon>
      {opened && <TableModal onClose={close} title={title} table={table()} saveCsv={saveCsv} />}
    </>
  );
}
function Bars({ histogram: h }: { histogram: Histogram }) {
  const { t } = useTranslation('charts');
  const { before, after, baseline } = useMemo(() => shapesOf(h, WIDTH, HEIGHT), [h]);
  const kept = h.after.reduce((s, n) => s + n, 0);
  const values = { layer: h.layer, zeros: integer(h.zeros), kept: integer(kept) };
  return (
    <>
      <div role="img" aria-label={t('histogram.summary', values)}>
        <svg
          className={classes.histogram}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <path d={before} fill="var(--w-grey)" />
          <path d={after} fill="var(--w-blue)" />
          <path
            d={`M0 ${baseline}h${WIDTH}`}
            stroke="var(--w-line-strong)"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
        <div className={classes.ends} aria-hidden="true">
          <span>{fixed(h.edges[0], 2)}</span>
          <span>0</span>
          <span>{fixed(h.edges[h.edges.length - 1], 2)}</span>
        </div>
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
const WIDTH = 260;
const HEIGHT = 104;

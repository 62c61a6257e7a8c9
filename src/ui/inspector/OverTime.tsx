/** How large the weights are after each part of a training: a heat-map over steps, exact zeros in a row of their own. */
import { ActionIcon, NativeSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTable } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { integer, percent } from '../../i18n/format';
import { useWords } from '../../i18n/words';
import { cardOf, roundsOf } from '../../spec/location';
import { cardAt } from '../../spec/path';
import { isMethod } from '../../spec/types';
import type { HistoryPlace, WeightHistory } from '../../worker/api-history';
import { type Column, type DataTable, toCsv } from '../charts/csv';
import { currentHash } from '../charts/hash';
import { fileName, save } from '../charts/save';
import { useStructure } from '../charts/structure';
import { TableModal } from '../charts/TableModal';
import { HeatMap } from './HeatMap';
import classes from './inspector.module.css';
import { below, seriesOf } from './over-time';
import own from './over-time.module.css';
import { useHistories, useHistory } from './useHistory';

/** Where most weights are small, `next to none` is one in a thousand. */
const NEXT_TO_NONE = 0.001;

export function OverTime() {
  const { t } = useTranslation('history');
  const places = useHistories();
  const [at, setAt] = useState('');
  const [layer, setLayer] = useState('');
  const nameOf = usePlaceName();
  const place = places.find((p) => p.at === at) ?? places[places.length - 1];
  const history = useHistory(place);
  const shown = place && history;
  return (
    <section className={`w-card ${classes.card}`} aria-label={t('title')}>
      <div className={classes.head}>
        <h3 className={classes.title}>{t('title')}</h3>
        {shown && <TableOf history={history} />}
      </div>
      {shown && (
        <div className={own.choose}>
          {places.length > 1 && (
            <NativeSelect
              size="xs"
              aria-label={t('training')}
              data={places.map((p) => ({ value: p.at, label: nameOf(p) }))}
              value={place.at}
              onChange={(e) => setAt(e.currentTarget.value)}
            />
          )}
          <NativeSelect
            size="xs"
            aria-label={t('layer')}
            data={[
              { value: '', label: t('all') },
              ...history.layers.map((l) => ({ value: l.layer, label: l.layer })),
            ]}
            value={history.layers.some((l) => l.layer === layer) ? layer : ''}
            onChange={(e) => setLayer(e.currentTarget.value)}
          />
        </div>
      )}
      {shown ? <Shown history={history} layer={layer} /> : <div className={classes.empty}>{t('empty')}</div>}
      {shown && places.length > 1 && <Ends places={places} nameOf={nameOf} />}
    </section>
  );
}

function Shown({ history, layer }: { history: WeightHistory; layer: string }) {
  const { t } = useTranslation('history');
  const series = useMemo(() => seriesOf(history, layer), [history, layer]);
  const last = series.steps.length - 1;
  // At the end until somebody looks elsewhere.
  const [chosen, choose] = useState<number>();
  const index = Math.min(chosen ?? last, last);
  const [zeros, small] = [series.zeros[index], below(series, index)];
  const text = t('at', {
    step: integer(series.steps[index]),
    zeros: integer(zeros),
    weights: integer(series.weights),
    share: percent(zeros / series.weights, 1),
    small: integer(small),
    smallShare: percent(small / series.weights, 1),
  });
  const threshold = small > series.weights / 4 && zeros < series.weights * NEXT_TO_NONE;
  return (
    <>
      <HeatMap series={series} index={index} onIndex={choose} valueText={text} />
      <p className={classes.note} aria-hidden="true">
        {text}
      </p>
      {threshold && <p className={classes.note}>{t('noZeros')}</p>}
    </>
  );
}

/** Arms side by side: what each training has left. */
function Ends({ places, nameOf }: { places: readonly HistoryPlace[]; nameOf: (p: HistoryPlace) => string }) {
  const { t } = useTranslation('history');
  return (
    <details className={own.ends} open={places.length <= 4}>
      <summary>{t('ends')}</summary>
      <dl>
        {places.map((p) => (
          <div key={p.at}>
            <dt>{nameOf(p)}</dt>
            <dd>
              {t('end', {
                zeros: integer(p.zeros),
                share: percent(p.zeros / p.weights, 1),
                small: integer(p.small),
              })}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** `2 Train with penalty · proximal`, with the round where it is in a repeat. */
function usePlaceName(): (place: HistoryPlace) => string {
  const { t } = useTranslation('history');
  const words = useWords();
  const experiment = useStructure();
  return ({ at, arm }) => {
    const step = cardAt(experiment, cardOf(at));
    const method = step && isMethod(step) ? words.method(step.do) : '';
    const rounds = roundsOf(at).map((round) => t('round', { round: String(round) }));
    const number = Number(/^recipe\.(\d+)/.exec(at)?.[1]) + 1;
    return [`${number} ${method}`, ...rounds, ...(arm ? [arm] : [])].join(' · ');
  };
}

function TableOf({ history }: { history: WeightHistory }) {
  const { t } = useTranslation('history');
  const { t: chart } = useTranslation('charts');
  const [opened, { open, close }] = useDisclosure(false);
  const limits = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1];
  const table = (): DataTable => ({
    columns: [
      { key: 'layer', label: t('table.layer') },
      { key: 'step', label: t('table.step'), show: integer },
      { key: 'weights', label: t('table.weights'), show: integer },
      { key: 'zeros', label: t('table.zeros'), show: integer },
      { key: 'share', label: t('table.share'), show: (v: number) => percent(v, 2) },
      ...limits.map(
        (edge): Column => ({
          key: `below_${edge}`,
          label: t('table.below', { edge: String(edge) }),
          show: integer,
        }),
      ),
    ],
    rows: history.layers.flatMap(({ layer }) => {
      const series = seriesOf(history, layer);
      return series.steps.map((step, s) => ({
        ...{ layer, step, weights: series.weights, zeros: series.zeros[s] },
        share: series.zeros[s] / series.weights,
        ...Object.fromEntries(limits.map((edge) => [`below_${edge}`, below(series, s, edge)])),
      }));
    }),
  });
  const saveCsv = () =>
    save(fileName('weights-over-time', currentHash(), 'csv'), toCsv(table()), 'text/csv;charset=utf-8');
  const title = t('title');
  return (
    <>
      <ActionIcon variant="subtle" color="gray" aria-label={chart('card.tableOf', { title })} onClick={open}>
        <IconTable size={16} />
      </ActionIcon>
      {opened && <TableModal onClose={close} title={title} table={table()} saveCsv={saveCsv} />}
    </>
  );
}

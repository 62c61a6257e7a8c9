/** The search of the active card: every setting that was tried, and the one that is picked out to be applied. */
import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { decimal, integer, percent } from '../../i18n/format';
import type { NumberParam } from '../../spec/params';
import { useLab } from '../../store/lab';
import { type Hunt, useSearch } from '../../store/search';
import type { SearchMeasure, Seeker } from '../../worker/api-search';
import searchClasses from '../search/search.module.css';
import { type Card, useHunt } from '../search/useHunt';
import { numbersOf, type Say, settingText } from '../search/words';
import { ChartCard } from './ChartCard';
import classes from './charts.module.css';
import type { DataTable } from './csv';
import { ParetoPlot, SEEKER_COLOR } from './ParetoPlot';
import { type Against, type Pareto, paretoOf, SEEKERS } from './pareto';

export function ParetoChart() {
  const found = useHunt();
  return found?.hunt ? <Chart {...found} hunt={found.hunt} /> : null;
}

type Measured = Hunt & { measure: SearchMeasure };
const isMeasured = (hunt: Hunt): hunt is Measured => hunt.measure !== undefined;

function Chart({ hunt, line, card }: { hunt: Hunt; line: string; card: Card }) {
  const { t } = useTranslation('search');
  const [against, setAgainst] = useState<Against>('bytes');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [chosen, choose] = useState<number>();
  const { tried, measure } = hunt;
  const pareto = useMemo(() => paretoOf(tried, against), [tried, against]);
  const timed = tried.some((one) => one.time);
  const flip = (key: string) =>
    setHidden((now) => new Set(now.has(key) ? [...now].filter((k) => k !== key) : [...now, key]));
  const seen = SEEKERS.filter((by) => tried.some((one) => one.by === by));
  const what = t(against === 'bytes' ? 'pareto.bytesTitle' : 'pareto.timeTitle');
  const picked = chosen === undefined ? undefined : tried[chosen - 1];
  return (
    <ChartCard
      id={`settings-accuracy-${against}`}
      wide
      title={`${t('pareto.title')}: ${what}`}
      subtitle={
        measure
          ? t('pareto.subtitle', { tried: integer(tried.length), images: integer(measure.images.full) })
          : t(`find.phase.${hunt.phase}`)
      }
      summary={summaryOf(t, hunt, card.param)}
      table={() => tableOf(t, hunt, pareto)}
      legend={seen.map((by) => ({
        key: by,
        label: t(`pareto.series.${by}`),
        color: SEEKER_COLOR[by],
        width: 2,
      }))}
      toggle={{ hidden, flip }}
      empty={emptyText(t, hunt, pareto, against)}
      use={{
        label: t('find.apply'),
        act: (row) => useSearch.getState().apply(line, tried[row]?.number ?? 0),
      }}
      note={
        <>
          {measure && tried.length > 0 && (
            <p className={classes.note}>
              {t('pareto.pale', {
                full: integer(measure.images.full),
                quick: integer(measure.images.quick),
              })}{' '}
              {t('pareto.fair')}
            </p>
          )}
          <Chosen
            hunt={hunt}
            line={line}
            param={card.param}
            picked={picked}
            front={pareto.front.map((d) => d.tried.number)}
            onChoose={choose}
            axis={
              timed && (
                <SegmentedControl
                  size="xs"
                  aria-label={t('pareto.axis')}
                  value={against}
                  onChange={(v) => setAgainst(v as Against)}
                  data={[
                    { value: 'bytes', label: t('pareto.bytes') },
                    { value: 'time', label: t('pareto.time') },
                  ]}
                />
              )
            }
          />
        </>
      }
    >
      {isMeasured(hunt) && (
        <ParetoPlot {...{ hunt, pareto, against, hidden, chosen }} param={card.param} onChoose={choose} />
      )}
    </ChartCard>
  );
}

function emptyText(t: Say, hunt: Hunt, pareto: Pareto, against: Against): string | undefined {
  if (hunt.measure && pareto.dots.length > 0) return undefined;
  if (hunt.status === 'running') return t(`find.phase.${hunt.phase}`);
  return t(against === 'time' ? 'pareto.emptyTime' : 'pareto.empty');
}

interface ChosenProps {
  hunt: Hunt;
  line: string;
  param: NumberParam;
  picked: Hunt['tried'][number] | undefined;
  /** Numbers of the settings on the front, cheapest first. */
  front: readonly number[];
  onChoose(number: number): void;
  axis: React.ReactNode;
}
/** The setting that is picked out, in words; the arrows walk along the front. */
function Chosen({ hunt, line, param, picked, front, onChoose, axis }: ChosenProps) {
  const { t } = useTranslation('search');
  const applied = useSearch((s) => (s.applied?.line === line ? s.applied.number : undefined));
  const off = useLab((s) => s.worker.status === 'dead');
  const { measure, tried } = hunt;
  if (!measure || tried.length === 0) return null;
  const at = picked ? front.indexOf(picked.number) : -1;
  const best = hunt.best === undefined ? -1 : front.indexOf(hunt.best);
  // From a setting beside the front, or from none, the walk begins at the best.
  const go = (by: -1 | 1) => {
    const next = at < 0 ? Math.max(0, best) : Math.min(front.length - 1, Math.max(0, at + by));
    if (front[next] !== undefined) onChoose(front[next]);
  };
  return (
    <div className={searchClasses.chosen}>
      {axis}
      <ActionIcon.Group>
        <ActionIcon
          variant="default"
          size="md"
          aria-label={t('pareto.previous')}
          disabled={at === 0}
          onClick={() => go(-1)}
        >
          <IconChevronLeft size={15} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size="md"
          aria-label={t('pareto.next')}
          disabled={at >= 0 && at === front.length - 1}
          onClick={() => go(1)}
        >
          <IconChevronRight size={15} aria-hidden />
        </ActionIcon>
      </ActionIcon.Group>
      {picked ? (
        <>
          <div className={searchClasses.words} aria-live="polite" data-chosen={picked.number}>
            <b>{settingText(t, picked.setting, param)}</b>: {numbersOf(t, picked, measure).join(', ')}{' '}
            <span>
              {t('pareto.chosen', {
                number: integer(picked.number),
                all: integer(tried.length),
                who: t(`who.${picked.by}`),
              })}
            </span>
          </div>
          <Button
            size="xs"
            variant="default"
            disabled={off || applied === picked.number}
            onClick={() => useSearch.getState().apply(line, picked.number)}
          >
            {t(applied === picked.number ? 'find.applied' : 'find.apply')}
          </Button>
        </>
      ) : (
        <div className={searchClasses.words}>
          <span>{t('pareto.choose')}</span>
        </div>
      )}
    </div>
  );
}

function tableOf(t: Say, { tried, subject }: Hunt, { front }: Pareto): DataTable {
  const on = new Set(front.map((d) => d.tried.number));
  return {
    columns: [
      { key: 'number', label: t('pareto.number'), show: integer },
      { key: 'strategy', label: t('pareto.by'), show: (by: Seeker) => t(`pareto.series.${by}`) },
      ...subject.layers.map((layer) => ({ key: layer, label: layer, show: (v: number) => decimal(v, 4) })),
      { key: 'bytes', label: t('pareto.size'), show: integer },
      { key: 'val_accuracy', label: t('pareto.accuracy'), show: (v: number) => percent(v, 2) },
      { key: 'images', label: t('pareto.images'), show: integer },
      { key: 'ms_per_image', label: t('pareto.ms'), show: (v: number) => decimal(v, 4) },
      { key: 'dense_over_this', label: t('pareto.ratio'), show: (v: number) => decimal(v, 2) },
      { key: 'front', label: t('pareto.front'), show: (v: number) => (v ? t('pareto.yes') : '') },
    ],
    rows: tried.map((one) => {
      const { correct, count } = one.full ?? one.quick;
      return {
        number: one.number,
        strategy: one.by,
        ...one.setting,
        bytes: one.bytes,
        val_accuracy: correct / count,
        images: count,
        ms_per_image: one.time?.ms,
        dense_over_this: one.time?.ratio.median,
        front: on.has(one.number) ? 1 : 0,
      };
    }),
  };
}

function summaryOf(t: Say, { tried, best, measure }: Hunt, param: NumberParam): string {
  const winner = best === undefined ? undefined : tried[best - 1];
  const said = [t('pareto.title'), t('pareto.summary', { tried: integer(tried.length) })];
  if (winner && measure) {
    const answer = [settingText(t, winner.setting, param), ...numbersOf(t, winner, measure)].join(', ');
    said.push(t('pareto.summaryBest', { answer }));
  }
  return said.join('. ');
}

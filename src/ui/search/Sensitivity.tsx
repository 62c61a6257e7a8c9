/** What one layer alone can take: the curve behind its slider, and how far the measuring of all has come. */
import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { integer, percent } from '../../i18n/format';
import { sayProblem } from '../../i18n/problem';
import type { NumberParam } from '../../spec/params';
import { positionOf } from '../../spec/warp';
import type { Curves } from '../../store/search';
import { useSearch } from '../../store/search';
import { type DataTable, toCsv } from '../charts/csv';
import { currentHash } from '../charts/hash';
import { fileName, save } from '../charts/save';
import { TableModal } from '../charts/TableModal';
import { shown } from '../controls/units';
import classes from './search.module.css';
import { areasOf, curveOf, isFalling, safeValue } from './sensitivity';
import type { CardCurves } from './useCurves';

interface CurveProps {
  curves: Curves | undefined;
  layer: string;
  param: NumberParam;
  /** Where the layer stands without a slider of its own. */
  inherited?: number;
}
/** Fills the box it stands in: the slider's track, left to right. */
export function Curve({ curves, layer, param, inherited }: CurveProps) {
  const untouched = curves?.untouched && curves.untouched.correct / curves.untouched.count;
  const curve = curveOf(curves?.points ?? [], layer, param);
  const areas = untouched === undefined ? [] : areasOf(curve, untouched, isFalling(param));
  return (
    <div className={classes.curve} role="img" aria-label={useSaid(curves, layer, param)} data-curve={layer}>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {areas.map(({ d, harmless }) => (
          <path key={String(harmless)} d={d} data-harmless={harmless} />
        ))}
      </svg>
      {inherited !== undefined && (
        <span className={classes.stands} style={{ left: `${positionOf(inherited, param) * 100}%` }} />
      )}
    </div>
  );
}

/** The curve in words. */
function useSaid(curves: Curves | undefined, layer: string, param: NumberParam): string {
  const { t } = useTranslation('search');
  const curve = curveOf(curves?.points ?? [], layer, param);
  const falling = isFalling(param);
  const last = falling ? curve[0] : curve[curve.length - 1];
  if (!curves?.untouched || !last) return t('curves.saidWaiting', { layer });
  const untouched = curves.untouched.correct / curves.untouched.count;
  const safe = safeValue(curve, untouched, falling);
  const words = { layer, untouched: percent(untouched, 1) };
  return safe
    ? t('curves.said', {
        ...words,
        safe: shown(safe.value, param),
        last: percent(last.accuracy, 1),
        end: shown(last.value, param),
      })
    : t('curves.saidNone', words);
}

/** One line over the layers: how far it is, stop and go on, and the numbers. */
export function CurvesStatus({
  of,
  param,
  layers,
}: {
  of: CardCurves;
  param: NumberParam;
  layers: readonly string[];
}) {
  const { t } = useTranslation('search');
  const [open, setOpen] = useState(false);
  const { curves, trained, resume } = of;
  const running = curves?.status === 'running';
  const halted = curves?.status === 'stopped' || curves?.status === 'failed';
  const some = (curves?.points.length ?? 0) > 0;
  const table = () => tableOf(t, curves, param, layers);
  return (
    <div className={classes.status}>
      <span role={curves?.status === 'failed' ? 'alert' : undefined} data-curves={curves?.status ?? 'none'}>
        {useStatusText(curves, trained)}{' '}
        {some && (
          <UnstyledButton className={classes.link} onClick={() => setOpen(true)}>
            {t('curves.table')}
          </UnstyledButton>
        )}
      </span>
      {running && (
        <Tooltip label={t('curves.stop')}>
          <ActionIcon
            size="xs"
            variant="subtle"
            color="gray"
            aria-label={t('curves.stop')}
            onClick={() => useSearch.getState().stop()}
          >
            <IconPlayerStop size={13} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      {halted && trained && (
        <Tooltip label={t('curves.start')}>
          <ActionIcon size="xs" variant="subtle" color="gray" aria-label={t('curves.start')} onClick={resume}>
            <IconPlayerPlay size={13} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      {open && (
        <TableModal
          onClose={() => setOpen(false)}
          title={t('curves.tableTitle')}
          table={table()}
          saveCsv={() =>
            save(fileName('sensitivity', currentHash(), 'csv'), toCsv(table()), 'text/csv;charset=utf-8')
          }
        />
      )}
    </div>
  );
}

function useStatusText(curves: Curves | undefined, trained: boolean): string {
  const { t } = useTranslation('search');
  const done = integer(curves?.points.length ?? 0);
  const total = integer(curves?.total ?? 0);
  if (!curves) return t(trained ? 'curves.waiting' : 'curves.untrained');
  switch (curves.status) {
    case 'running':
      return curves.total > 0 ? t('curves.running', { done, total }) : t('curves.waiting');
    case 'done':
      return t('curves.done', { images: integer(curves.untouched?.count ?? 0) });
    case 'stopped':
      return curves.total > 0 ? t('curves.stopped', { done, total }) : t('curves.stoppedFirst');
    case 'cut':
      return curves.total > 0 ? t('curves.cut', { done, total }) : t('curves.cutFirst');
    case 'failed':
      return t('curves.failed', { reason: curves.problem ? sayProblem(curves.problem) : '' });
  }
}

type Say = ReturnType<typeof useTranslation<'search'>>['t'];
function tableOf(
  t: Say,
  curves: Curves | undefined,
  param: NumberParam,
  layers: readonly string[],
): DataTable {
  return {
    columns: [
      { key: 'layer', label: t('curves.layer') },
      { key: 'value', label: t('curves.value'), show: (v: number) => shown(v, param) },
      { key: 'val_accuracy', label: t('pareto.accuracy'), show: (v: number) => percent(v, 1) },
      { key: 'correct', label: t('curves.correct'), show: integer },
      { key: 'images', label: t('pareto.images'), show: integer },
    ],
    rows: layers.flatMap((layer) =>
      curveOf(curves?.points ?? [], layer, param).map((p) => ({
        layer,
        value: p.value,
        val_accuracy: p.accuracy,
        correct: p.hits.correct,
        images: p.hits.count,
      })),
    ),
  };
}

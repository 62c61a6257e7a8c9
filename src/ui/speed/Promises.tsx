/** Promised by the MACs against delivered on the clock, over all subjects: a figure, and a table at a glance. */
import { Table } from '@mantine/core';
import { memo, useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { SPEED_SUBJECTS } from '../../catalog/speed';
import { decimal, integer, times } from '../../i18n/format';
import { resultHash, type SpeedResult } from '../../store/speed-result';
import type { SpeedPoint } from '../../worker/api';
import { ChartCard } from '../charts/ChartCard';
import { Path, Rule } from '../charts/drawing';
import { Plot, type Pointed } from '../charts/Plot';
import type { Plane, Spot } from '../charts/plane';
import type { LegendItem } from '../charts/save';
import { logScale } from '../charts/scales';
import { promised } from './break-even';
import { tipOf } from './SpeedPlot';
import { colorOf, GLANCE, glance } from './series';
import classes from './speed.module.css';
import { speedTable } from './tables';
import { ratioText } from './words';

interface Props {
  result: SpeedResult | undefined;
  foreign?: boolean;
  batch: number;
}
const none: SpeedPoint[] = [];

export function Promises({ result, foreign, batch }: Props) {
  const { t } = useTranslation('speed');
  const all = result?.points ?? none;
  // Only what saves multiplications promises anything.
  const points = useMemo(
    () => all.filter((p) => p.batch === batch && p.macs.executed < p.macs.dense),
    [all, batch],
  );
  const half = points.filter((p) => p.ratio.median >= promised(p) / 2).length;
  const series = [...new Set(points.map((p) => p.series))];
  const who = foreign ? t('device.foreign') : t('device.own');
  const title = t('promise.title');
  const legend: LegendItem[] = [
    ...series.map((s) => ({ label: t(`series.${s}`), color: colorOf(s), dot: true })),
    { label: t('promise.line'), color: 'var(--w-muted)', dash: '4 3', width: 1.5 },
  ];
  return (
    <div className={classes.pair} data-even>
      <ChartCard
        id={`speed-promises-batch${batch}${foreign ? '-link' : ''}`}
        exp={result && resultHash(result)}
        title={foreign ? `${title} · ${who}` : title}
        subtitle={t('promise.subtitle', {
          batch: t('batch.at', { batch: integer(batch) }),
          who: result?.device ?? who,
        })}
        summary={t('promise.summary', { count: points.length, title, half: integer(half) })}
        table={() => speedTable(t, points)}
        legend={legend}
        empty={points.length === 0 ? t('chart.empty') : undefined}
      >
        <PromisePlot points={points} />
      </ChartCard>
      <Glance
        points={all}
        batch={batch}
        name={foreign ? `${t('promise.tableTitle')} · ${who}` : t('promise.tableTitle')}
      />
    </div>
  );
}

const PromisePlot = memo(function PromisePlot({ points }: { points: readonly SpeedPoint[] }) {
  const { t } = useTranslation('speed');
  const scales = useMemo(
    () => ({
      x: logScale(points.map(promised), 1, 4),
      y: logScale(
        points.map((p) => p.ratio.median),
        0.5,
        4,
      ),
    }),
    [points],
  );
  const { x, y } = scales;
  const spot = useCallback(
    (plane: Plane, p: SpeedPoint): Spot => ({
      x: plane.x(x.to(promised(p))),
      y: plane.y(y.to(p.ratio.median)),
    }),
    [x, y],
  );
  const point = (at: Spot, plane: Plane): Pointed | undefined => {
    const far = (s: Spot) => Math.hypot(s.x - at.x, s.y - at.y);
    const placed = points.map((p) => ({ p, ...spot(plane, p) })).sort((a, b) => far(a) - far(b));
    const [near] = placed;
    if (!near || far(near) > 24) return undefined;
    const [head, ...tip] = tipOf(t, near.p, near.p.axis);
    return { x: near.x, y: near.y, tip: [`${t(`short.${near.p.subject}`)}: ${head}`, ...tip] };
  };
  const draw = useCallback(
    (plane: Plane) => {
      const end = Math.min(x.domain[1], y.domain[1]);
      return (
        <>
          <Rule plane={plane} y={plane.y(y.to(1))} color="var(--w-text)" />
          <Path
            d={`M${plane.x(0)},${plane.y(0)}L${plane.x(end)},${plane.y(end)}`}
            color="var(--w-muted)"
            width={1.5}
            dash="4 3"
          />
          {points.map((p) => {
            const s = spot(plane, p);
            const color = colorOf(p.series);
            return (
              <circle
                key={`${p.subject}${p.series}${p.axis}${p.x}`}
                cx={s.x}
                cy={s.y}
                r={3.5}
                fill={p.overlap ? 'var(--w-card)' : color}
                stroke={p.overlap ? color : 'var(--w-card)'}
              />
            );
          })}
        </>
      );
    },
    [points, x, y, spot],
  );
  const tick = (v: number) => `${decimal(v, 2)}×`;
  return (
    <Plot x={{ scale: x, tick }} y={{ scale: y, tick }} xLabel={t('promise.x')} point={point}>
      {draw}
    </Plot>
  );
});

function Glance({ points, batch, name }: { points: readonly SpeedPoint[]; batch: number; name: string }) {
  const { t } = useTranslation('speed');
  return (
    <div className={`w-card ${classes.glance}`}>
      <h3 className={classes.cardtitle}>{name}</h3>
      <p className={classes.muted}>{t('promise.tableText')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard. */}
      <section className={classes.scroll} tabIndex={0} aria-label={name}>
        <Table fz="xs" verticalSpacing={3} horizontalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('promise.row')}</Table.Th>
              {GLANCE.map((g) => (
                <Table.Th key={g.series}>
                  {t(`series.${g.series}`)} {g.label}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {SPEED_SUBJECTS.map((subject) => (
              <Table.Tr key={subject}>
                <Table.Th scope="row">{t(`short.${subject}`)}</Table.Th>
                {GLANCE.map((g) => (
                  <Cell key={g.series} p={glance(points, subject, batch, g)} />
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </div>
  );
}
function Cell({ p }: { p: SpeedPoint | undefined }) {
  const { t } = useTranslation('speed');
  if (!p) {
    return (
      <Table.Td className={classes.muted} aria-label={t('promise.missing')}>
        –
      </Table.Td>
    );
  }
  const tone = p.overlap ? undefined : p.ratio.median > 1 ? 'good' : 'bad';
  return (
    <Table.Td>
      <b className={classes.figure} data-tone={tone}>
        {ratioText(p)}
      </b>
      {p.macs.executed < p.macs.dense && (
        <span className={classes.small}>{t('promise.of', { promised: times(promised(p)) })}</span>
      )}
    </Table.Td>
  );
}

/** What the view is about: test accuracy of every arm against the weights that remain. */
import { SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { integer, percent } from '../../i18n/format';
import type { ArmPoint, ArmSeries, Band } from '../../studies/types';
import { ChartCard } from '../charts/ChartCard';
import { shareText } from '../charts/numbers';
import { accuracyScale, remainingScale, tickDecimals } from '../charts/scales';
import { lookOf } from './arms';
import { type BandLine, BandPlot } from './BandPlot';
import { sizesShown } from './facts';
import { legendOf } from './legend';
import { seriesTable } from './tables';
import { accuracy, armName, roundText, type Say, spreadText } from './words';

export type At = 'stop' | 'end';
interface Props {
  series: readonly ArmSeries[];
  /** Hash of the study, for files. */
  hash: string;
  at: At;
  /** Absent: the choice is made elsewhere. */
  onAt?(at: At): void;
  round: number | undefined;
  onRound(round: number): void;
  /** Says why there is nothing. */
  empty: string;
  /** Beside others of its kind: the same axes for all, and a title of its own. */
  title?: string;
  extent?: readonly ArmSeries[];
  /** Of the study, for files. */
  part?: string;
  /** Sizes yet to come. */
  planned?: readonly number[];
}
const NONE: readonly number[] = [];
const bandsOf = (series: readonly ArmSeries[], at: At): { p: ArmPoint; band: Band }[] =>
  series.flatMap((s) => s.points.flatMap((p) => (p[at] ? [{ p, band: p[at] }] : [])));

export function AccuracyChart(props: Props) {
  const { series, hash, at, onAt, round, onRound, empty, title, extent, part, planned = NONE } = props;
  const { t } = useTranslation('lottery');
  const shown = useMemo(() => bandsOf(series, at), [series, at]);
  const seeds = Math.max(0, ...shown.map(({ band }) => band.each.size));
  const name = t(`accuracy.${at}`);
  const lines = useMemo(() => linesOf(t, series, at), [t, series, at]);
  const there = useMemo(() => bandsOf(extent ?? series, at), [extent, series, at]);
  const points = series.flatMap((s) => s.points);
  return (
    <ChartCard
      id={['study-accuracy', at, ...(part ? [part] : [])].join('-')}
      exp={hash}
      title={title ?? name}
      subtitle={seeds === 1 ? t('accuracy.subtitleOne') : t('accuracy.subtitle', { count: seeds })}
      summary={summaryOf(t, name, series, at)}
      table={() => seriesTable(t, series, at)}
      legend={legendOf(t, series, denseOf(series, at) !== undefined)}
      empty={shown.length === 0 ? empty : undefined}
      tools={onAt && <AtSwitch series={series} at={at} onAt={onAt} />}
      use={{
        label: t('accuracy.use'),
        act: (row) => shown[row] && onRound(shown[row].p.round),
      }}
    >
      <Drawn
        lines={lines}
        dense={denseOf(series, at)}
        extent={there}
        planned={planned}
        at={points.find((p) => p.round === round)?.remaining}
        onPick={(x) => {
          const picked = points.find((p) => p.remaining === x);
          if (picked) onRound(picked.round);
        }}
      />
    </ChartCard>
  );
}

interface AtProps {
  series: readonly ArmSeries[];
  at: At;
  onAt(at: At): void;
}
/** Early stop or end; nothing to choose where trainings do not stop early. */
export function AtSwitch({ series, at, onAt }: AtProps) {
  const { t } = useTranslation('lottery');
  if (!series.some((s) => s.points.some((p) => p.stop))) return null;
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('accuracy.label')}
      value={at}
      onChange={(v) => onAt(v as At)}
      data={(['stop', 'end'] as const).map((value) => ({ value, label: t(`accuracy.short.${value}`) }))}
    />
  );
}

interface DrawnProps {
  lines: readonly BandLine[];
  dense: number | undefined;
  extent: readonly { p: ArmPoint; band: Band }[];
  planned: readonly number[];
  at: number | undefined;
  onPick(x: number): void;
}
function Drawn({ lines, dense, extent, planned, at, onPick }: DrawnProps) {
  const { t } = useTranslation('lottery');
  const scale = useMemo(
    () => ({
      x: remainingScale(
        sizesShown(
          extent.map(({ p }) => p.remaining),
          planned,
        ),
      ),
      y: accuracyScale(extent.flatMap(({ band }) => [band.min, band.max])),
    }),
    [extent, planned],
  );
  const decimals = tickDecimals(scale.y.ticks);
  const level = useMemo(
    () =>
      dense === undefined ? undefined : { y: dense, label: t('accuracy.dense', { value: accuracy(dense) }) },
    [dense, t],
  );
  return (
    <BandPlot
      lines={lines}
      x={{ scale: scale.x, tick: shareText }}
      y={{ scale: scale.y, tick: (v) => percent(v, decimals) }}
      xLabel={t('accuracy.axis')}
      level={level}
      at={at}
      onPick={onPick}
    />
  );
}

/** The dense network is round 0 of whatever arm has it. */
export function denseOf(series: readonly ArmSeries[], at: At): number | undefined {
  return series.flatMap((s) => s.points.filter((p) => p.round === 0)).find((p) => p[at])?.[at]?.mean;
}
function linesOf(t: Say, series: readonly ArmSeries[], at: At): BandLine[] {
  return series.map((s) => ({
    id: s.id,
    ...lookOf(s.id),
    points: s.points.flatMap((p) => {
      const band = p[at];
      if (!band) return [];
      const tip = [
        `${armName(t, s.id)}: ${accuracy(band.mean)}`,
        roundText(t, p.round, p.remaining),
        spreadText(t, band, accuracy),
      ];
      return [{ x: p.remaining, mean: band.mean, min: band.min, max: band.max, tip }];
    }),
  }));
}
function summaryOf(t: Say, name: string, series: readonly ArmSeries[], at: At): string {
  const ends = series.flatMap((s) => {
    const last = s.points.findLast((p) => p[at]);
    const band = last?.[at];
    if (!last || !band) return [];
    return [
      t('accuracy.said', {
        arm: armName(t, s.id),
        accuracy: accuracy(band.mean),
        share: shareText(last.remaining),
        seeds: integer(band.each.size),
      }),
    ];
  });
  return [name, ...ends].join('. ');
}

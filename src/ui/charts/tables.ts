/** The table behind each chart, made from the very series that is drawn. Keys are the CSV header. */
import { decimal, fixed, integer, percent } from '../../i18n/format';
import type { Inspection } from '../../worker/api';
import type { Column, DataTable } from './csv';
import type { Curves } from './curves';
import type { ArmPoint, Lottery } from './lottery';
import { SAVINGS, type Saving, type SavingDatum, type SweepDatum } from './series';
import type { Say } from './words';

const share = (key: string, label: string): Column => ({ key, label, show: (v: number) => percent(v, 2) });

export interface NamedSweep {
  name: string;
  data: readonly SweepDatum[];
}
/** One row per point drawn, in the order of `lines`. `${param}_set` is the slider, `sparsity` what was reached. */
export function sweepTable(t: Say, param: string, name: string, lines: readonly NamedSweep[]): DataTable {
  const set = `${param}_set`;
  return {
    columns: [
      { key: 'series', label: t('table.series') },
      { key: set, label: t('table.set', { name }), show: (v: number) => decimal(v, 4) },
      share('sparsity', t('table.sparsity')),
      share('accuracy', t('table.accuracy')),
      { key: 'correct', label: t('table.correct'), show: integer },
      { key: 'images', label: t('table.images'), show: integer },
    ],
    rows: lines.flatMap((line) =>
      line.data.map((d) => ({
        series: line.name,
        [set]: d.value,
        sparsity: 1 - d.remaining,
        accuracy: d.accuracy,
        correct: d.correct,
        images: d.count,
      })),
    ),
  };
}

/** One row per point of each series; `value` is empty for the state on screen. */
export function savingsTable(
  t: Say,
  series: Readonly<Record<Saving, readonly SavingDatum[]>>,
  now: Partial<Record<Saving, SavingDatum>>,
): DataTable {
  const ratio = (key: string, label: string): Column => ({
    key,
    label,
    show: (v: number) => `${fixed(v, 2)}×`,
  });
  return {
    columns: [
      { key: 'series', label: t('table.series') },
      { key: 'value', label: t('table.value'), show: (v: number) => decimal(v, 4) },
      ratio('times_saved', t('table.times')),
      ratio('q1', t('table.q1')),
      ratio('q3', t('table.q3')),
      share('accuracy', t('table.accuracy')),
      { key: 'images', label: t('table.images'), show: integer },
    ],
    rows: SAVINGS.flatMap((kind) => {
      const current = now[kind];
      return [...series[kind], ...(current ? [current] : [])].map((d) => ({
        series: kind,
        value: d.value,
        times_saved: d.x,
        q1: d.q1,
        q3: d.q3,
        accuracy: d.accuracy,
        images: d.count,
      }));
    }),
  };
}

/** One row per point of every curve, those switched off in the legend too; replicates count from 1. */
export function curvesTable(t: Say, { curves, arms, replicates }: Curves): DataTable {
  const whose = (v: number | 'mean') => (v === 'mean' ? t('table.mean') : integer(v));
  return {
    columns: [
      ...(arms.length > 0 ? [{ key: 'arm', label: t('table.arm') }] : []),
      ...(replicates.length > 1 ? [{ key: 'replicate', label: t('table.replicate'), show: whose }] : []),
      { key: 'training', label: t('table.training'), show: integer },
      { key: 'step', label: t('table.step'), show: integer },
      { key: 'train_loss_nats', label: t('table.loss'), show: (v: number) => fixed(v, 4) },
      share('val_accuracy', t('table.valAccuracy')),
    ],
    rows: curves.flatMap((c) =>
      c.points.map((p) => ({
        arm: c.arm,
        replicate: c.replicate === undefined ? 'mean' : c.replicate + 1,
        training: c.part + 1,
        step: p.x,
        train_loss_nats: p.loss,
        val_accuracy: p.accuracy,
      })),
    ),
  };
}

/** The dense point belongs to every arm; it is listed once, as `dense`. */
export function lotteryTable(t: Say, lottery: Lottery): DataTable {
  const row = (arm: string) => (p: ArmPoint) => ({
    arm,
    weights_remaining: p.remaining,
    accuracy: p.accuracy,
    min: p.min,
    max: p.max,
    replicates: p.each.size,
  });
  return {
    columns: [
      { key: 'arm', label: t('table.arm') },
      share('weights_remaining', t('table.remaining')),
      share('accuracy', t('table.accuracy')),
      share('min', t('table.min')),
      share('max', t('table.max')),
      { key: 'replicates', label: t('table.replicates') },
    ],
    rows: [
      ...(lottery.dense ? [row('dense')(lottery.dense)] : []),
      ...lottery.arms.flatMap((a) => a.points.map(row(a.name))),
    ],
  };
}

export function keptTable(t: Say, kept: NonNullable<Inspection['keptPerInput']>): DataTable {
  return {
    columns: [
      { key: 'row', label: t('table.row') },
      { key: 'column', label: t('table.column') },
      { key: 'kept', label: t('table.kept') },
      { key: 'possible', label: t('table.possible') },
    ],
    rows: kept.counts.map((count, i) => ({
      row: Math.floor(i / kept.width) + 1,
      column: (i % kept.width) + 1,
      kept: count,
      possible: kept.max,
    })),
  };
}
export function histogramTable(t: Say, h: Inspection['histograms'][number]): DataTable {
  return {
    columns: [
      { key: 'from', label: t('table.from'), show: (v: number) => fixed(v, 4) },
      { key: 'to', label: t('table.to'), show: (v: number) => fixed(v, 4) },
      { key: 'before', label: t('table.before'), show: integer },
      { key: 'after', label: t('table.after'), show: integer },
    ],
    rows: h.before.map((count, i) => ({
      from: h.edges[i],
      to: h.edges[i + 1],
      before: count,
      after: h.after[i],
    })),
  };
}

/** Accuracy against weights remaining, one line per arm, from rows alone. */
import { methodOf } from '../../catalog';
import { armOf } from '../../spec/location';
import { walkCards } from '../../spec/path';
import { type Experiment, isMethod, type Row } from '../../spec/types';
import { forks, inOrder } from './order';

export interface ArmPoint {
  at: string;
  /** Share of prunable weights left, mean over replicates. */
  remaining: number;
  accuracy: number;
  min: number;
  max: number;
  /** Test accuracy by replicate. */
  each: Map<number, number>;
}
export interface Arm {
  name: string;
  points: ArmPoint[];
}
export interface Lottery {
  /** After the training before the fork: shared by all arms. */
  dense?: ArmPoint;
  /** In the order of the experiment; arms without a measured point are there with none. */
  arms: Arm[];
  /** Replicates that have at least one point. */
  replicates: number;
}
interface Measured {
  at: string;
  arm: string;
  replicate: number;
  remaining: number;
  accuracy: number;
}

/** Does a row say anything here? */
export const speaks = (r: Row): boolean =>
  (r.metric === 'test.accuracy' || r.metric === 'sparsity') && !r.at.includes('?');

export const hasFork = (experiment: Experiment): boolean => forks(experiment).length > 0;

/**
 * Rows in any order. In an arm that trains, only test accuracies taken after training count, the last of each training;
 * in one that only compresses, all do.
 */
export function lotteryOf(rows: readonly Row[], experiment: Experiment): Lottery {
  const said = rows.filter(speaks);
  const trained = armsThatTrain(experiment);
  const measured = [...new Set(said.map((r) => r.replicate))].flatMap((replicate) =>
    measuredOf(
      said.filter((r) => r.replicate === replicate),
      trained,
    ),
  );
  const trunk = measured.filter((m) => m.arm === '' && m.remaining === 1);
  const names = [...new Set(forks(experiment).flat())];
  const arms = names.map((name) => ({ name, points: pointsOf(measured.filter((m) => m.arm === name)) }));
  return {
    dense: pointsOf(trunk)[0],
    arms,
    replicates: new Set(measured.map((m) => m.replicate)).size,
  };
}

/** Names of the arms that have a training of their own; '' for the trunk, whose points are those after training. */
function armsThatTrain(experiment: Experiment): ReadonlySet<string> {
  const trainings = [...walkCards(experiment)].filter(
    ({ step, off }) => !off && isMethod(step) && methodOf(step.do)?.live === false,
  );
  return new Set(['', ...trainings.map(({ at }) => armOf(at) ?? '')]);
}

/** One replicate. The sparsity of a training is its own row's, else that of the last card before it in its arm. */
function measuredOf(rows: readonly Row[], trained: ReadonlySet<string>): Measured[] {
  const sorted = [...rows].sort((a, b) => inOrder(a.at, b.at) || a.step - b.step);
  const own = new Map<string, number>();
  for (const r of sorted) if (r.metric === 'sparsity') own.set(r.at, r.value);
  const out = new Map<string, Measured>();
  const before = new Map<string, { at: string; value: number }>();
  for (const r of sorted) {
    const arm = r.arm ?? armOf(r.at) ?? '';
    if (r.metric === 'sparsity') before.set(arm, { at: r.at, value: r.value });
    if (r.metric !== 'test.accuracy' || (r.step === 0 && trained.has(arm))) continue;
    const sparsity = own.get(r.at) ?? later(before.get(arm), before.get(''))?.value ?? 0;
    out.set(r.at, { at: r.at, arm, replicate: r.replicate, remaining: 1 - sparsity, accuracy: r.value });
  }
  return [...out.values()];
}
function later<T extends { at: string }>(a: T | undefined, b: T | undefined): T | undefined {
  if (!a || !b) return a ?? b;
  return inOrder(a.at, b.at) >= 0 ? a : b;
}
function pointsOf(measured: readonly Measured[]): ArmPoint[] {
  const groups = new Map<string, Measured[]>();
  for (const m of measured) groups.set(m.at, [...(groups.get(m.at) ?? []), m]);
  const mean = (values: number[]) => values.reduce((s, v) => s + v, 0) / values.length;
  return [...groups]
    .map(([at, group]) => {
      const accuracies = group.map((m) => m.accuracy);
      return {
        at,
        remaining: mean(group.map((m) => m.remaining)),
        accuracy: mean(accuracies),
        min: Math.min(...accuracies),
        max: Math.max(...accuracies),
        each: new Map(group.map((m) => [m.replicate, m.accuracy])),
      };
    })
    .sort((a, b) => b.remaining - a.remaining);
}

/** What can be said at the smallest share of weights at which at least two arms have been measured. */
export interface Comparison {
  remaining: number;
  arms: { name: string; accuracy: number }[];
  /** Replicates in which both of the first two arms were measured, and in how many of them the first is ahead. */
  seeds: number;
  ahead: number;
}
export function compareArms(lottery: Lottery): Comparison | undefined {
  const first = lottery.arms.find((a) => a.points.length > 0);
  for (const point of [...(first?.points ?? [])].reverse()) {
    const same = lottery.arms.flatMap((a) => {
      // Where an arm trains on at one size, its last word counts.
      const p = a.points.findLast((q) => Math.abs(q.remaining - point.remaining) <= 0.005 * point.remaining);
      return p ? [{ name: a.name, point: p }] : [];
    });
    if (same.length < 2) continue;
    const shared = [...same[0].point.each].filter(([replicate]) => same[1].point.each.has(replicate));
    return {
      remaining: point.remaining,
      arms: same.map((s) => ({ name: s.name, accuracy: s.point.accuracy })),
      seeds: shared.length,
      ahead: shared.filter(([replicate, accuracy]) => accuracy > (same[1].point.each.get(replicate) ?? 1))
        .length,
    };
  }
  return undefined;
}

/** What one card of a recipe gives: its state, and what is plotted of that. Each is worked out once per lineage key. */
import type { Dataset } from '../datasets/types';
import type { EvidenceWish } from '../methods/evidence';
import type { Note, Work } from '../methods/types';
import { modelById } from '../models/registry';
import type { Arch, NetState } from '../models/types';
import { WinnowError } from '../spec/problem';
import type { Experiment } from '../spec/types';
import type { Accuracy, Facts } from '../worker/api';
import type { Trainer } from './crew/types';
import { evidenceFor } from './evidence/gather';
import { factsOf } from './facts';
import type { Task } from './lineage';
import { evaluate } from './measure';
import type { Networks } from './networks';
import type { BareRow, Results } from './results';
import { initialState, methodContext } from './state';

export interface Bench {
  trainer: Trainer;
  /** Networks for looking, and for the dense baseline in timings. */
  looking: Networks;
  baseline: Networks;
  device: string;
  data: Dataset;
  results: Results;
}
export const archOf = (experiment: Experiment, data: Dataset['info']): Arch =>
  modelById(experiment.model).build(data.shape, data.classes.length);

/** State of the untrained network of a replicate. */
export const rootState = (experiment: Experiment, data: Dataset['info'], replicate: number): NetState =>
  initialState(archOf(experiment, data), experiment.seeds, replicate);

/** How a card that needs no training is to be applied. */
export interface Applying {
  /** Awaited between pieces of work. @throws Cancelled to give up */
  turn(): Promise<void>;
  /** What the card has to tell beside its result. */
  note?(note: Note): void;
  /** It will take a while: this has to be measured, or the work is in many pieces. */
  busy?(how: Busy): void;
}
export type Busy = { status: 'measuring'; wishes: readonly EvidenceWish[] } | { status: 'running' };

/**
 * Applies a card that needs no training to `state`, the state of its parent; what it must know from data is measured
 * first, unless that has been done.
 * @throws WinnowError with the card's path in front
 */
export async function applyLive(
  task: Task,
  state: NetState,
  experiment: Experiment,
  bench: Pick<Bench, 'data' | 'results'>,
  { turn, note, busy }: Applying,
): Promise<NetState> {
  const { method, values, replicate, parent } = task;
  if (!method.live) throw new Error(`${method.id} needs training`);
  const wishes = atCard(task, () => method.needs?.(state, values) ?? []);
  const missing = wishes.filter((wish) => !bench.results.evidence.get(parent, wish));
  if (missing.length > 0) busy?.({ status: 'measuring', wishes: missing });
  const evidence = await evidenceFor(bench, parent, state, wishes, turn);
  const context = methodContext(state.arch, experiment.seeds, replicate, evidence, note);
  const { pieces } = method;
  if (!pieces) return atCard(task, () => method.apply(state, values, context));
  const work: Work<NetState> = pieces(state, values, context);
  let next = atCard(task, () => work.next());
  if (!next.done) busy?.({ status: 'running' });
  while (!next.done) {
    await turn();
    next = atCard(task, () => work.next());
  }
  return next.value;
}

function atCard<T>({ card }: Task, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof WinnowError)) throw error;
    const { problem } = error;
    throw new WinnowError({ ...problem, path: problem.path ? `${card}.${problem.path}` : card });
  }
}

/** Facts of a state, computed once per lineage key. */
export function factsFor(results: Results, key: string, state: NetState): Facts {
  const known = results.measured(key).facts;
  if (known) return known;
  const facts = factsOf(state);
  results.note(key, { facts });
  return facts;
}

/** Accuracy on the whole test set, read once per lineage key. */
export async function testFor(
  bench: Bench,
  key: string,
  state: NetState,
  turn: () => Promise<void>,
): Promise<Accuracy & { device: string }> {
  const known = bench.results.measured(key).test;
  if (known) return known;
  await bench.data.complete;
  const { correct, count } = await evaluate(
    bench.looking,
    state,
    bench.data.test,
    bench.data.test.total,
    turn,
  );
  const test = { split: 'test' as const, correct, count, device: bench.device };
  bench.results.note(key, { test });
  return test;
}

/** What is plotted of a finished state. */
export async function pointRows(
  bench: Bench,
  key: string,
  state: NetState,
  step: number,
  turn: () => Promise<void>,
): Promise<BareRow[]> {
  const facts = factsFor(bench.results, key, state);
  const test = await testFor(bench, key, state, turn);
  const row = { step, device: bench.device };
  const accuracy = test.correct / test.count;
  return [
    // Measured once, maybe on another device than the one in use now.
    {
      ...row,
      device: test.device,
      metric: 'test.accuracy',
      value: accuracy,
      unit: 'fraction',
      basis: 'measured',
    },
    { ...row, metric: 'sparsity', value: facts.sparsity, unit: 'fraction', basis: 'computed' },
    { ...row, metric: 'bytes', value: facts.bytes, unit: 'bytes', basis: 'computed' },
    { ...row, metric: 'macs', value: facts.macs, unit: 'MACs/image', basis: 'computed' },
  ];
}

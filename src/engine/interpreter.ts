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
import type { BareRow, Measured, Results, Trained } from './results';
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
  const test = await tested(bench, state, turn);
  bench.results.note(key, { test });
  return test;
}
async function tested({ data, looking, device }: Bench, state: NetState, turn: () => Promise<void>) {
  await data.complete;
  const { correct, count } = await evaluate(looking, state, data.test, data.test.total, turn);
  return { split: 'test' as const, correct, count, device };
}
/** The same with the weights of the lowest validation loss of the training that ended in `state`; forgets them. */
async function stopFor(
  bench: Bench,
  key: string,
  state: NetState,
  stop: Trained['stop'],
  turn: () => Promise<void>,
): Promise<Measured['stop']> {
  const known = bench.results.measured(key).stop;
  if (known || !stop) return known;
  const { step, tensors, masks } = stop;
  const accuracy = await tested(bench, { ...state, tensors, masks }, turn);
  bench.results.note(key, { stop: { ...accuracy, step } });
  bench.results.dropStop(key);
  return { ...accuracy, step };
}

export interface PointOptions {
  /** Of a training that keeps it, unless that has been measured. */
  stop?: Trained['stop'];
  /** Also how much is left of each layer. */
  layers?: boolean;
}
/** What is plotted of a finished state. */
export async function pointRows(
  bench: Bench,
  key: string,
  state: NetState,
  step: number,
  turn: () => Promise<void>,
  options: PointOptions = {},
): Promise<BareRow[]> {
  const facts = factsFor(bench.results, key, state);
  const test = await testFor(bench, key, state, turn);
  const stop = await stopFor(bench, key, state, options.stop, turn);
  return rowsOfPoint({ facts, test, stop }, { step, device: bench.device }, options.layers);
}
/** The same of what is known already, without the state; undefined where something is still to be measured. */
export function knownPoint(
  { facts, test, stop }: Measured,
  row: Pick<BareRow, 'step' | 'device'>,
  wanted: { stop: boolean; layers: boolean },
): BareRow[] | undefined {
  if (!facts || !test || (wanted.stop && !stop)) return undefined;
  return rowsOfPoint({ facts, test, stop }, row, wanted.layers);
}
function rowsOfPoint(
  { facts, test, stop }: Measured & Required<Pick<Measured, 'facts' | 'test'>>,
  row: Pick<BareRow, 'step' | 'device'>,
  layers?: boolean,
): BareRow[] {
  return [
    { ...accuracyOf(test), step: row.step, metric: 'test.accuracy' },
    ...(stop ? [{ ...accuracyOf(stop), step: stop.step, metric: 'stop.accuracy' as const }] : []),
    { ...row, metric: 'sparsity', value: facts.sparsity, unit: 'fraction', basis: 'computed' },
    { ...row, metric: 'bytes', value: facts.bytes, unit: 'bytes', basis: 'computed' },
    { ...row, metric: 'macs', value: facts.macs, unit: 'MACs/image', basis: 'computed' },
    ...(layers ? densityRows(facts, row) : []),
  ];
}
/** Measured once, maybe on another device than the one in use now. */
const accuracyOf = ({ correct, count, device }: Accuracy & { device: string }) =>
  ({ value: correct / count, device, unit: 'fraction', basis: 'measured' }) as const;
const densityRows = ({ layers }: Facts, row: Pick<BareRow, 'step' | 'device'>): BareRow[] =>
  layers.map(({ name, kept, weights }) => {
    const of = { metric: 'density', layer: name, unit: 'fraction', basis: 'computed' } as const;
    return { ...row, ...of, value: kept / weights };
  });

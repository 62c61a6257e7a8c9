/**
 * How far a recipe can be followed without training anything: through cards that act at once and trainings
 * whose result is kept. The state at that point is the one on screen.
 */
import { methodById } from '../methods/registry';
import { sliderOf } from '../methods/slider';
import type { Note } from '../methods/types';
import type { NetState } from '../models/types';
import { cardAt, replaceCard, walkCards } from '../spec/path';
import { type Problem, WinnowError } from '../spec/problem';
import { type Experiment, isMethod } from '../spec/types';
import type { CardArchs, CardStatus } from '../worker/api';
import { applyLive, type Bench, type Busy, rootState } from './interpreter';
import { lineage, rootKey } from './lineage';
import type { Results } from './results';
import { effective } from './state';

export interface Frontier {
  /** Card of the last task applied; '' for the untrained network. */
  at: string;
  key: string;
  state: NetState;
  /** True if at least one training is behind it. */
  trained: boolean;
  /**
   * What compression is measured against: the state after the first training. `implied` where that was never dense,
   * because it came from a file, or was pruned or rounded until then: it is the same function with all its weights.
   */
  dense?: { key: string; state: NetState; implied?: true };
  /** What cards on the way have to tell, by path; of a card in a repeat what its last round told. */
  notes: Readonly<Record<string, readonly Note[]>>;
  /** The network that each card on the way is given and, where it could be applied, what it makes of it, by path. */
  archs: Readonly<Record<string, CardArchs>>;
  /** A card that cannot be applied here. */
  failed?: { card: string; problem: Problem };
}

/** States made without training, by lineage key: dragging one slider redoes neither the start nor the cards before it. */
export class LiveStates {
  readonly #kept = new Map<string, { state: NetState; notes: readonly Note[] }>();
  /** @param most kept at a time; those used longest ago go */
  constructor(readonly most = 24) {}
  get(key: string, make: () => NetState): NetState {
    const kept = this.#kept.get(key);
    return this.#keep(key, kept ?? { state: make(), notes: [] });
  }
  /** The same where it may take a while. @param make may tell notes on the way, which are kept, too */
  async make(key: string, make: (note: (note: Note) => void) => Promise<NetState>): Promise<NetState> {
    const kept = this.#kept.get(key);
    if (kept) return this.#keep(key, kept);
    const notes: Note[] = [];
    const state = await make((note) => void notes.push(note));
    return this.#keep(key, { state, notes });
  }
  /** What was told while the state was made. */
  notes = (key: string): readonly Note[] => this.#kept.get(key)?.notes ?? [];

  #keep(key: string, kept: { state: NetState; notes: readonly Note[] }): NetState {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    if (this.#kept.size > this.most) this.#kept.delete(this.#kept.keys().next().value as string);
    return kept.state;
  }
}

export interface Following {
  /** Awaited between pieces of work. @throws Cancelled to give up */
  turn(): Promise<void>;
  /** A card after which only live cards are followed (for sweeps); none by default. */
  stopAfter?: string;
  /** Told when a card takes a while, and how far the recipe has been followed. */
  busy?(card: string, how: Busy, here: Frontier): void;
}

/**
 * Follows the recipe as far as it goes without training, measuring what its cards must know from data.
 * @throws Cancelled by `turn`; WinnowError when the data does not come
 */
export async function follow(
  experiment: Experiment,
  bench: Bench,
  live: LiveStates,
  { turn, stopAfter, busy }: Following,
): Promise<Frontier> {
  const root = rootKey(experiment, 0);
  let here: Frontier = {
    at: '',
    key: root,
    state: live.get(root, () => rootState(experiment, bench.data.info, 0)),
    trained: false,
    notes: {},
    archs: {},
  };
  let passed = false;
  for (const task of lineage(experiment).filter((t) => t.trunk)) {
    const kept = task.method.live || passed ? undefined : await atHand(bench.results, task.key);
    const given = here.archs[task.card]?.before ?? here.state.arch;
    here = { ...here, archs: { ...here.archs, [task.card]: { before: given } } };
    if (!task.method.live && !kept) break;
    try {
      const from = here;
      const how = { turn, busy: (doing: Busy) => busy?.(task.card, doing, from) };
      const make = (note: (note: Note) => void) =>
        applyLive(task, from.state, experiment, bench, { ...how, note });
      const state = kept ?? (await live.make(task.key, make));
      const notes = { ...here.notes, [task.card]: live.notes(task.key) };
      const trained = here.trained || !task.method.live;
      const archs = { ...here.archs, [task.card]: { before: given, after: state.arch } };
      here = { ...here, at: task.card, key: task.key, state, trained, notes, archs };
      if (!task.method.live)
        here.dense ??= isDense(state) ? { key: task.key, state } : implied(task.key, state);
      else if (task.method.brings?.(task.values as never)) {
        here = { ...here, trained: true, dense: implied(task.key, state) };
      }
    } catch (error) {
      if (!(error instanceof WinnowError && error.problem.path.startsWith(task.card))) throw error;
      return { ...here, failed: { card: task.card, problem: error.problem } };
    }
    if (task.card === stopAfter) passed = true;
  }
  return here;
}

/** What a study has trained comes from the vault once, and stays. */
async function atHand(results: Results, key: string): Promise<NetState | undefined> {
  const here = results.trained.get(key);
  if (here) return here.state;
  const found = results.has(key) ? await results.find(key) : undefined;
  if (found) results.trained.set(key, found);
  return found?.state;
}

const isDense = ({ masks, quant }: NetState): boolean =>
  Object.keys(quant).length === 0 && !Object.values(masks).some((mask) => mask.includes(0));
const implied = (key: string, state: NetState) =>
  ({ key: `${key} dense`, state: plain(state), implied: true }) as const;

/** The same weights with nothing said about pruning or rounding: what dense kernels execute. */
const plain = (state: NetState): NetState => ({
  ...state,
  tensors: effective(state.arch, state),
  masks: {},
  quant: {},
});

/**
 * Status of every card: are its results there (or made at once) for all replicates, or does it need a run?
 * @param doing what is known of one card beside that
 */
export function cardStatus(
  experiment: Experiment,
  bench: Bench,
  doing: { at: string; status: 'failed' | 'measuring' | 'running' } | undefined,
): Record<string, CardStatus> {
  const reached = new Set<string>();
  const missing: string[] = [];
  for (let replicate = 0; replicate < experiment.replicates; replicate++) {
    reached.add(rootKey(experiment, replicate));
    for (const task of lineage(experiment, replicate)) {
      const there = task.method.live || bench.results.has(task.key);
      if (reached.has(task.parent) && there) reached.add(task.key);
      else missing.push(task.card);
    }
  }
  const status: Record<string, CardStatus> = {};
  for (const { at, off } of walkCards(experiment)) {
    const waits = missing.some((card) => card === at || card.startsWith(`${at}.`));
    if (off) status[at] = 'off';
    else if (at === doing?.at) status[at] = doing.status;
    else status[at] = waits ? 'needs-run' : 'done';
  }
  return status;
}

/** What the big slider of a card sweeps: the experiment's own sweep, or the method's range. */
export function sweepPlan(
  experiment: Experiment,
  at: string,
): { param: string; values: number[] } | undefined {
  if (!/^recipe\.\d+$/.test(at)) return undefined;
  if (experiment.sweep?.at === at) return experiment.sweep;
  const step = cardAt(experiment, at);
  if (!step || !isMethod(step) || step.off) return undefined;
  const method = methodById(step.do);
  const param = method.live ? sliderOf(method, step.with) : undefined;
  return param === undefined ? undefined : { param, values: GRIDS[param] ?? [] };
}
/** Dense where accuracy bends. */
const GRIDS: Record<string, number[]> = {
  sparsity: [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99],
  below: [0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.4],
  quality: [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3],
  keep: [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16],
  fraction: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95],
  bits: [1, 2, 3, 4, 5, 6, 7, 8],
  rank: [1, 5, 10, 15, 20, 30, 50, 75, 100, 150, 217, 300],
  energy: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99],
};

/** Ends first, then halves of what is left, so that the shape shows early. */
export function coarseToFine<T>(values: readonly T[]): T[] {
  const order: number[] = [];
  const seen = new Set<number>();
  const take = (i: number) => {
    if (i >= 0 && i < values.length && !seen.has(i)) {
      seen.add(i);
      order.push(i);
    }
  };
  take(0);
  take(values.length - 1);
  for (let gap = values.length / 2; gap > 1; gap /= 2) {
    for (let i = gap; i < values.length; i += gap) take(Math.round(i));
  }
  for (let i = 0; i < values.length; i++) take(i);
  return order.map((i) => values[i]);
}

/** The experiment with one parameter of one card replaced. */
export function withParam(experiment: Experiment, at: string, param: string, value: number): Experiment {
  const step = cardAt(experiment, at);
  if (!step || !isMethod(step)) return experiment;
  return replaceCard(experiment, at, { ...step, with: { ...step.with, [param]: value } });
}

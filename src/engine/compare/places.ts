/** Which states of a recipe are there, and how they are got without training anything. */
import type { NetState } from '../../models/types';
import type { Experiment } from '../../spec/types';
import type { ComparePlace, CompareRun, CompareStates, StateRef } from '../../worker/api-compare';
import { follow, type LiveStates } from '../frontier';
import { applyLive, type Bench, rootState } from '../interpreter';
import { lineage, rootKey, type Task } from '../lineage';
import type { Results } from '../results';

/** A state and its lineage key. */
export interface Found {
  key: string;
  state: NetState;
}

/** Keys of the states that can be made at once: kept, or live after such a one. */
function reachable(experiment: Experiment, tasks: readonly Task[], results: Results): Set<string> {
  const keys = new Set([rootKey(experiment, 0)]);
  for (const { key, parent, method } of tasks) {
    if (method.live ? keys.has(parent) : results.trained.get(key)) keys.add(key);
  }
  return keys;
}
/** Tasks behind the first training or opened file: before that there is nothing to compare. */
function trained(experiment: Experiment, tasks: readonly Task[]): Task[] {
  const keys = new Set<string>();
  for (const { key, parent, method, values } of tasks) {
    if (!method.live || method.brings?.(values as never) || keys.has(parent)) keys.add(key);
  }
  keys.delete(rootKey(experiment, 0));
  return tasks.filter(({ key }) => keys.has(key));
}

/** After each card from the first training on, in the order of the recipe; the same place is named once. */
export function placesOf(experiment: Experiment, results: Results): ComparePlace[] {
  const tasks = lineage(experiment);
  const there = reachable(experiment, tasks, results);
  return trained(experiment, tasks).map(({ at, key }) => ({ at, ready: there.has(key) }));
}

/** Whether the recipe can be followed on its trunk to this card, or to its end. */
function reaches(experiment: Experiment, at: string | undefined, results: Results): boolean {
  const trunk = lineage(experiment).filter((task) => task.trunk);
  const there = reachable(experiment, trunk, results);
  let last = '';
  for (const { key, card } of trunk) {
    if (!there.has(key)) return at !== undefined && last === at && trained(experiment, trunk).length > 0;
    last = card;
  }
  return at === undefined || last === at;
}

export function statesOf(
  experiment: Experiment,
  runs: readonly CompareRun[],
  results: Results,
): CompareStates {
  const places = placesOf(experiment, results);
  return {
    ready: places.some(({ ready }) => ready),
    places,
    runs: runs.map((run) => {
      if (run.experiment.data !== experiment.data) return 'other-data';
      return reaches(run.experiment, run.at, results) ? 'ready' : 'rerun';
    }),
  };
}

export interface Finding {
  bench: Bench;
  live: LiveStates;
  /** Awaited between pieces of work. @throws Cancelled to give up */
  turn(): Promise<void>;
}
/**
 * The state that is meant, or undefined where something has to be run first.
 * @throws WinnowError for a card that cannot be applied
 */
export async function stateAt(ref: StateRef, on: Finding): Promise<Found | undefined> {
  if (ref.at !== 'now' && ref.at !== 'dense') return inRecipe(ref, on);
  const here = await follow(ref.experiment, on.bench, on.live, on);
  if (ref.at === 'now') return here.trained ? { key: here.key, state: here.state } : undefined;
  return here.dense && { key: here.dense.key, state: here.dense.state };
}

/** After one card of the recipe, in any round and arm. */
async function inRecipe({ experiment, at }: StateRef, on: Finding): Promise<Found | undefined> {
  const { bench, live, turn } = on;
  const tasks = lineage(experiment);
  const task = tasks.find((t) => t.at === at);
  if (!task || !reachable(experiment, tasks, bench.results).has(task.key)) return undefined;
  const byKey = new Map(tasks.map((t) => [t.key, t]));
  const root = rootKey(experiment, 0);
  const make = async (key: string): Promise<NetState> => {
    if (key === root) return live.get(root, () => rootState(experiment, bench.data.info, 0));
    const here = byKey.get(key) as Task;
    const kept = here.method.live ? undefined : bench.results.trained.get(key)?.state;
    if (kept) return kept;
    const from = await make(here.parent);
    return live.make(key, (note) => applyLive(here, from, experiment, bench, { turn, note }));
  };
  return { key: task.key, state: await make(task.key) };
}

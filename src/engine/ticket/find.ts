/** The state of a ticket and where its weights ended, from trainings that are kept. Nothing is trained here. */
import type { Dataset } from '../../datasets/types';
import { kernelNames } from '../../models/build';
import { unheld } from '../../models/held';
import type { NetState, Tensors } from '../../models/types';
import type { TicketRef } from '../../worker/api-ticket';
import { applyLive, rootState } from '../interpreter';
import { lineage, type Task } from '../lineage';
import type { Results } from '../results';

export interface Found {
  state: NetState;
  /**
   * By name of the kernel: the value of each weight at the end of the last training that it took part in; NaN where it
   * never did, or that training is not kept.
   */
  end: Tensors;
}
export interface Searching {
  results: Results;
  /** Opened only where no training is on the way, or cards have to be applied. */
  data(): Dataset;
  /** Awaited between pieces of work. @throws Cancelled to give up */
  turn(): Promise<void>;
}

/**
 * @returns undefined where there is no such card, or a training that the state needs is not kept
 * @throws WinnowError for a card that cannot be applied
 */
export async function findTicket(ref: TicketRef, on: Searching): Promise<Found | undefined> {
  const tasks = lineage(ref.experiment, ref.replicate);
  const task = tasks.find(({ at }) => at === ref.at);
  if (!task) return undefined;
  const way = wayTo(task, tasks);
  const state = await stateAfter(way, ref, on);
  return state && { state, end: await lastValues(way, state, on) };
}

/** Tasks from the untrained network to this one, each the parent of the next. */
function wayTo(task: Task, tasks: readonly Task[]): Task[] {
  const byKey = new Map(tasks.map((t) => [t.key, t]));
  const way: Task[] = [];
  for (let here: Task | undefined = task; here; here = byKey.get(here.parent)) way.unshift(here);
  return way;
}

/** From the last training on the way, or from the start where there is none. */
async function stateAfter(way: readonly Task[], { experiment, replicate }: TicketRef, on: Searching) {
  const { results, data, turn } = on;
  const last = way.findLastIndex(({ method }) => !method.live);
  let state =
    last >= 0 ? (await results.find(way[last].key))?.state : rootState(experiment, data().info, replicate);
  for (const task of way.slice(last + 1)) {
    if (!state) return undefined;
    await turn();
    state = await applyLive(task, state, experiment, { results, data: data() }, { turn });
  }
  return state;
}

/** Trainings from the last one back, as long as the layers are the same and weights are still missing. */
async function lastValues(way: readonly Task[], state: NetState, on: Searching): Promise<Tensors> {
  const layers = JSON.stringify(state.arch);
  const end = Object.fromEntries(
    kernelNames(state.arch).map((name) => [
      name,
      new Float32Array(state.start[name].length).fill(Number.NaN),
    ]),
  );
  for (const task of way.filter(({ method }) => !method.live).reverse()) {
    await on.turn();
    const found = (await on.results.find(task.key))?.state;
    if (!found || JSON.stringify(found.arch) !== layers) break;
    // In a weight that was held it took no part.
    if (fill(end, unheld(found)) === 0) break;
  }
  return end;
}

/** Puts in what is still missing of the weights that are alive in `state`. @returns how many are missing then */
function fill(end: Readonly<Record<string, Float32Array>>, { tensors, masks }: NetState): number {
  let missing = 0;
  for (const [name, values] of Object.entries(end)) {
    const [kernel, mask] = [tensors[name], masks[name]];
    for (let i = 0; i < values.length; i++) {
      if (!Number.isNaN(values[i])) continue;
      if (mask?.[i] === 0) missing++;
      else values[i] = kernel[i];
    }
  }
  return missing;
}

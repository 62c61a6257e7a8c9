/**
 * The one interpreter of recipes: page, command line and tests run through here. Work whose result is kept
 * (by lineage key) is not done again; its rows are told again, under the experiment that asks now.
 */
import type { Dataset } from '../datasets/types';
import { modelById } from '../models/registry';
import type { Arch, NetState } from '../models/types';
import { WinnowError } from '../spec/problem';
import type { Experiment, Row } from '../spec/types';
import type { Accuracy, CardStatus, Facts, Progress } from '../worker/api';
import { factsOf } from './facts';
import { lineage, rootKey, type Task } from './lineage';
import { evaluate, speedOf } from './measure';
import type { Networks } from './networks';
import type { BareRow, Results, Trained } from './results';
import { initialState, methodContext } from './state';
import { type TrainValues, trainState } from './training';

export interface Bench {
  /** Networks for training, for looking, and for the dense baseline in timings. */
  training: Networks;
  looking: Networks;
  baseline: Networks;
  device: string;
  data: Dataset;
  results: Results;
}
export interface RunHooks {
  turn(): Promise<void>;
  card(at: string, status: CardStatus): void;
  rows(rows: Row[]): void;
  progress(progress: Progress): void;
}
export interface RunOptions {
  hash: string;
  /** Also time the end of the recipe against the dense network (rows latency.ms and throughput). */
  timing?: boolean;
}

export const archOf = (experiment: Experiment, data: Dataset['info']): Arch =>
  modelById(experiment.model).build(data.shape, data.classes.length);

/** State of the untrained network of a replicate. */
export const rootState = (experiment: Experiment, data: Dataset['info'], replicate: number): NetState =>
  initialState(archOf(experiment, data), experiment.seeds, replicate);

/** Applies a card that needs no training. @throws WinnowError with the card's path in front */
export function applyLive(task: Task, state: NetState, experiment: Experiment, arch: Arch): NetState {
  if (!task.method.live) throw new Error(`${task.method.id} needs training`);
  try {
    return task.method.apply(state, task.values, methodContext(arch, experiment.seeds, task.replicate));
  } catch (error) {
    if (!(error instanceof WinnowError)) throw error;
    const { problem } = error;
    throw new WinnowError({ ...problem, path: problem.path ? `${task.card}.${problem.path}` : task.card });
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

/**
 * Runs every replicate of the experiment.
 * @returns the state at the end of the first replicate's recipe
 * @throws WinnowError for a card that cannot be applied, Cancelled when stopped; what was finished is kept
 */
export async function runExperiment(
  experiment: Experiment,
  bench: Bench,
  hooks: RunHooks,
  options: RunOptions,
): Promise<NetState> {
  const plans = Array.from({ length: experiment.replicates }, (_, r) => lineage(experiment, r));
  const clock = new RunClock(plans.flat(), bench.results, hooks);
  let first: NetState | undefined;
  for (const [replicate, tasks] of plans.entries()) {
    const run = new Replicate(experiment, bench, hooks, options, clock, replicate, tasks);
    const end = await run.execute();
    first ??= end;
  }
  return first as NetState;
}

class Replicate {
  readonly #states = new Map<string, NetState>();
  readonly #arch: Arch;
  constructor(
    readonly experiment: Experiment,
    readonly bench: Bench,
    readonly hooks: RunHooks,
    readonly options: RunOptions,
    readonly clock: RunClock,
    readonly replicate: number,
    readonly tasks: readonly Task[],
  ) {
    this.#arch = archOf(experiment, bench.data.info);
    const root = rootState(experiment, bench.data.info, replicate);
    this.#states.set(rootKey(experiment, replicate), root);
  }

  async execute(): Promise<NetState> {
    let end = this.#states.get(rootKey(this.experiment, this.replicate)) as NetState;
    let endTask: Task | undefined;
    let dense: { task: Task; state: NetState } | undefined;
    for (const [i, task] of this.tasks.entries()) {
      await this.hooks.turn();
      const state = await this.#perform(task);
      this.#states.set(task.key, state);
      this.#forget(i);
      if (!task.method.live) dense ??= { task, state };
      if (task.trunk) {
        end = state;
        endTask = task;
      }
    }
    if (this.options.timing && dense && endTask) await this.#time(dense.state, end, endTask);
    return end;
  }

  async #perform(task: Task): Promise<NetState> {
    const { hooks } = this;
    hooks.card(task.card, 'running');
    try {
      const parent = this.#states.get(task.parent) as NetState;
      const trained = task.method.live ? undefined : await this.#train(task, parent);
      const state = trained?.state ?? applyLive(task, parent, this.experiment, this.#arch);
      if (task.measured) {
        const step = task.method.live ? 0 : (task.values.steps as number);
        const point = await pointRows(this.bench, task.key, state, step, hooks.turn);
        hooks.rows(this.#label(task, point));
      }
      hooks.card(task.card, 'done');
      return state;
    } catch (error) {
      hooks.card(task.card, error instanceof WinnowError ? 'failed' : 'needs-run');
      throw error;
    }
  }

  async #train(task: Task, parent: NetState): Promise<Trained> {
    const { bench, hooks, clock } = this;
    const kept = bench.results.trained.get(task.key);
    if (kept) {
      hooks.rows(this.#label(task, kept.rows));
      return kept;
    }
    const network = await bench.training.open(parent.arch);
    bench.training.touched(parent.arch);
    clock.begin(task);
    const trained = await trainState(parent, task.values as unknown as TrainValues, {
      network,
      data: bench.data,
      device: bench.device,
      seed: this.experiment.seeds.order,
      replicate: task.replicate,
      card: task.card,
      turn: hooks.turn,
      onProgress: (step) => clock.tick(step),
      onRows: (rows) => hooks.rows(this.#label(task, rows)),
    });
    clock.end();
    bench.results.trained.set(task.key, trained);
    return trained;
  }

  async #time(dense: NetState, state: NetState, task: Task): Promise<void> {
    const { bench, hooks } = this;
    const speed = await speedOf(bench.baseline, bench.looking, dense, state, bench.device, hooks.turn);
    const row = { step: 0, basis: 'measured', device: bench.device } as const;
    const end = (compressed: boolean): BareRow[] => {
      const pick = compressed ? 'compressed' : 'dense';
      const { latency, throughput } = speed;
      return [
        { ...row, metric: 'latency.ms', value: latency[pick].median, unit: 'ms' },
        { ...row, metric: 'throughput', value: 256e3 / throughput[pick].median, unit: 'images/s' },
      ];
    };
    const first = this.tasks.find((t) => !t.method.live) as Task;
    if (first !== task) hooks.rows(this.#label(first, end(false)));
    hooks.rows(this.#label(task, end(true)));
  }

  #label(task: Task, rows: readonly BareRow[]): Row[] {
    const { hash } = this.options;
    const where = { exp: hash, replicate: task.replicate, ...(task.arm && { arm: task.arm }), at: task.at };
    return rows.map((row) => ({ ...where, ...row }));
  }

  /** Drops states that no later task starts from. */
  #forget(done: number): void {
    const needed = new Set(this.tasks.slice(done + 1).map((t) => t.parent));
    for (const key of this.#states.keys()) if (!needed.has(key)) this.#states.delete(key);
  }
}

/** Steps done and to do, over the whole run; what is kept from before is not counted. */
class RunClock {
  readonly total: number;
  #done = 0;
  #task: Task | undefined;
  #began = 0;
  #busy = 0;
  #timed = 0;
  constructor(
    tasks: readonly Task[],
    results: Results,
    readonly hooks: Pick<RunHooks, 'progress'>,
  ) {
    const keys = new Set<string>();
    this.total = tasks.reduce((sum, t) => {
      if (t.method.live || keys.has(t.key) || results.trained.get(t.key)) return sum;
      keys.add(t.key);
      return sum + (t.values.steps as number);
    }, 0);
  }
  begin(task: Task): void {
    this.#task = task;
    this.#began = performance.now();
    this.tick(0);
  }
  tick(step: number): void {
    const task = this.#task as Task;
    const busy = this.#busy + performance.now() - this.#began;
    const perSecond = busy > 0 ? (1000 * (this.#timed + step)) / busy : 0;
    const done = this.#done + step;
    this.hooks.progress({
      at: task.at,
      ...(task.arm && { arm: task.arm }),
      step,
      steps: task.values.steps as number,
      done,
      total: this.total,
      stepsPerSecond: perSecond,
      secondsLeft: perSecond > 0 ? (this.total - done) / perSecond : Number.NaN,
    });
  }
  end(): void {
    const steps = this.#task?.values.steps as number;
    this.#busy += performance.now() - this.#began;
    this.#timed += steps;
    this.#done += steps;
    this.#task = undefined;
  }
}

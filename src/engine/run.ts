/**
 * The one interpreter of recipes: page, command line and tests run through here. Every card waits for the state it
 * starts from and for nothing else, so that replicates and arms go on side by side where the trainer can do that.
 * Work whose result is kept (by lineage key) is not done again; its rows are told again, under the experiment that
 * asks now.
 */
import { lastStep, type TrainValues, trainingOf } from '../methods/train';
import type { Arch, NetState } from '../models/types';
import { Cancelled, WinnowError } from '../spec/problem';
import type { Experiment, Row } from '../spec/types';
import type { CardStatus, Progress } from '../worker/api';
import { Control } from './control';
import { speedOf } from './deploy/speed';
import { applyLive, archOf, type Bench, pointRows, rootState } from './interpreter';
import { lineage, rootKey, type Task } from './lineage';
import type { BareRow, Trained } from './results';
import { RunClock } from './run-clock';
import { clockGrain } from './timing/race';

export interface RunHooks {
  control: Control;
  /** 'running' or 'measuring' while it is at work for at least one replicate. */
  card(at: string, status: CardStatus): void;
  /** The first replicate has got past this card. */
  reached(at: string): void;
  /** Of each card in their order; of cards that go on side by side, mixed (spec/row-order.ts puts them straight). */
  rows(rows: Row[]): void;
  progress(progress: Progress): void;
}
export interface RunOptions {
  hash: string;
  /** Also time the end of the recipe against the dense network (rows latency.ms and throughput). */
  timing?: boolean;
  /** Part of a study: every point also tells how much is left of each layer (rows density). */
  study?: boolean;
}

/**
 * Runs every replicate of the experiment.
 * @returns the state at the end of the first replicate's recipe
 * @throws WinnowError for a card that cannot be applied: the first one in the order of the recipe, whichever fails
 * first; Cancelled when stopped; what was finished is kept
 */
export const runExperiment = (
  experiment: Experiment,
  bench: Bench,
  hooks: RunHooks,
  options: RunOptions,
): Promise<NetState> => new Run(experiment, bench, hooks, options).execute();

/** A task and its place in the order of execution one after the other. */
type Ranked = Task & { rank: number };
interface Held {
  state: Promise<NetState>;
  /** Tasks that still have to start from it. */
  uses: number;
}
/** End of one replicate's recipe, and the dense network it began with. */
interface End {
  state: NetState;
  task?: Ranked;
  /** The first training, and its state where that is timed. */
  first?: Ranked;
  dense?: NetState;
}

class Run {
  readonly #arch: Arch;
  readonly #replicates: Ranked[][];
  readonly #controls: Control[];
  readonly #clock: RunClock;
  readonly #training = new Map<string, Promise<Trained>>();
  /** Early stops that are still to be measured, by key: results may forget them before. */
  readonly #stops = new Map<string, Trained['stop']>();
  readonly #ends = new Map<number, End>();
  readonly #cards: CardBoard;
  #failure: { rank: number; error: unknown } | undefined;
  /** Points are measured one after the other: they share one network. */
  #measuring: Promise<unknown> = Promise.resolve();

  constructor(
    readonly experiment: Experiment,
    readonly bench: Bench,
    readonly hooks: RunHooks,
    readonly options: RunOptions,
  ) {
    this.#arch = archOf(experiment, bench.data.info);
    let rank = 0;
    this.#replicates = Array.from({ length: experiment.replicates }, (_, r) =>
      lineage(experiment, r).map((task) => ({ ...task, rank: rank++ })),
    );
    const tasks = this.#replicates.flat();
    this.#controls = tasks.map(() => new Control(hooks.control));
    this.#cards = new CardBoard(hooks.card);
    this.#clock = new RunClock(tasks, bench.results, hooks.progress);
    hooks.control.watch(() => this.#clock.pause());
  }

  async execute(): Promise<NetState> {
    const { bench, hooks } = this;
    const width = bench.trainer.width(this.#arch, bench.data);
    // One more than are trained at a time, so that hands have work while a point is being measured.
    const open = width === 1 ? 1 : width + 1;
    const replicates = this.#replicates.entries();
    const walk = async () => {
      for (const [replicate, tasks] of replicates) await this.#replicate(replicate, tasks);
    };
    await Promise.all(Array.from({ length: open }, walk));
    if (this.#failure) throw this.#failure.error;
    if (hooks.control.stopped) throw new Cancelled();
    // Trainings that go on beside it would be measured too.
    if (this.options.timing) for (const replicate of this.#replicates.keys()) await this.#time(replicate);
    return (this.#ends.get(0) as End).state;
  }

  /** Starts all cards of a replicate at once, each waiting for its state; resolves when all have ended. */
  async #replicate(replicate: number, tasks: readonly Ranked[]): Promise<void> {
    const { experiment, bench, hooks } = this;
    if (this.#failure || hooks.control.stopped) return;
    const root = rootState(experiment, bench.data.info, replicate);
    const states = new Map<string, Held>();
    const hold = (key: string, state: Promise<NetState>) => {
      if (states.has(key)) return;
      const uses = tasks.filter(({ parent }) => parent === key).length;
      if (uses > 0) states.set(key, { state, uses });
    };
    hold(rootKey(experiment, replicate), Promise.resolve(root));
    this.#ends.set(replicate, { state: root, first: tasks.find(({ method }) => !method.live) });
    const all = tasks.map((task) => {
      const held = states.get(task.parent) as Held;
      const state = held.state.then((from) => {
        if (--held.uses === 0) states.delete(task.parent);
        return this.#guarded(task, () => this.#make(task, from));
      });
      hold(task.key, state);
      return state.then((made) => this.#guarded(task, () => this.#settle(task, made)));
    });
    await Promise.allSettled(all);
  }

  /** A card that fails ends all that come after it in the order of execution; what comes before goes on. */
  async #guarded<T>(task: Ranked, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#cards.leave(task, error instanceof WinnowError ? 'failed' : 'needs-run');
      if (!(error instanceof Cancelled) && !(this.#failure && this.#failure.rank < task.rank)) {
        this.#failure = { rank: task.rank, error };
        for (const later of this.#controls.slice(task.rank + 1)) later.stop();
      }
      throw error;
    }
  }

  async #make(task: Ranked, from: NetState): Promise<NetState> {
    const control = this.#controls[task.rank];
    await control.turn();
    if (!task.method.live) {
      const { state, stop } = await this.#trained(task, from);
      if (stop) this.#stops.set(task.key, stop);
      return state;
    }
    this.#cards.enter(task);
    return applyLive(task, from, this.experiment, this.bench, {
      turn: () => control.turn(),
      busy: ({ status }) => this.hooks.card(task.card, status),
    });
  }

  async #settle(task: Ranked, state: NetState): Promise<void> {
    const { hooks } = this;
    if (task.measured) {
      const step = task.method.live ? 0 : lastStep(task.values as TrainValues);
      const turn = () => this.#controls[task.rank].turn();
      const more = { stop: this.#stops.get(task.key), layers: this.options.study };
      const measured = this.#measuring.then(() => pointRows(this.bench, task.key, state, step, turn, more));
      this.#measuring = measured.catch(() => {});
      hooks.rows(this.#label(task, await measured));
      this.#stops.delete(task.key);
    }
    const end = this.#ends.get(task.replicate) as End;
    if (task.trunk && !(end.task && end.task.rank > task.rank)) Object.assign(end, { state, task });
    if (this.options.timing && task === end.first) end.dense = state;
    this.#cards.leave(task, 'done');
    if (task.replicate === 0) hooks.reached(task.card);
  }

  /** Kept, being made for another arm that has it in common, or made now. */
  async #trained(task: Ranked, from: NetState): Promise<Trained> {
    const { results } = this.bench;
    const done = !task.values.earlyStop || results.hasStop(task.key);
    const kept = (done && results.trained.get(task.key)) || this.#training.get(task.key);
    if (!kept) {
      const training = this.#train(task, from);
      this.#training.set(task.key, training);
      return training;
    }
    this.#cards.enter(task);
    const trained = await kept;
    this.hooks.rows(this.#label(task, trained.rows));
    return trained;
  }

  async #train(task: Ranked, state: NetState): Promise<Trained> {
    const { rank, replicate, card, key } = task;
    const { results, trainer, data } = this.bench;
    if (task.method.live) throw new Error(`${task.method.id} needs no training`);
    const from = results.unfinished.get(key);
    try {
      const trained = await trainer.train({
        ...{ rank, replicate, card, state, data, from },
        ...trainingOf(task.method, task.values),
        seed: this.experiment.seeds.order,
        control: this.#controls[rank],
        onBegin: () => {
          this.#cards.enter(task);
          this.#clock.begin(rank, task, from?.step ?? 0);
        },
        onProgress: (step) => this.#clock.tick(rank, step),
        onRows: (rows) => this.hooks.rows(this.#label(task, rows)),
        onStopped: (unfinished) => results.unfinished.set(key, unfinished),
      });
      this.#clock.complete(rank);
      results.trained.set(key, trained);
      results.unfinished.delete(key);
      return trained;
    } finally {
      this.#clock.end(rank);
      this.#training.delete(key);
    }
  }

  async #time(replicate: number): Promise<void> {
    const { bench, hooks } = this;
    const { dense, first, state, task } = this.#ends.get(replicate) as End;
    if (!dense || !first || !task) return;
    const turn = () => hooks.control.turn();
    const { baseline, looking, device } = bench;
    const track = { baseline, looking, conditions: { turn, grain: clockGrain() }, forms: {} };
    const speed = await speedOf(track, dense, state, device);
    const row = { step: 0, basis: 'measured', device: bench.device } as const;
    const end = (compressed: boolean): BareRow[] => {
      const pick = compressed ? 'compressed' : 'dense';
      const { latency, throughput } = speed;
      return [
        { ...row, metric: 'latency.ms', value: latency[pick].median, unit: 'ms' },
        { ...row, metric: 'throughput', value: 256e3 / throughput[pick].median, unit: 'images/s' },
      ];
    };
    if (first !== task) hooks.rows(this.#label(first, end(false)));
    hooks.rows(this.#label(task, end(true)));
  }

  #label(task: Task, rows: readonly BareRow[]): Row[] {
    const { hash } = this.options;
    const where = { exp: hash, replicate: task.replicate, ...(task.arm && { arm: task.arm }), at: task.at };
    return rows.map((row) => ({ ...where, ...row }));
  }
}

/** What each card is doing over all replicates: at work while one is, and done when none has failed or been stopped. */
class CardBoard {
  readonly #cards = new Map<string, { ranks: Set<number>; end: CardStatus }>();
  constructor(readonly tell: RunHooks['card']) {}

  enter({ card, rank }: Ranked): void {
    const { ranks } = this.#of(card);
    if (ranks.size === 0) this.tell(card, 'running');
    ranks.add(rank);
  }
  leave({ card, rank }: Ranked, status: CardStatus): void {
    const board = this.#of(card);
    board.ranks.delete(rank);
    if (WORSE.indexOf(status) > WORSE.indexOf(board.end)) board.end = status;
    if (board.ranks.size === 0) this.tell(card, board.end);
  }
  #of(card: string) {
    const board = this.#cards.get(card) ?? { ranks: new Set<number>(), end: 'done' as const };
    this.#cards.set(card, board);
    return board;
  }
}
const WORSE: readonly CardStatus[] = ['done', 'needs-run', 'failed'];

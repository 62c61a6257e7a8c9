/**
 * The one interpreter of recipes: page, command line and tests run through here. Every card waits for the state it
 * starts from and for nothing else, so that replicates and arms go on side by side where the trainer can do that.
 * Work whose result is kept (by lineage key) is not done again; its rows are told again, under the experiment that
 * asks now.
 */
import { lastStep, type TrainValues, trainingOf } from '../methods/train';
import type { NetState } from '../models/types';
import { Cancelled, WinnowError } from '../spec/problem';
import type { Experiment, Row } from '../spec/types';
import type { CardStatus } from '../worker/api';
import { Control } from './control';
import { speedOf } from './deploy/speed';
import { applyLive, archOf, type Bench, pointRows, rootState } from './interpreter';
import { keptRows } from './kept';
import { knownLine, linePoints, type PlacedRows } from './line/line';
import { rootKey } from './lineage';
import type { BareRow, Trained } from './results';
import { RunClock, type RunProgress } from './run-clock';
import { type LineTask, labelled, linesOf, type PartTask, Place, type RunPart, tasksOf } from './run-places';
import { clockGrain } from './timing/race';

export interface RunHooks {
  control: Control;
  /** 'running' or 'measuring' while it is at work for at least one replicate. */
  card(at: string, status: CardStatus): void;
  /** The first replicate has got past this card. */
  reached(at: string): void;
  /** Of each card in their order; of cards that go on side by side, mixed (spec/row-order.ts puts them straight). */
  rows(rows: Row[]): void;
  progress(progress: RunProgress): void;
  /** Of a study: a card that cannot be done, with all that would start from it; the rest goes on. */
  failed?(part: RunPart, error: unknown): void;
}
export interface RunOptions {
  hash: string;
  /** Also time the end of the recipe against the dense network (rows latency.ms and throughput). */
  timing?: boolean;
  /** Part of a study: every point also tells how much is left of each layer (rows density). */
  study?: boolean;
}
interface Mode extends Omit<RunOptions, 'hash'> {
  /** States are made only where something is still to be computed from them, and a card that fails ends no others. */
  sparing?: boolean;
}

/**
 * Runs every replicate of the experiment.
 * @returns the state at the end of the first replicate's recipe
 * @throws WinnowError for a card that cannot be applied: the first one in the order of the recipe, whichever fails
 * first; Cancelled when stopped; what was finished is kept
 */
export async function runExperiment(
  experiment: Experiment,
  bench: Bench,
  hooks: RunHooks,
  { hash, ...mode }: RunOptions,
): Promise<NetState> {
  const run = new Run([{ id: 'main', experiment, hash }], bench, hooks, mode);
  await run.execute();
  return run.end;
}

/**
 * Runs all these experiments on the same data together, replicate by replicate; what they have in common is done once.
 * @throws Cancelled when stopped; what was finished is kept. What fails is told (hooks.failed).
 */
export const runParts = (parts: readonly RunPart[], bench: Bench, hooks: RunHooks): Promise<void> =>
  new Run(parts, bench, hooks, { study: true, sparing: true }).execute();

/** A task and its place in the order of execution one after the other. */
type Ranked = PartTask & { rank: number; of: RunPart };
/** Of one replicate, by lineage key. */
type Places = ReadonlyMap<string, Place<Ranked>>;
const placeOf = (places: Places, { key }: Ranked) => places.get(key) as Place<Ranked>;
/** End of one replicate's recipe, and the dense network it began with. */
interface End {
  state: NetState;
  task?: Ranked;
  /** The first training, and its state where that is timed. */
  first?: Ranked;
  dense?: NetState;
}

class Run {
  readonly #replicates: Ranked[][];
  readonly #controls: Control[];
  readonly #clock: RunClock;
  readonly #ends = new Map<number, End>();
  readonly #cards: CardBoard;
  /** Tasks whose rows have been told from what is kept: should they have to be done again, they are not told again. */
  readonly #told = new Set<Ranked>();
  /** Trained in this run, and not in the vault yet. */
  readonly #fresh = new Set<string>();
  #failure: { rank: number; error: unknown } | undefined;
  /** Points are measured one after the other: they share one network. */
  #measuring: Promise<unknown> = Promise.resolve();

  constructor(
    readonly parts: readonly RunPart[],
    readonly bench: Bench,
    readonly hooks: RunHooks,
    readonly mode: Mode,
  ) {
    let rank = 0;
    this.#replicates = tasksOf(parts).map((tasks) => tasks.map((task) => ({ ...task, rank: rank++ })));
    const tasks = this.#replicates.flat();
    this.#controls = tasks.map(() => new Control(hooks.control));
    this.#cards = new CardBoard(hooks.card);
    this.#clock = new RunClock(tasks, bench.results, hooks.progress);
    hooks.control.watch(() => this.#clock.pause());
  }

  async execute(): Promise<void> {
    const { bench, hooks } = this;
    const widths = this.parts.map(({ experiment }) =>
      bench.trainer.width(archOf(experiment, bench.data.info), bench.data),
    );
    const width = Math.max(1, ...widths);
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
    if (this.mode.timing) for (const replicate of this.#replicates.keys()) await this.#time(replicate);
  }
  /** The state at the end of the first replicate's recipe. */
  get end(): NetState {
    return (this.#ends.get(0) as End).state;
  }

  /** Starts all cards of a replicate at once, each waiting for its state; resolves when all have ended. */
  async #replicate(replicate: number, tasks: readonly Ranked[]): Promise<void> {
    if (this.#failure || this.hooks.control.stopped) return;
    const places = new Map<string, Place<Ranked>>();
    for (const { experiment } of this.parts) {
      const root = new Place<Ranked>(async () => rootState(experiment, this.bench.data.info, replicate));
      places.set(rootKey(experiment, replicate), root);
    }
    if (!this.mode.sparing) {
      const root = places.get(rootKey(this.parts[0].experiment, replicate)) as Place<Ranked>;
      this.#ends.set(replicate, {
        state: await root.state(),
        first: tasks.find(({ method }) => !method.live),
      });
    }
    for (const task of tasks) {
      const parent = places.get(task.parent) as Place<Ranked>;
      const place: Place<Ranked> =
        places.get(task.key) ?? new Place(() => this.#make(task, place, parent), parent, task);
      places.set(task.key, place);
      place.hold();
    }
    const through = new Map(tasks.map((task) => [task, this.#task(task, placeOf(places, task))]));
    const lines = linesOf(this.parts, tasks).map((line) => this.#line(line, places, through));
    await Promise.allSettled([...through.values(), ...lines]);
  }
  /** Once its two ends are through, the line between them. */
  async #line(
    { ends, line, ...where }: LineTask<Ranked>,
    places: Places,
    through: ReadonlyMap<Ranked, Promise<void>>,
  ): Promise<void> {
    const [from, to] = ends.map((task) => placeOf(places, task));
    for (const place of [from, to]) place.hold();
    try {
      await Promise.all(ends.map((task) => through.get(task)));
    } catch {
      // Told of already, by the card that failed.
      for (const place of [from, to]) place.release();
      return;
    }
    try {
      const keys = [ends[0].key, ends[1].key] as const;
      const tell = ({ at, rows }: PlacedRows) => this.hooks.rows(labelled({ ...where, at }, rows));
      const known = await knownLine(this.bench.results, line, keys);
      if (known) return known.forEach(tell);
      const states = [await from.state(), await to.state()] as const;
      const turn = () => this.hooks.control.turn();
      const points = linePoints(this.bench, line, keys, states, turn);
      // Other points may be measured between two of these.
      for (;;) {
        const next = await this.#inTurn(() => points.next());
        if (next.done) return;
        tell(next.value);
      }
    } catch (error) {
      if (!(error instanceof Cancelled)) this.hooks.failed?.(where.of, error);
    } finally {
      for (const place of [from, to]) place.release();
    }
  }
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#measuring.then(work);
    this.#measuring = done.catch(() => {});
    return done;
  }

  /** A card that fails ends all that come after it in the order of execution; what comes before goes on. */
  async #guarded<T>(task: Ranked, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#cards.leave(task, error instanceof WinnowError ? 'failed' : 'needs-run');
      if (!(error instanceof Cancelled)) this.#failed(task, error);
      throw error;
    }
  }
  #failed({ rank, of }: Ranked, error: unknown): void {
    if (this.mode.sparing) this.hooks.failed?.(of, error);
    if (this.mode.sparing || (this.#failure && this.#failure.rank < rank)) return;
    this.#failure = { rank, error };
    for (const later of this.#controls.slice(rank + 1)) later.stop();
  }

  /** Rows of one task, and its state where somebody needs it. */
  async #task(task: Ranked, place: Place<Ranked>): Promise<void> {
    try {
      if (this.mode.sparing && (await this.#guarded(task, () => this.#known(task)))) return;
      const state = await place.state();
      if (place.owner !== task) {
        this.#cards.enter(task);
        if (place.trained) this.hooks.rows(labelled(task, place.trained.rows));
      }
      await this.#guarded(task, () => this.#settle(task, place, state));
    } finally {
      place.release();
    }
  }
  /** Tells what is kept of a task, if that is all there is to tell. */
  async #known(task: Ranked): Promise<boolean> {
    await this.#controls[task.rank].turn();
    const rows = await keptRows(task, this.bench.results, this.bench.device);
    if (!rows) return false;
    this.#told.add(task);
    if (rows.length > 0) this.hooks.rows(labelled(task, rows));
    this.#hand(task, this.bench.results.trained.get(task.key));
    return true;
  }

  /** The state of a task; from that of its parent, unless it is kept. */
  async #make(task: Ranked, place: Place<Ranked>, parent: Place<Ranked>): Promise<NetState> {
    const control = this.#controls[task.rank];
    const { method, key, values } = task;
    const kept = method.live
      ? undefined
      : await this.#guarded(task, async () => {
          await control.turn();
          return this.bench.results.find(key, values.earlyStop === true);
        });
    // Looking finds it there.
    if (kept && !this.mode.sparing) this.bench.results.trained.set(key, kept);
    if (kept) this.#cards.enter(task);
    if (kept && !this.#told.has(task)) this.hooks.rows(labelled(task, kept.rows));
    const from = kept ? undefined : await parent.state();
    return this.#guarded(task, async () => {
      await control.turn();
      if (!from || !method.live) {
        const trained = kept ?? (await this.#train(task, from as NetState));
        place.keep(trained);
        return trained.state;
      }
      this.#cards.enter(task);
      return applyLive(task, from, task.of.experiment, this.bench, {
        turn: () => control.turn(),
        busy: ({ status }) => this.hooks.card(task.card, status),
      });
    });
  }

  async #settle(task: Ranked, place: Place<Ranked>, state: NetState): Promise<void> {
    const { hooks } = this;
    if (task.measured) {
      const step = task.method.live ? 0 : lastStep(task.values as TrainValues);
      const turn = () => this.#controls[task.rank].turn();
      const more = { stop: place.trained?.stop, layers: this.mode.study };
      const measured = this.#inTurn(() => pointRows(this.bench, task.key, state, step, turn, more));
      hooks.rows(labelled(task, await measured));
      this.#hand(task, place.trained && { state, ...place.trained });
    }
    this.#ended(task, state);
    this.#cards.leave(task, 'done');
    if (task.replicate === 0) hooks.reached(task.card);
  }
  /** What a study has finished is kept between visits, and not here: the Lab needs the room. */
  #hand(task: Ranked, trained?: Trained): void {
    const { method, measured, key } = task;
    if (!this.mode.sparing || !measured || (!method.live && !trained)) return;
    const { results } = this.bench;
    results
      .hand(key, trained)
      .then(() => this.#fresh.delete(key) && results.trained.delete(key))
      .catch((error) => this.#failed(task, error));
  }
  #ended(task: Ranked, state: NetState): void {
    const end = this.#ends.get(task.replicate);
    if (!end) return;
    if (task.trunk && !(end.task && end.task.rank > task.rank)) Object.assign(end, { state, task });
    if (this.mode.timing && task === end.first) end.dense = state;
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
        seed: task.of.experiment.seeds.order,
        control: this.#controls[rank],
        onBegin: () => {
          this.#cards.enter(task);
          this.#clock.begin(rank, task, from?.step ?? 0);
        },
        onProgress: (step) => this.#clock.tick(rank, step),
        onRows: (rows) => {
          if (!this.#told.has(task)) this.hooks.rows(labelled(task, rows));
        },
        onStopped: (unfinished) => results.unfinished.set(key, unfinished),
      });
      this.#clock.complete(rank);
      results.trained.set(key, trained);
      this.#fresh.add(key);
      results.unfinished.delete(key);
      return trained;
    } finally {
      this.#clock.end(rank);
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
    if (first !== task) hooks.rows(labelled(first, end(false)));
    hooks.rows(labelled(task, end(true)));
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

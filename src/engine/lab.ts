/**
 * The lab without a screen: one backend, the data, what has been computed, and the jobs that page or command
 * line ask for. Runs are exclusive; looking (preview, sweep, timing) gives way to newer looking at once.
 */
import { openDataset } from '../datasets/open';
import type { Dataset, ReadFile } from '../datasets/types';
import type { NetState } from '../models/types';
import { inSweep } from '../spec/location';
import { Cancelled, type Problem, WinnowError } from '../spec/problem';
import type { Experiment, Row } from '../spec/types';
import type { Accuracy, DeviceReport, Guess, Inspection, LabEvent, Preview, SweepPoint } from '../worker/api';
import { breathe, Control } from './control';
import { chooseBackend } from './device';
import {
  cardStatus,
  coarseToFine,
  type Frontier,
  frontier,
  LiveStates,
  sweepPlan,
  withParam,
} from './frontier';
import { inspect } from './inspect';
import { type Bench, factsFor, pointRows, type RunOptions, runExperiment, testFor } from './interpreter';
import { lineage } from './lineage';
import { evaluate, speedOf, timePair } from './measure';
import { Networks } from './networks';
import { Results } from './results';
import type { Backend, BackendId } from './types';

/** Validation images behind the first answer to a moved slider. */
const QUICK = 1000;
const PROGRESS_MS = 100;

interface Running {
  experiment: Experiment;
  control: Control;
  finished: Promise<void>;
}
interface Rig {
  backend: Backend;
  report: DeviceReport;
  training: Networks;
  looking: Networks;
  baseline: Networks;
}

export class Lab {
  readonly results = new Results();
  readonly #live = new LiveStates();
  readonly #data = new Map<string, Dataset>();
  /** Data set asked for last: the page shows how far its loading is. */
  #shown = '';
  #rig: Rig | undefined;
  #running: Running | undefined;
  #token = 0;
  /** The page's last wish, looked at again when a run ends or the device changes. */
  #wish: { experiment: Experiment; sweepAt?: string } | undefined;

  /**
   * @param read gives a file of a data set's folder
   * @param hashOf names an experiment in rows
   * @param emit receives every event
   */
  constructor(
    readonly read: (dataset: string) => ReadFile,
    readonly hashOf: (experiment: Experiment) => string,
    readonly emit: (event: LabEvent) => void,
  ) {}

  /** Opens (or changes to) a backend. A run in progress is stopped first; what it finished is kept. */
  async use(want: BackendId | 'auto'): Promise<DeviceReport> {
    await this.stop();
    this.#token++;
    const old = this.#rig;
    this.#rig = undefined;
    if (old) await closeRig(old);
    const { backend, report, problem } = await chooseBackend(
      want,
      undefined,
      (error) => void this.#lost(error),
    );
    const networks = () => new Networks(backend);
    this.#rig = { backend, report, training: networks(), looking: networks(), baseline: networks() };
    this.emit({ type: 'device', report });
    if (problem) this.emit({ type: 'problem', problem });
    if (this.#wish) void this.preview(this.#wish.experiment, this.#wish.sweepAt);
    return report;
  }

  /** Starts loading a data set, and tells of its progress until another is asked for; a failed one is tried anew. */
  open(id: string): Dataset {
    const known = this.#data.get(id);
    const changed = this.#shown !== id;
    this.#shown = id;
    if (known) {
      if (changed) this.#loaded(known);
      return known;
    }
    const data: Dataset = openDataset(id, this.read(id), () => {
      if (this.#shown === id) this.#loaded(data);
    });
    this.#data.set(id, data);
    this.#loaded(data);
    data.complete.catch((error) => {
      this.#data.delete(id);
      this.#tell(error);
    });
    return data;
  }

  #loaded({ train, val, test }: Dataset): void {
    const splits = [train, val, test];
    const sum = (of: 'count' | 'total') => splits.reduce((n, split) => n + split[of], 0);
    const ready = train.count > 0 && val.count === val.total;
    this.emit({ type: 'data', loaded: sum('count'), total: sum('total'), ready });
  }

  /** Does what is not done yet. Resolves with the end state, or undefined when stopped or failed (told by events). */
  async run(experiment: Experiment, options: Omit<RunOptions, 'hash'> = {}): Promise<NetState | undefined> {
    await this.stop();
    const control = new Control();
    const hash = this.hashOf(experiment);
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    this.#running = { experiment, control, finished };
    this.emit({ type: 'run', status: 'running', hash });
    let status: 'done' | 'stopped' | 'failed' = 'done';
    try {
      return await this.#execute(experiment, control, { ...options, hash });
    } catch (error) {
      status = error instanceof Cancelled ? 'stopped' : 'failed';
      this.#tell(error);
      return undefined;
    } finally {
      this.#running = undefined;
      finish();
      this.emit({ type: 'run', status, hash });
      if (this.#wish) void this.preview(this.#wish.experiment, this.#wish.sweepAt);
    }
  }

  async #execute(experiment: Experiment, control: Control, options: RunOptions): Promise<NetState> {
    let told = 0;
    return runExperiment(
      experiment,
      this.#bench(experiment),
      {
        turn: () => control.turn(),
        card: (at, status) => {
          this.emit({ type: 'card', at, status });
          if (status === 'done' && this.#wish) void this.preview(this.#wish.experiment, this.#wish.sweepAt);
        },
        rows: (rows) => this.emit({ type: 'rows', rows }),
        progress: (progress) => {
          const now = performance.now();
          if (now - told < PROGRESS_MS && progress.step !== 0 && progress.step !== progress.steps) return;
          told = now;
          this.emit({ type: 'progress', progress });
        },
      },
      options,
    );
  }

  pause(): void {
    if (!this.#running) return;
    this.#running.control.pause();
    this.emit({ type: 'run', status: 'paused', hash: this.hashOf(this.#running.experiment) });
  }
  resume(): void {
    if (!this.#running) return;
    this.#running.control.resume();
    this.emit({ type: 'run', status: 'running', hash: this.hashOf(this.#running.experiment) });
  }
  /** Resolves when the run, if any, has let go. */
  async stop(): Promise<void> {
    this.#running?.control.stop();
    await this.#running?.finished;
  }

  /**
   * Shows the state at the recipe's frontier: computed facts at once, accuracy on some validation images next,
   * on the whole test set after that, then its speed and a sweep of the active card's slider. The newest call
   * wins; older ones are given up between two chunks of work.
   */
  async preview(experiment: Experiment, sweepAt?: string): Promise<void> {
    this.#wish = { experiment, sweepAt };
    const token = ++this.#token;
    const turn = async () => {
      await breathe();
      if (token !== this.#token) throw new Cancelled();
    };
    try {
      await turn();
      if (!this.#rig) return;
      await this.#look(experiment, sweepAt, token, turn);
    } catch (error) {
      if (!(error instanceof Cancelled)) this.#tell(error);
    }
  }

  async #look(experiment: Experiment, sweepAt: string | undefined, token: number, turn: () => Promise<void>) {
    const bench = this.#bench(experiment);
    const here = frontier(experiment, bench, this.#live);
    let preview = this.#facts(experiment, bench, here, token);
    const show = (more: Partial<Preview>) => {
      preview = { ...preview, ...more };
      this.emit({ type: 'preview', preview });
    };
    show({});
    if (here.failed) this.emit({ type: 'problem', problem: here.failed.problem });
    if (!here.trained) return;
    const known = bench.results.measured(here.key);
    if (!known.test) show({ quick: known.quick ?? (await this.#quick(bench, here, turn)) });
    show({ test: await testFor(bench, here.key, here.state, turn) });
    const { dense } = here;
    if (!dense) return;
    if (preview.dense && !preview.dense.test) {
      show({ dense: { ...preview.dense, test: await testFor(bench, dense.key, dense.state, turn) } });
    }
    if (this.#running) return;
    const rig = this.#rig as Rig;
    show({ speed: await speedOf(rig.baseline, rig.looking, dense.state, here.state, bench.device, turn) });
    if (sweepAt) await this.#sweep(experiment, sweepAt, token, turn);
  }

  #facts(experiment: Experiment, bench: Bench, here: Frontier, token: number): Preview {
    const { results } = bench;
    const { dense } = here;
    const test = results.measured(here.key).test;
    const denseTest = dense && results.measured(dense.key).test;
    return {
      token,
      at: here.at,
      cards: cardStatus(experiment, bench, here.failed?.card),
      facts: factsFor(results, here.key, here.state),
      ...(test && { test }),
      ...(dense && {
        dense: { facts: factsFor(results, dense.key, dense.state), ...(denseTest && { test: denseTest }) },
      }),
    };
  }

  async #quick(bench: Bench, { key, state }: Frontier, turn: () => Promise<void>): Promise<Accuracy> {
    await bench.data.ready;
    const { correct, count } = await evaluate(bench.looking, state, bench.data.val, QUICK, turn);
    const quick: Accuracy = { split: 'val', correct, count };
    bench.results.note(key, { quick });
    return quick;
  }

  /** Accuracy at every value first, then times, both from coarse to fine. Points already known come at once. */
  async #sweep(experiment: Experiment, at: string, token: number, turn: () => Promise<void>): Promise<void> {
    const plan = sweepPlan(experiment, at);
    if (!plan) return;
    const bench = this.#bench(experiment);
    const states = new Map<number, Frontier>();
    const point = (value: number, here: Frontier, test: Accuracy): SweepPoint => {
      const { speed } = bench.results.measured(here.key);
      const facts = factsFor(bench.results, here.key, here.state);
      return {
        token,
        at,
        param: plan.param,
        value,
        facts,
        test,
        ...(speed?.device === bench.device && { speed }),
      };
    };
    const tell = (points: SweepPoint[], done: boolean) => this.emit({ type: 'sweep', points, done, token });
    for (const value of coarseToFine(plan.values)) {
      await turn();
      const here = frontier(withParam(experiment, at, plan.param, value), bench, this.#live, at);
      if (here.failed || !here.trained) continue;
      states.set(value, here);
      tell([point(value, here, await testFor(bench, here.key, here.state, turn))], false);
    }
    for (const [value, here] of states) {
      await turn();
      if (this.#running || !here.dense) return;
      const known = bench.results.measured(here.key);
      if (known.speed?.device !== bench.device) {
        const rig = this.#rig as Rig;
        const pair = [await rig.baseline.with(here.dense.state), await rig.looking.with(here.state)] as const;
        const { ratio } = await timePair(...pair, 256, turn, 5);
        bench.results.note(here.key, { speed: { ...ratio, device: bench.device } });
      }
      tell([point(value, here, known.test as Accuracy)], false);
    }
    tell([], true);
  }

  /** The experiment's own sweep as rows, `at` naming card, parameter and value. Empty when it has none. */
  async sweepRows(experiment: Experiment): Promise<Row[]> {
    const { sweep } = experiment;
    if (!sweep) return [];
    const bench = this.#bench(experiment);
    const exp = this.hashOf(experiment);
    const rows: Row[] = [];
    for (const value of sweep.values) {
      const changed = withParam(experiment, sweep.at, sweep.param, value);
      const here = frontier(changed, bench, this.#live, sweep.at);
      if (here.failed) throw new WinnowError(here.failed.problem);
      if (!here.trained) continue;
      const point = await pointRows(bench, here.key, here.state, 0, breathe);
      const at = inSweep(sweep.at, sweep.param, value);
      rows.push(...point.map((row) => ({ exp, replicate: 0, at, ...row })));
    }
    return rows;
  }

  /** Makes Run do this card and everything after it anew. */
  forget(experiment: Experiment, at: string): void {
    for (let replicate = 0; replicate < experiment.replicates; replicate++) {
      const tasks = lineage(experiment, replicate);
      const from = tasks.findIndex((t) => t.card === at || t.card.startsWith(`${at}.`));
      for (const task of from < 0 ? [] : tasks.slice(from)) this.results.trained.delete(task.key);
    }
  }

  inspect(experiment: Experiment): Inspection | null {
    if (!this.#rig) return null;
    const here = frontier(experiment, this.#bench(experiment), this.#live);
    return here.trained && here.dense ? inspect(here.state, here.dense.state) : null;
  }

  /** Class probabilities of one image, by the dense and the compressed network. */
  async guess(experiment: Experiment, pixels: Uint8Array): Promise<Guess | null> {
    if (!this.#rig) return null;
    const bench = this.#bench(experiment);
    const here = frontier(experiment, bench, this.#live);
    if (!here.trained || !here.dense) return null;
    const ask = async (networks: Networks, state: NetState) => {
      const { scale, shift } = bench.data.train;
      return softmax(await (await networks.with(state)).logits(pixels, 1, scale, shift));
    };
    return {
      dense: await ask(bench.baseline, here.dense.state),
      compressed: await ask(bench.looking, here.state),
    };
  }

  async dispose(): Promise<void> {
    await this.stop();
    this.#token++;
    if (this.#rig) await closeRig(this.#rig);
    this.#rig = undefined;
  }

  #bench(experiment: Experiment): Bench {
    if (!this.#rig) throw new Error('no backend is open yet');
    const { training, looking, baseline, backend } = this.#rig;
    const data = this.open(experiment.data);
    return { training, looking, baseline, device: backend.device, data, results: this.results };
  }

  /** The device is gone: say so, go on with what is there, and take up the run where its last kept state is. */
  async #lost(error: WinnowError): Promise<void> {
    const experiment = this.#running?.experiment;
    this.emit({ type: 'problem', problem: error.problem });
    await this.use('simd');
    if (experiment) void this.run(experiment);
  }

  #tell(error: unknown): void {
    if (error instanceof Cancelled) return;
    const problem: Problem =
      error instanceof WinnowError
        ? error.problem
        : { code: 'internal', path: '', message: error instanceof Error ? error.message : String(error) };
    this.emit({ type: 'problem', problem });
  }
}

async function closeRig({ training, looking, baseline, backend }: Rig): Promise<void> {
  for (const networks of [training, looking, baseline]) await networks.dispose();
  backend.dispose();
}

function softmax(logits: Float32Array): number[] {
  const top = Math.max(...logits);
  const powers = Array.from(logits, (z) => Math.exp(z - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}

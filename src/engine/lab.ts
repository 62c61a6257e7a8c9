/**
 * The lab without a screen: one backend, the data, what has been computed, and the jobs that page or command
 * line ask for. Runs are exclusive; looking (preview, sweep, timing) gives way to newer looking at once.
 */
import { openDataset } from '../datasets/open';
import { folderOf } from '../datasets/registry';
import type { Dataset, Elsewhere, ReadFile } from '../datasets/types';
import type { NetState } from '../models/types';
import { Cancelled, type Problem, problemOf, WinnowError } from '../spec/problem';
import type { Experiment, Row } from '../spec/types';
import type { StudyPart } from '../studies/types';
import type { DeviceReport, Guess, Inspection, LabEvent, SpeedEvent, SpeedWish } from '../worker/api';
import type { CompareOutcome, CompareRun, CompareStates, Pictures, StateRef } from '../worker/api-compare';
import type { HistoryPlace, WeightHistory } from '../worker/api-history';
import type { ScanEvent, SearchEvent, SearchSubject, SearchWish } from '../worker/api-search';
import type { StudyEvent, StudyKept } from '../worker/api-study';
import type { Ticket, TicketFile, TicketRef } from '../worker/api-ticket';
import { CompareDesk, picturesOf } from './compare/desk';
import { statesOf } from './compare/places';
import { breathe, Control } from './control';
import { Crew } from './crew/crew';
import { localHire } from './crew/local';
import { togetherHire } from './crew/together';
import type { Staff, Trainer } from './crew/types';
import { chooseBackend, type Machine } from './device';
import { follow, LiveStates } from './frontier';
import { inspect } from './inspect';
import type { Bench } from './interpreter';
import { lineage } from './lineage';
import { guess, look, sweepRows } from './looking';
import { Networks } from './networks';
import { Results } from './results';
import { type RunOptions, runExperiment } from './run';
import { busyProblem as busySearch, SearchBench } from './search/bench';
import { SearchDesk } from './search/desk';
import { timeOne } from './search/timing';
import { busyProblem, SpeedDesk } from './speed/desk';
import { encode } from './stored';
import { busyProblem as busyStudy, runPartsOf, StudyDesk, type StudyLock } from './study/desk';
import { keptStudy } from './study/kept';
import { ticketFile } from './ticket/file';
import { type Found as FoundTicket, findTicket } from './ticket/find';
import { ticketOf } from './ticket/ticket';
import { Visibility } from './timing/visibility';
import type { Backend, BackendId, LayerForms } from './types';
import { MemoryStore } from './vault/memory';
import type { VaultStore } from './vault/types';
import { Vault } from './vault/vault';
import { endOf } from './weight-history';

const PROGRESS_MS = 100;
/** Each thread opens one of its own; the others compute on a device that there is only once, or on threads of theirs. */
const THREADED: readonly BackendId[] = ['simd', 'reference'];
/** A run that has lost its GPU goes on with a new one so often, then on the CPU. */
const NEW_DEVICES = 2;

interface Running {
  experiment: Experiment;
  options: Omit<RunOptions, 'hash'>;
  control: Control;
  finished: Promise<void>;
}
interface Rig {
  backend: Backend;
  report: DeviceReport;
  trainer: Trainer;
  looking: Networks;
  baseline: Networks;
  comparing: Networks;
}

export class Lab {
  readonly results: Results;
  readonly #live = new LiveStates();
  readonly #speed = new SpeedDesk();
  readonly #compare = new CompareDesk();
  readonly #search = new SearchDesk();
  readonly #study: StudyDesk;
  readonly #data = new Map<string, Dataset>();
  /** Of data sets that are still arriving. */
  readonly #arriving = new Map<string, AbortController>();
  /** Data set asked for last: the page shows how far its loading is. */
  #shown = '';
  #rig: Rig | undefined;
  #running: Running | undefined;
  #forms: LayerForms = {};
  readonly #page = new Visibility();
  #opening: Promise<DeviceReport> | undefined;
  #token = 0;
  /** Names the newest question for a ticket. */
  #tickets = 0;
  /** The experiment that somebody wants run, from the call until it ends or is stopped. */
  #wanted: Experiment | undefined;
  /** GPUs lost during it. */
  #losses = 0;
  /** Losses that have been told of: what waits for the device fails for the same reason. */
  readonly #told = new WeakSet<Problem>();
  /** What becomes of a run whose GPU was lost. */
  #recovery: Promise<NetState | undefined> | undefined;
  /** The page's last wish, looked at again when a run ends or the device changes. */
  #wish: { experiment: Experiment; sweepAt?: string } | undefined;

  /**
   * @param read gives a file of a data set's folder
   * @param hashOf names an experiment in rows
   * @param emit receives every event
   * @param elsewhere another place for data sets that `read` does not have
   * @param staff threads to train on; without them everything is done on this one
   * @param machine what backends there are, for tests
   * @param studies where studies keep what is finished, and how they ask other tabs; absent: in memory, and not at all
   */
  constructor(
    readonly read: (dataset: string) => ReadFile,
    readonly hashOf: (experiment: Experiment) => string,
    readonly emit: (event: LabEvent) => void,
    readonly elsewhere?: Elsewhere,
    readonly staff?: Staff,
    readonly machine?: Machine,
    studies: { store?: VaultStore; lock?: StudyLock } = {},
  ) {
    this.results = new Results(new Vault(studies.store ?? new MemoryStore()));
    this.#study = new StudyDesk(this.results.vault, studies.lock);
  }

  /** Opens (or changes to) a backend. A run in progress is stopped first; what it finished is kept. */
  use(want: BackendId | 'auto'): Promise<DeviceReport> {
    return this.#use(want, () => this.#study.stop('interrupted'));
  }
  /** @param halt makes a study let go of the old backend; given the opening of the new one */
  #use(want: BackendId | 'auto', halt: (opening: Promise<unknown>) => Promise<void>): Promise<DeviceReport> {
    const before = this.#opening;
    const opening: Promise<DeviceReport> = (async () => {
      await before?.catch(() => {});
      await this.#halt();
      await halt(this.#opening ?? Promise.resolve());
      await this.#speed.stop();
      await this.#search.stop('interrupted');
      this.#search.forget();
      this.#token++;
      const old = this.#rig;
      this.#rig = undefined;
      if (old) await closeRig(old);
      const onLost = (error: WinnowError) => this.#lost(error);
      const { backend, report, problem } = await chooseBackend(want, undefined, onLost, this.machine);
      const networks = () => new Networks(backend);
      const trainer = this.#crew(backend);
      this.#rig = {
        backend,
        report,
        trainer,
        looking: networks(),
        baseline: networks(),
        comparing: new Networks(backend, 1),
      };
      this.emit({ type: 'device', report });
      if (problem) this.emit({ type: 'problem', problem });
      return report;
    })();
    this.#opening = opening;
    void opening.then(() => this.#lookAgain()).catch(() => {});
    return opening;
  }

  #crew(backend: Backend): Crew {
    const { id, device, together } = backend;
    return new Crew({
      backend: id,
      device,
      staff: THREADED.includes(id) ? this.staff : undefined,
      local: together ? togetherHire(backend, together) : localHire(backend),
      abreast: together && ((arch) => together.width(arch)),
      onProblem: (problem) => this.emit({ type: 'problem', problem }),
    });
  }

  /** Starts loading a data set, and tells of its progress until another is asked for; a failed one is tried anew. */
  open(id: string): Dataset {
    const changed = this.#shown !== id;
    if (changed) this.#leave(this.#shown);
    this.#shown = id;
    const known = this.#data.get(id);
    if (known && changed) this.#loaded(known);
    return this.#opened(id);
  }
  /** The same without telling of it. */
  #opened(id: string): Dataset {
    const known = this.#data.get(id);
    if (known) return known;
    const onProgress = () => {
      if (this.#shown === id) this.#loaded(data);
      this.#rig?.trainer.fed(data);
    };
    const abort = new AbortController();
    const data: Dataset = openDataset(id, this.read(folderOf(id)), onProgress, abort.signal, this.elsewhere);
    this.#data.set(id, data);
    this.#arriving.set(id, abort);
    onProgress();
    const arrived = () => {
      if (this.#arriving.get(id) === abort) this.#arriving.delete(id);
    };
    data.complete.then(arrived, (error) => {
      arrived();
      if (this.#data.get(id) === data) this.#data.delete(id);
      this.#tell(error);
    });
    return data;
  }

  /** A download that nobody looks at or trains on is given up; blocks that came are kept for the next time. */
  #leave(id: string): void {
    const abort = this.#arriving.get(id);
    if (!abort || !this.#data.get(id)?.fetching) return;
    if (this.#running?.experiment.data === id || this.#study.data === id) return;
    this.#arriving.delete(id);
    this.#data.delete(id);
    abort.abort();
  }

  /** Forgets a data set that is no longer there; what was computed with it stays. */
  close(id: string): void {
    this.#data.delete(id);
    if (this.#shown === id) this.#shown = '';
  }

  #loaded({ train, val, test, fetching }: Dataset): void {
    const splits = [train, val, test];
    const sum = (of: 'count' | 'total') => splits.reduce((n, split) => n + split[of], 0);
    const ready = train.count > 0 && val.count === val.total;
    this.emit({ type: 'data', loaded: sum('count'), total: sum('total'), ready, fetching });
  }

  /**
   * Does what is not done yet; an earlier run is stopped first. Resolves with the end state, or undefined when
   * stopped or failed (told by events).
   */
  run(experiment: Experiment, options: Omit<RunOptions, 'hash'> = {}): Promise<NetState | undefined> {
    this.#wanted = experiment;
    this.#losses = 0;
    return this.#run(experiment, options);
  }
  async #run(experiment: Experiment, options: Omit<RunOptions, 'hash'>): Promise<NetState | undefined> {
    const before = this.#running;
    before?.control.stop();
    const control = new Control();
    const hash = this.hashOf(experiment);
    const { promise: finished, resolve: finish } = deferred();
    const running = { experiment, options, control, finished };
    this.#running = running;
    await before?.finished;
    await this.#study.stop('interrupted');
    await this.#speed.stop();
    await this.#search.stop('interrupted');
    this.emit({ type: 'run', status: 'running', hash });
    let status: 'done' | 'stopped' | 'failed' = 'done';
    let recovery: Promise<NetState | undefined> | undefined;
    try {
      await this.#opening;
      await this.results.vault.ready();
      await control.turn();
      return await this.#execute(experiment, control, { ...options, hash });
    } catch (error) {
      const lost = error instanceof WinnowError && this.#told.has(error.problem);
      status = lost || error instanceof Cancelled ? 'stopped' : 'failed';
      recovery = this.#recovery;
      this.#tell(error);
    } finally {
      if (this.#running === running) this.#running = undefined;
      finish();
      this.emit({ type: 'run', status, hash });
      this.#lookAgain();
    }
    return recovery;
  }

  async #execute(experiment: Experiment, control: Control, options: RunOptions): Promise<NetState> {
    let told = 0;
    return runExperiment(
      experiment,
      this.#bench(experiment),
      {
        control,
        card: (at, status) => this.emit({ type: 'card', at, status }),
        reached: () => this.#lookAgain(),
        rows: (rows) => this.emit({ type: 'rows', rows }),
        progress: (progress) => {
          const now = performance.now();
          const turning = progress.running.some(({ step, steps }) => step === 0 || step === steps);
          if (now - told < PROGRESS_MS && !turning) return;
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
    this.#wanted = undefined;
    await this.#halt();
  }
  async #halt(): Promise<void> {
    this.#running?.control.stop();
    await this.#running?.finished;
  }
  #lookAgain(): void {
    if (this.#wish) void this.preview(this.#wish.experiment, this.#wish.sweepAt);
  }

  /**
   * Shows the state at the recipe's frontier: computed facts at once, accuracy on some validation images next,
   * on the whole test set after that, then its speed and a sweep of the active card's slider. The newest call
   * wins; older ones are given up between two chunks of work.
   */
  async preview(experiment: Experiment, sweepAt?: string): Promise<void> {
    this.#wish = { experiment, sweepAt };
    const token = ++this.#token;
    // Times of a study must not be those of a device with other work; looked at when it ends.
    if (this.#speed.running) return;
    const turn = async () => {
      await breathe();
      await this.#compare.quiet();
      if (token !== this.#token) throw new Cancelled();
    };
    const over = this.#search.yield();
    try {
      await turn();
      if (!this.#rig) return;
      await look(experiment, sweepAt, {
        bench: this.#bench(experiment),
        live: this.#live,
        token,
        turn,
        busy: () => this.#running !== undefined || this.#study.running,
        page: this.#page,
        forms: this.#forms,
        emit: this.emit,
        spare: async () => {
          over();
          await this.#search.finished;
        },
      });
    } catch (error) {
      if (!(error instanceof Cancelled)) this.#tell(error);
    } finally {
      over();
    }
  }

  /** The experiment's own sweep as rows. */
  sweepRows(experiment: Experiment): Promise<Row[]> {
    return sweepRows(experiment, this.hashOf(experiment), this.#bench(experiment), this.#live);
  }

  /** Makes Run do this card and everything that starts from its results anew. */
  forget(experiment: Experiment, at: string): void {
    this.#search.forget();
    for (let replicate = 0; replicate < experiment.replicates; replicate++) {
      const gone = new Set<string>();
      for (const { card, parent, key } of lineage(experiment, replicate)) {
        if (card !== at && !card.startsWith(`${at}.`) && !gone.has(parent)) continue;
        gone.add(key);
        this.results.forget(key);
      }
    }
  }

  /** The Speed view's measurements, told point by point. Refused while a training runs. */
  async measureSpeed(wish: SpeedWish, tell: (event: SpeedEvent) => void): Promise<void> {
    await this.#opening?.catch(() => {});
    if (this.#running || !this.#rig) return tell({ type: 'problem', problem: busyProblem });
    this.#token++;
    await this.#study.stop('interrupted');
    await this.#search.stop('interrupted');
    await this.#speed.measure(this.#rig.backend, wish, tell);
    this.#lookAgain();
  }
  stopSpeed(): void {
    void this.#speed.stop();
  }
  /** How accuracy depends on each layer of a card alone. Nothing is scanned while anything else computes for long. */
  async scanLayers(subject: SearchSubject, tell: (event: ScanEvent) => void): Promise<void> {
    await this.#opening?.catch(() => {});
    if (!this.#idle) return tell({ type: 'end', how: 'interrupted' });
    await this.#search.scan(() => new SearchBench(subject, this.#bench(subject.experiment)), tell);
  }
  /** The setting of a card that serves a goal best, found from measured data. Refused while a training runs. */
  async findSettings(wish: SearchWish, tell: (event: SearchEvent) => void): Promise<void> {
    await this.#opening?.catch(() => {});
    if (!this.#idle) return tell({ type: 'problem', problem: busySearch });
    const bench = this.#bench(wish.experiment);
    const time = timeOne(bench, this.#page, () => this.#forms);
    await this.#search.search(() => new SearchBench(wish, bench), wish, time, tell);
  }
  get #idle(): boolean {
    return this.#rig !== undefined && !this.#running && !this.#speed.running && !this.#study.running;
  }

  /** Runs what of these parts is not there yet. Refused while a run of the Lab goes on; always tells its end. */
  async runStudy(parts: readonly StudyPart[], tell: (event: StudyEvent) => void): Promise<void> {
    await this.#opening?.catch(() => {});
    if (this.#running || !this.#rig) {
      tell({ type: 'problem', problem: busyStudy });
      return tell({ type: 'end', how: 'stopped' });
    }
    this.#losses = 0;
    await this.#study.run({
      parts,
      tell,
      before: async () => {
        await this.#speed.stop();
        await this.#search.stop('interrupted');
      },
      bench: () => this.#benchOn(this.#opened(parts[0].experiment.data)),
      hashOf: this.hashOf,
      known: (error) => error instanceof WinnowError && this.#told.has(error.problem),
    });
    this.#lookAgain();
  }
  pauseStudy(): void {
    this.#study.pause();
  }
  resumeStudy(): void {
    this.#study.resume();
  }
  /** Resolves when the study, if any, has let go. */
  stopStudy(): Promise<void> {
    return this.#study.stop();
  }
  /** What of these parts is there, without computing anything. */
  keptStudy(parts: readonly StudyPart[]): Promise<StudyKept> {
    return keptStudy(runPartsOf(parts, this.hashOf), this.results, this.#rig?.backend.device ?? '');
  }
  async stopSearch(): Promise<void> {
    await this.#search.stop();
  }
  /** Layers to be executed in these forms where they can be; the others are chosen by measurement. */
  setForms(forms: LayerForms): void {
    this.#forms = forms;
    this.#lookAgain();
  }
  /** Nothing is timed while the tab is hidden; the last look is taken up again when it is seen. */
  visible(shown: boolean): void {
    const again = shown && this.#page.hidden;
    this.#page.set(shown);
    this.#speed.visible(shown);
    if (again) this.#lookAgain();
  }

  async inspect(experiment: Experiment): Promise<Inspection | null> {
    if (!this.#rig) return null;
    const here = await follow(experiment, this.#bench(experiment), this.#live, { turn: breathe });
    return here.trained && here.dense ? inspect(here.state, here.dense.state) : null;
  }

  /** Trainings of the first replicate that are done and whose weights were looked at. */
  histories(experiment: Experiment): HistoryPlace[] {
    return lineage(experiment).flatMap(({ at, card, arm, key }) => {
      const history = this.results.trained.get(key)?.history;
      return history ? [{ at, card, ...(arm && { arm }), ...endOf(history) }] : [];
    });
  }
  history(experiment: Experiment, at: string): WeightHistory | null {
    const task = lineage(experiment).find((other) => other.at === at);
    return (task && this.results.trained.get(task.key)?.history) ?? null;
  }

  /** What a training has kept; null where it is not done, or a newer question has come. */
  async ticket(ref: TicketRef): Promise<Ticket | null> {
    const mine = ++this.#tickets;
    const turn = async () => {
      await breathe();
      if (mine !== this.#tickets) throw new Cancelled();
    };
    try {
      const found = await this.#findTicket(ref, turn);
      return found ? await ticketOf(found, turn) : null;
    } catch (error) {
      if (error instanceof Cancelled) return null;
      throw error;
    }
  }
  /** The same as a file. */
  async ticketFile(ref: TicketRef): Promise<TicketFile | null> {
    try {
      const found = await this.#findTicket(ref, breathe);
      return found ? { bytes: ticketFile(found.state) } : null;
    } catch (error) {
      if (!(error instanceof WinnowError)) throw error;
      return { problem: error.problem };
    }
  }
  #findTicket(ref: TicketRef, turn: () => Promise<void>): Promise<FoundTicket | undefined> {
    return findTicket(ref, { results: this.results, data: () => this.open(ref.experiment.data), turn });
  }

  /** The network on screen as a file; null before there is one. */
  async encoded(experiment: Experiment): Promise<Uint8Array<ArrayBuffer> | null> {
    if (!this.#rig) return null;
    const here = await follow(experiment, this.#bench(experiment), this.#live, { turn: breathe });
    return here.trained ? encode(here.state).file : null;
  }

  /** Class probabilities of one image, by the dense and the compressed network. */
  async guess(experiment: Experiment, pixels: Uint8Array): Promise<Guess | null> {
    if (!this.#rig) return null;
    return guess(experiment, this.#bench(experiment), this.#live, pixels);
  }

  /** What of this recipe and of these runs can be compared. */
  compareStates(experiment: Experiment, runs: readonly CompareRun[]): CompareStates {
    return statesOf(experiment, runs, this.results);
  }
  /**
   * Two states with the same test images, image by image. The newest comparison counts, and newer looking ends it:
   * a moved slider never waits for more than one chunk.
   */
  async compare(a: StateRef, b: StateRef, tell?: (share: number) => void): Promise<CompareOutcome> {
    if (!this.#rig || this.#speed.running) return { is: 'given-up' };
    const { comparing } = this.#rig;
    const token = this.#token;
    const turn = async () => {
      await breathe();
      if (token !== this.#token) throw new Cancelled();
    };
    const bench = this.#bench(b.experiment);
    return this.#compare.compare(a, b, { bench, live: this.#live, networks: comparing, turn, tell });
  }
  stopCompare(): void {
    this.#compare.stop();
  }
  /** Test images by index; null where the data set is not open or not all there. */
  testPictures(data: string, images: readonly number[]): Pictures | null {
    const found = this.#data.get(data);
    return found ? picturesOf(found, images) : null;
  }

  async dispose(): Promise<void> {
    await this.stop();
    await this.#study.stop();
    await this.#speed.stop();
    await this.#search.stop();
    this.#token++;
    if (this.#rig) await closeRig(this.#rig);
    this.#rig = undefined;
  }

  #bench(experiment: Experiment): Bench {
    return this.#benchOn(this.open(experiment.data));
  }
  #benchOn(data: Dataset): Bench {
    if (!this.#rig) throw new Error('no backend is open yet');
    const { trainer, looking, baseline, backend } = this.#rig;
    return { trainer, looking, baseline, device: backend.device, data, results: this.results };
  }

  /**
   * The GPU is gone: says so once, opens a new one (which has to pass the self-test again) or, after too many losses
   * or where there is none, the CPU, and takes up the run where its last kept state is.
   */
  #lost({ problem }: WinnowError): void {
    this.#told.add(problem);
    const again = ++this.#losses <= NEW_DEVICES;
    const running = this.#running;
    this.emit({
      type: 'problem',
      problem: {
        code: again ? 'gpu.replaced' : 'gpu.abandoned',
        path: 'backend',
        message: `${problem.message}; work goes on from what was kept, on ${again ? 'a new device' : 'the CPU'}`,
        values: { reason: problem.message },
      },
    });
    const recovery = this.#recover(again ? (this.#rig?.report.id ?? 'simd') : 'simd', running);
    this.#recovery = recovery;
    recovery.catch((error) => this.#tell(error));
  }
  async #recover(id: BackendId, running?: Running): Promise<NetState | undefined> {
    const paused = running?.control.paused ?? false;
    await this.#use(id, (opening) => this.#study.suspend(opening));
    this.#recovery = undefined;
    // Stopped, or replaced by another run, in the meantime.
    if (!running || this.#running || this.#wanted !== running.experiment) return undefined;
    const end = this.#run(running.experiment, running.options);
    if (paused) this.pause();
    return end;
  }

  #tell(error: unknown): void {
    if (error instanceof Cancelled) return;
    if (error instanceof WinnowError && this.#told.has(error.problem)) return;
    this.emit({ type: 'problem', problem: problemOf(error) });
  }
}

async function closeRig({ trainer, looking, baseline, comparing, backend }: Rig): Promise<void> {
  for (const holder of [trainer, looking, baseline, comparing]) await holder.dispose();
  backend.dispose();
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

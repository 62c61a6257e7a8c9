/**
 * One study at a time for the lab. It lets go where another run needs the machine, and waits and goes on where only the
 * device has to be opened again.
 */
import { Cancelled, type Problem, problemOf } from '../../spec/problem';
import type { Experiment } from '../../spec/types';
import type { StudyPart } from '../../studies/types';
import type { StudyEvent } from '../../worker/api-study';
import { Control } from '../control';
import type { Bench } from '../interpreter';
import { runParts } from '../run';
import type { RunPart } from '../run-places';
import type { Vault } from '../vault/vault';
import { Teller } from './teller';

type Tell = (event: StudyEvent) => void;
type How = Extract<StudyEvent, { type: 'end' }>['how'];
export interface StudyJob {
  parts: readonly StudyPart[];
  /** Makes room: awaited first. */
  before(): Promise<void>;
  /** What it is computed with; asked anew after the device was changed. */
  bench(): Bench;
  hashOf(experiment: Experiment): string;
  tell: Tell;
  /** Already told of, by whoever reports a lost device. */
  known?(error: unknown): boolean;
}
/** One study at a time, wherever the lab is open: `work` is done when no other one goes on. */
export type StudyLock = (
  waiting: () => void,
  signal: AbortSignal,
  work: () => Promise<void>,
) => Promise<void>;
interface Going {
  job: StudyJob;
  control: Control;
  /** Why it was stopped. */
  why: Exclude<How, 'done'>;
  /** Another device is being opened for it. */
  opening?: Promise<unknown>;
  /** Another tab is running studies. */
  elsewhere?: boolean;
  /** Settles when it has let go of the device. */
  working?: Promise<void>;
  finished: Promise<void>;
}

export class StudyDesk {
  #going: Going | undefined;

  /** @param lock absent: no other tab can be asked */
  constructor(
    readonly vault: Vault,
    readonly lock: StudyLock = (_, __, work) => work(),
  ) {
    vault.onProblem = (problem) => this.#going?.job.tell({ type: 'storage', problem });
  }

  /** It is computing, or paused. */
  get running(): boolean {
    return this.#going !== undefined && !this.#going.elsewhere;
  }
  /** Data set of the study that goes on. */
  get data(): string | undefined {
    return this.#going?.job.parts[0]?.experiment.data;
  }

  /** An earlier study is stopped first. Resolves at the end; what goes wrong is told. */
  async run(job: StudyJob): Promise<void> {
    while (this.#going) await this.stop();
    const going: Going = { job, control: new Control(), why: 'stopped', finished: Promise.resolve() };
    this.#going = going;
    if (this.vault.problem) job.tell({ type: 'storage', problem: this.vault.problem });
    going.finished = this.#inTurn(going).then((how) => {
      this.#going = undefined;
      job.tell({ type: 'end', how });
    });
    await going.finished;
  }

  pause(): void {
    this.#going?.control.pause();
    this.#status();
  }
  resume(): void {
    this.#going?.control.resume();
    this.#status();
  }
  /** Resolves when the study, if any, has let go of the device. What was finished is kept. */
  async stop(why: Going['why'] = 'stopped'): Promise<void> {
    const going = this.#going;
    if (!going) return;
    if (!going.control.stopped) going.why = why;
    going.control.stop();
    await going.finished;
  }
  /**
   * Lets go of the device now, and takes up the study when `opening` has settled.
   * Resolves when it has let go.
   */
  async suspend(opening: Promise<unknown>): Promise<void> {
    const going = this.#going;
    if (!going || going.control.stopped) return;
    going.opening = opening.catch(() => {});
    const { paused } = going.control;
    going.control.stop();
    going.control = new Control();
    if (paused) going.control.pause();
    await going.working?.catch(() => {});
  }

  #status(): void {
    const going = this.#going;
    if (!going || going.control.stopped || going.elsewhere) return;
    going.job.tell({ type: 'status', status: going.control.paused ? 'paused' : 'running' });
  }

  /** Waits for other tabs, and looks at what they have finished. */
  async #inTurn(going: Going): Promise<How> {
    const { job, control } = going;
    const abort = new AbortController();
    const unwatch = control.watch((state) => state === 'stopped' && abort.abort());
    let how: How | undefined;
    const waiting = () => {
      going.elsewhere = true;
      job.tell({ type: 'status', status: 'elsewhere' });
    };
    try {
      await this.lock(waiting, abort.signal, async () => {
        unwatch();
        going.elsewhere = false;
        await this.vault.ready(true);
        how = await this.#toEnd(going);
        await this.vault.flushed();
      });
    } catch (error) {
      if (!abort.signal.aborted) job.tell({ type: 'problem', problem: problemOf(error) });
    }
    return how ?? going.why;
  }
  async #toEnd(going: Going): Promise<How> {
    for (;;) {
      const { control, job } = going;
      this.#status();
      try {
        going.working = this.#work(job, control);
        await going.working;
        return 'done';
      } catch (error) {
        const told = error instanceof Cancelled || job.known?.(error);
        if (!told) job.tell({ type: 'problem', problem: problemOf(error) });
      }
      await going.opening;
      going.opening = undefined;
      // Suspended, and not stopped since: there is another control.
      if (going.control === control || going.control.stopped) return going.why;
    }
  }
  async #work(job: StudyJob, control: Control): Promise<void> {
    const teller = new Teller(job.tell);
    try {
      await job.before();
      await control.turn();
      await runParts(runPartsOf(job.parts, job.hashOf), job.bench(), {
        control,
        card() {},
        reached() {},
        rows: (rows) => teller.rows(rows),
        progress: (progress) => teller.progress(progress),
        failed: (part, error) => {
          if (!job.known?.(error)) teller.failed(part, error);
        },
      });
    } finally {
      teller.close();
    }
  }
}

/** @param hashOf names an experiment in rows */
export const runPartsOf = (
  parts: readonly StudyPart[],
  hashOf: (experiment: Experiment) => string,
): RunPart[] =>
  parts.map(({ id, experiment, line }) => ({
    id,
    experiment,
    hash: hashOf(experiment),
    ...(line && { line }),
  }));

/** Why a study cannot begin now. */
export const busyProblem: Problem = {
  code: 'study.busy',
  path: '',
  message: 'a recipe is running in the Lab: stop it or wait for its end',
};

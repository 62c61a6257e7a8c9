/**
 * One scan or search at a time for the lab, in the background: it waits while somebody looks at a moved slider, and
 * ends when a training begins. What was scanned is kept.
 */
import { type Problem, problemOf } from '../../spec/problem';
import type { ScanEvent, SearchEvent, SearchWish } from '../../worker/api-search';
import { Control } from '../control';
import type { SearchBench } from './bench';
import { Scans, scanLayers } from './scan';
import { type SearchJob, search } from './search';

type Interrupted = { how: 'interrupted' };
/** Searches of the same card with the same seed try the same settings. */
const SEED = 1;

export class SearchDesk {
  readonly #scans = new Scans();
  #control: Control | undefined;
  #finished: Promise<void> = Promise.resolve();
  #kind: 'scan' | 'search' | undefined;
  #why: 'stopped' | 'interrupted' = 'stopped';
  /** Looks that are going on and come first. */
  #looks = 0;
  #wake: (() => void)[] = [];

  get searching(): boolean {
    return this.#kind === 'search';
  }
  /** Resolves when nothing is scanned or searched. */
  get finished(): Promise<void> {
    return this.#finished;
  }

  /** Something comes first: what is scanned or searched waits until the function that this returns is called. */
  yield(): () => void {
    let over = false;
    this.#looks++;
    return () => {
      if (over) return;
      over = true;
      this.#looks--;
      if (this.#looks === 0) this.#resume();
    };
  }
  #resume(): void {
    for (const go of this.#wake.splice(0)) go();
  }

  /** Resolves when the work, if any, has let go. */
  async stop(why: 'stopped' | 'interrupted' = 'stopped'): Promise<void> {
    if (this.#control) this.#why = why;
    this.#control?.stop();
    this.#resume();
    await this.#finished;
  }
  /** Forgets what was scanned: trainings are done anew, or another device computes. */
  forget(): void {
    this.#scans.clear();
  }

  /** Resolves at the end; what goes wrong is told. A scan does not disturb a search. */
  async scan(bench: () => SearchBench, tell: (event: ScanEvent) => void): Promise<void> {
    if (this.searching) return tell({ type: 'end', how: 'interrupted' });
    await this.#do('scan', tell, async (turn) => {
      await scanLayers(bench(), this.#scans, turn, {
        start: (untouched, total) => tell({ type: 'start', untouched, total }),
        points: (points, done) => tell({ type: 'points', points, done }),
      });
      tell({ type: 'end', how: 'done' });
    });
  }

  /** The same for a search. */
  async search(
    bench: () => SearchBench,
    { goal, seconds, seed = SEED }: SearchWish,
    time: SearchJob['time'],
    tell: (event: SearchEvent) => void,
  ): Promise<void> {
    const heard = (event: SearchEvent) =>
      tell(event.type === 'end' && event.how === 'stopped' ? { ...event, how: this.#why } : event);
    await this.#do('search', tell, (turn) =>
      search({
        bench: bench(),
        scans: this.#scans,
        goal,
        seconds,
        seed,
        turn,
        time,
        tell: heard,
        now: () => performance.now(),
      }),
    );
  }

  async #do(
    kind: 'scan' | 'search',
    tell: (
      event: { type: 'problem'; problem: Problem } | ({ type: 'end' } & (Interrupted | { how: 'stopped' })),
    ) => void,
    work: (turn: () => Promise<void>) => Promise<void>,
  ): Promise<void> {
    while (this.#control) await this.stop('interrupted');
    const control = new Control();
    this.#control = control;
    this.#kind = kind;
    this.#why = 'stopped';
    const turn = async () => {
      await control.turn();
      while (this.#looks > 0 && !control.stopped) await new Promise<void>((go) => this.#wake.push(go));
      await control.turn();
    };
    const done = work(turn)
      .catch((error) => {
        if (control.stopped) tell({ type: 'end', how: this.#why });
        else tell({ type: 'problem', problem: problemOf(error) });
      })
      .finally(() => {
        if (this.#control !== control) return;
        this.#control = undefined;
        this.#kind = undefined;
      });
    this.#finished = done;
    await done;
  }
}

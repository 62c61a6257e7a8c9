/**
 * The search itself: settings read off the sensitivity curves first, then one of every strategy in turn, so that all
 * have tried equally many when it is stopped. Validation images choose: few for every setting, many for contenders.
 * Times are measured for members of the front only.
 */
import { macs } from '../../models/build';
import type { NetState } from '../../models/types';
import { frontOf } from '../../spec/front';
import { Cancelled, WinnowError } from '../../spec/problem';
import type {
  Goal,
  Hits,
  SearchEvent,
  SearchPhase,
  Seeker,
  Setting,
  Tried,
  TriedTime,
} from '../../worker/api-search';
import type { SearchBench, Turn } from './bench';
import { settingsOf } from './curves';
import { accuracyOf, bestOf, closestOf, measureOf, scoreOf, share, type Yardstick } from './goals';
import { type Scan, type Scans, scanLayers } from './scan';
import { type Strategy, strategies } from './strategies';

export interface SearchJob {
  bench: SearchBench;
  scans: Scans;
  goal: Goal;
  seconds: number;
  seed: number;
  /** Settings proposed by strategies at most. */
  most?: number;
  /** Awaited between chunks of work; throws Cancelled to stop. */
  turn: Turn;
  /** Milliseconds for one image of a setting, against the dense network; undefined where nothing can be timed now. */
  time(state: NetState, dense: NetState, turn: Turn): Promise<TriedTime | undefined>;
  tell(event: SearchEvent): void;
  now(): number;
}

/** Of the fastest: settings between two rounds of timing. */
const TIMED_EVERY = 24;
/** Members of the front that are timed at most: for the fastest each time, and at the end. */
const TIMED = 4;
const TIMED_LAST = 8;
/** Multiply-accumulates of a scan from which on it is left to the background: a minute or so on a CPU. */
const SCAN_MACS = 3e11;
/** Settings in a row that were known already: the whole space has been tried. */
const NOTHING_NEW = 60;

export async function search(job: SearchJob): Promise<void> {
  const run = new Run(job);
  let how: 'done' | 'stopped' = 'done';
  try {
    await run.whole();
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    how = 'stopped';
  }
  job.tell({ type: 'end', how, ...run.outcome() });
}

class Run {
  readonly #job: SearchJob;
  #began: number | undefined;
  readonly #all: Tried[] = [];
  /** By setting: one per strategy that came upon it. */
  readonly #known = new Map<string, Tried[]>();
  #dense: Yardstick | undefined;
  #denseState: NetState | undefined;
  #hidden = false;
  #refused: WinnowError | undefined;

  constructor(job: SearchJob) {
    this.#job = job;
  }
  get #secondsLeft(): number {
    const { seconds, now } = this.#job;
    return this.#began === undefined ? seconds : Math.max(0, seconds - (now() - this.#began) / 1000);
  }

  async whole(): Promise<void> {
    const { bench, goal, turn, seed, tell, most = Number.POSITIVE_INFINITY } = this.#job;
    await this.#measureDense();
    const scan = await this.#scan();
    const seekers = strategies(bench.space.size, seed);
    if (scan) {
      for (const setting of settingsOf(bench.space, scan.points, scan.untouched)) {
        const tried = await this.#try('curves', setting);
        if (tried) for (const seeker of seekers) seeker.tell(this.#lesson(tried));
      }
    }
    if (goal.kind === 'fastest') await this.#times(TIMED);
    // What comes before is little and the same for all; on a slow machine it must not take the time of the strategies.
    this.#began = this.#job.now();
    for (let n = 0, idle = 0; n < most && this.#secondsLeft > 0 && idle < NOTHING_NEW; n++) {
      const before = this.#all.length;
      await this.#step(seekers[n % seekers.length]);
      idle = this.#all.length > before ? 0 : idle + 1;
      if (goal.kind === 'fastest' && n % TIMED_EVERY === TIMED_EVERY - 1) await this.#times(TIMED);
    }
    if (this.#all.length === 0 && this.#refused) throw this.#refused;
    await turn();
    await this.#times(TIMED_LAST);
    tell(this.#progress('times'));
  }

  async #measureDense(): Promise<void> {
    const { bench, turn, tell } = this.#job;
    const { dense } = await bench.before(turn);
    const images = await bench.images(dense.state);
    const quick = await bench.hits(dense.state, images.quick, turn);
    const full = await bench.hits(dense.state, images.full, turn);
    this.#dense = { quick, full, bytes: bench.bytes(dense.state) };
    this.#denseState = dense.state;
    tell({ type: 'start', ...measureOf(this.#dense) });
  }

  /** The curves of all layers, measured where they are not known; undefined for large networks. */
  async #scan(): Promise<Required<Scan> | undefined> {
    const { bench, scans, turn, tell } = this.#job;
    const points = bench.space.size * bench.space.grid().length;
    if (points * this.#dense!.quick.count * macs(this.#denseState!.arch) > SCAN_MACS) return undefined;
    const told = () => tell(this.#progress('curves'));
    return scanLayers(bench, scans, turn, { start: told, points: told });
  }

  async #step(seeker: Strategy): Promise<void> {
    const { space } = this.#job.bench;
    const setting = space.setting(seeker.ask());
    const tried = await this.#try(seeker.id, setting);
    if (tried) seeker.tell(this.#lesson(tried));
  }
  #lesson(tried: Tried) {
    const { bench, goal } = this.#job;
    return { point: bench.space.point(tried.setting), score: scoreOf(goal, tried, this.#dense!) };
  }

  /**
   * Undefined where a card refuses the setting. Nothing is measured twice: what another strategy has tried before is
   * this one's, too, and what this one has tried before is the same answer.
   */
  async #try(by: Seeker, setting: Setting): Promise<Tried | undefined> {
    const { bench, turn, tell } = this.#job;
    await turn();
    const key = bench.space.keyOf(setting);
    const twin = this.#known.get(key)?.find((t) => t.by === by);
    if (twin) return this.#all[twin.number - 1];
    let state: NetState | undefined;
    const made = async () => {
      state ??= await this.#state(setting);
      return state;
    };
    const other = this.#known.get(key)?.[0];
    const told = other ? this.#all[other.number - 1] : await this.#look(await made());
    if (!told) return undefined;
    let tried: Tried = { ...told, number: this.#all.length + 1, by, setting };
    if (!tried.full && this.#contends(tried)) {
      tried = { ...tried, full: await this.#full((await made())!, tried.quick) };
    }
    this.#all.push(tried);
    this.#known.set(key, [...(this.#known.get(key) ?? []), tried]);
    tell({ type: 'tried', tried: [tried] });
    tell(this.#progress('settings'));
    return tried;
  }
  async #look(state: NetState | undefined): Promise<Pick<Tried, 'bytes' | 'quick'> | undefined> {
    const { bench, turn } = this.#job;
    if (!state) return undefined;
    await turn();
    const bytes = bench.bytes(state);
    return { bytes, quick: await bench.hits(state, this.#dense!.quick.count, turn) };
  }
  async #state(setting: Setting): Promise<NetState | undefined> {
    try {
      return await this.#job.bench.state(setting, this.#job.turn);
    } catch (error) {
      if (!(error instanceof WinnowError)) throw error;
      this.#refused = error;
      return undefined;
    }
  }
  async #full(state: NetState, quick: Hits): Promise<Hits> {
    const { count } = this.#dense!.full;
    return count === quick.count ? quick : this.#job.bench.hits(state, count, this.#job.turn);
  }

  /** Worth many images: nothing of the same strategy that was measured on as many is smaller and more accurate. */
  #contends(tried: Tried): boolean {
    const mine = accuracyOf(tried, this.#dense!);
    return !this.#all.some(
      (t) => t.by === tried.by && t.full && t.bytes <= tried.bytes && share(t.full) >= mine,
    );
  }

  /** Times members of the front of accuracy and bytes that were not timed yet; for the fastest those above the floor. */
  async #times(most: number): Promise<void> {
    const { goal, turn, tell, bench } = this.#job;
    const full = this.#all.filter((t) => t.full);
    const front = frontOf(full, (t) => ({ cost: t.bytes, gain: share(t.full!) }));
    const able = goal.kind === 'fastest' ? front.filter((t) => share(t.full!) >= goal.accuracy) : front;
    const best = this.#best();
    // The best first, then from both ends of what is left: the smallest tend to be the fastest.
    const wanted = [...(best ? [best] : []), ...able].filter((t, i, all) => !t.time && all.indexOf(t) === i);
    for (const tried of wanted.slice(0, most)) {
      tell(this.#progress('times'));
      const state = await bench.state(tried.setting, turn);
      const time = await this.#job.time(state, this.#denseState!, turn);
      if (!time) {
        this.#hidden = true;
        return;
      }
      this.#renew({ ...tried, time });
    }
    tell(this.#progress('settings'));
  }
  #renew(tried: Tried): void {
    this.#all[tried.number - 1] = tried;
    this.#job.tell({ type: 'tried', tried: [tried] });
  }

  #best(): Tried | undefined {
    return this.#dense && bestOf(this.#job.goal, this.#all, this.#dense);
  }
  #progress(phase: SearchPhase): SearchEvent {
    const best = this.#best()?.number;
    return { type: 'progress', phase, secondsLeft: this.#secondsLeft, ...(best !== undefined && { best }) };
  }
  outcome(): { best?: number; closest?: number; hidden?: true } {
    const best = this.#best();
    const closest = best || !this.#dense ? undefined : closestOf(this.#job.goal, this.#all, this.#dense);
    return {
      ...(best && { best: best.number }),
      ...(closest && { closest: closest.number }),
      ...(this.#hidden && { hidden: true as const }),
    };
  }
}

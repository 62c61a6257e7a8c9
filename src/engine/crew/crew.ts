/**
 * Trainings side by side. Hands are hired when there is work for them and let go when there is none for a while; one
 * that dies is named, and its training begins again elsewhere. What a training gives does not depend on which hand did
 * it, nor on what the others were doing.
 */
import type { Dataset } from '../../datasets/types';
import type { Arch } from '../../models/types';
import { Cancelled, messageOf, type Problem, WinnowError } from '../../spec/problem';
import type { BareRow, Outcome, Trained, Unfinished } from '../results';
import type { BackendId } from '../types';
import { Feed } from './feed';
import { crewSize } from './size';
import type { Hand, HandJob, HandResult, Hire, Order, Staff, Trainer } from './types';

/** A hand that has not let go of a stopped training by then is ended. */
const PATIENCE_MS = 120;
/** Hands without work are let go after this long. */
const IDLE_MS = 30_000;
/** A thread tells how far it has got so often: a copy of weights and moments, which must not cost more than it saves. */
const KEEP_MS = 5000;
/** A training is tried on so many threads before it is done inside the lab. */
const TRIES = 2;

interface Member {
  /** As in messages; counts from 1 and is never used again. */
  name: number;
  hand: Hand;
  up: Promise<unknown>;
  /** Rejects with HandGone when the hand ends by itself, or `end` is called. */
  gone: Promise<never>;
  end(reason: string): void;
  feed?: Feed;
  busy: boolean;
  idle?: ReturnType<typeof setTimeout>;
}
interface Waiting {
  order: Order;
  resolve(trained: Trained): void;
  reject(reason: unknown): void;
  /** Rows told so far: a training that begins again makes the same ones again. */
  told: number;
  /** Hands it has lost. */
  lost: number;
  /** As far as it got on one that is lost. */
  kept?: Unfinished;
}
class HandGone extends Error {}

export interface CrewOptions {
  backend: BackendId;
  /** What the lab's own backend calls itself in rows. */
  device: string;
  /** Threads; absent where all trainings are done one after the other inside the lab. */
  staff?: Staff;
  /** The hand inside the lab, or, on a device that trains several networks together, one of a few. */
  local: Hire;
  /** How many trainings go on inside the lab at a time, default 1. */
  abreast?(arch: Arch): number;
  /** Told of hands that died. */
  onProblem?(problem: Problem): void;
  /** How long to wait before idle hands are let go, and stopped ones ended. */
  idleMs?: number;
  patienceMs?: number;
  /** How often threads tell how far they have got. */
  keepMs?: number;
}

export class Crew implements Trainer {
  readonly #members = new Set<Member>();
  readonly #queue: Waiting[] = [];
  #names = 0;
  /** No thread came up: everything is done inside the lab from then on. */
  #alone: boolean;
  #disposed = false;

  constructor(readonly options: CrewOptions) {
    this.#alone = options.staff === undefined;
  }

  /** Hands there are at the moment. */
  get size(): number {
    return this.#members.size;
  }
  width(arch: Arch, data: Dataset): number {
    const { staff } = this.options;
    return this.#alone || !staff ? this.#inside(arch) : crewSize(staff, arch, data);
  }

  #inside(arch: Arch): number {
    return this.options.abreast?.(arch) ?? 1;
  }

  train(order: Order): Promise<Trained> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { order, resolve, reject, told: 0, lost: 0 };
      this.#queue.push(waiting);
      order.control.watch((state) => {
        const at = this.#queue.indexOf(waiting);
        if (state !== 'stopped' || at < 0) return;
        this.#queue.splice(at, 1);
        reject(new Cancelled());
      });
      this.#next();
    });
  }

  fed(data: Dataset): void {
    for (const { feed } of this.#members) {
      // A hand that is gone is noticed where its training waits.
      if (feed?.data === data) feed.more().catch(() => {});
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(new Cancelled());
    const members = [...this.#members];
    for (const { end } of members) end('the crew is dismissed');
    await Promise.all(members.map((member) => this.#dismiss(member)));
  }

  /** Gives work to hands until one of both is used up. */
  #next(): void {
    while (this.#queue.length > 0 && !this.#disposed) {
      const first = this.#queue.reduce((a, b) => (b.order.rank < a.order.rank ? b : a));
      const member = this.#free(first);
      if (!member) return;
      this.#queue.splice(this.#queue.indexOf(first), 1);
      void this.#work(member, first);
    }
  }

  /** A hand for this training: an idle one, or a new one where there is room. */
  #free({ order, lost }: Waiting): Member | undefined {
    const inside = this.#alone || lost >= TRIES;
    const same = [...this.#members].filter(({ hand }) => hand.thread !== inside);
    const idle = same.find(({ busy }) => !busy);
    const { arch } = order.state;
    const room = inside ? this.#inside(arch) : this.width(arch, order.data);
    return idle ?? (same.length < room ? this.#hire(inside) : undefined);
  }

  #hire(inside: boolean): Member {
    const { staff, local, backend } = this.options;
    let end: Member['end'] = () => {};
    const gone = new Promise<never>((_, reject) => {
      end = (reason) => reject(new HandGone(reason));
    });
    const hand = inside || !staff ? local(end) : this.#thread(staff.hire, end);
    const up = hand.api.open(backend);
    const member: Member = { name: ++this.#names, hand, up, gone, end, busy: false };
    this.#members.add(member);
    up.catch((error) => {
      this.#alone = true;
      end(messageOf(error));
    });
    gone.catch(() => this.#dismiss(member));
    return member;
  }
  /** Where threads cannot be had at all, the lab itself is the only hand. */
  #thread(hire: Hire, end: Member['end']): Hand {
    try {
      return hire(end);
    } catch {
      this.#alone = true;
      return this.options.local(end);
    }
  }

  async #dismiss(member: Member): Promise<void> {
    clearTimeout(member.idle);
    if (this.#members.delete(member)) await member.hand.dismiss();
  }

  async #work(member: Member, waiting: Waiting): Promise<void> {
    const { order, resolve, reject } = waiting;
    member.busy = true;
    clearTimeout(member.idle);
    try {
      resolve(await this.#result(member, waiting));
    } catch (error) {
      if (!(error instanceof HandGone)) reject(error);
      else if (this.#disposed || order.control.stopped) reject(new Cancelled());
      else this.#again(member, waiting, error.message);
    }
    member.busy = false;
    if (this.#members.has(member) && member.hand.thread) {
      member.idle = setTimeout(() => this.#dismiss(member), this.options.idleMs ?? IDLE_MS);
      // Only Node has it: an idle hand does not keep a program from ending.
      (member.idle as { unref?(): void }).unref?.();
    }
    this.#next();
  }

  /** The hand died: its training goes back to the queue, and the lab hears of it. */
  #again({ name }: Member, waiting: Waiting, reason: string): void {
    waiting.lost++;
    this.#queue.push(waiting);
    this.options.onProblem?.({
      code: 'crew.lost',
      path: waiting.order.card,
      message: `training thread ${name} ended (${reason}); its training begins again`,
      values: { thread: name, reason },
    });
  }

  async #result(member: Member, waiting: Waiting): Promise<Trained> {
    const { order } = waiting;
    const { control, data } = order;
    const { promise: stopped, reject: stop } = rejection();
    const unwatch = control.watch((state) => state === 'stopped' && stop(new Cancelled()));
    let training: Promise<HandResult> | undefined;
    try {
      await Promise.race([control.turn(), member.gone]);
      await Promise.race([member.up, member.gone, stopped]);
      await Promise.race([data.ready, member.gone, stopped]);
      if (member.feed?.data !== data) member.feed = new Feed(data, member.hand);
      await Promise.race([member.feed.more(), member.gone, stopped]);
      order.onBegin?.();
      training = this.#train(member, waiting);
      const result = await Promise.race([training, member.gone, stopped]);
      if ('problem' in result) throw new WinnowError(result.problem);
      if ('stopped' in result) throw new Cancelled();
      return finished(waiting, result.done);
    } catch (error) {
      if (error instanceof HandGone) throw error;
      if (training) await this.#letGo(member, training, order);
      // Stopped while the thread was coming up or being fed: it goes, too.
      else if (member.hand.thread && control.stopped) await this.#dismiss(member);
      throw error;
    } finally {
      unwatch();
    }
  }

  #train({ hand }: Member, waiting: Waiting): Promise<HandResult> {
    const { api } = hand;
    const { order } = waiting;
    const { state, values, regime, seed, replicate, card, from } = order;
    // No more than a training reads: all of this is copied to the hand's thread.
    const { arch, tensors, masks, quant, held, trainings } = state;
    const start = { arch, tensors, masks, quant, ...(held && { held }), trainings };
    const { device } = this.options;
    const taken = waiting.kept ?? from;
    const job: HandJob = {
      ...{ start, values, seed, replicate, card, device },
      ...(regime && { regime }),
      ...(taken && { from: taken }),
      ...(hand.thread && { keepMs: this.options.keepMs ?? KEEP_MS }),
    };
    let open = true;
    const training = api.train(job, (word) => {
      if (!open) return;
      if ('step' in word) order.onProgress?.(word.step);
      else if ('kept' in word) keep(waiting, word.kept);
      else tellRows(waiting, word);
    });
    const unwatch = order.control.watch((state) => {
      api.steer(state).catch(() => {});
    });
    const close = () => {
      open = false;
      unwatch();
    };
    training.then(close, close);
    return training;
  }

  /**
   * A training that ended early: whatever can be kept of it is, and a thread that may still hold its memory goes.
   * One that does not answer is ended with its work.
   */
  async #letGo(member: Member, training: Promise<HandResult>, order: Order): Promise<void> {
    const { hand } = member;
    hand.api.steer('stopped').catch(() => {});
    const answer = training.catch(() => undefined);
    const result = await (hand.thread
      ? Promise.race([answer, later(this.options.patienceMs ?? PATIENCE_MS)])
      : answer);
    if (result && 'stopped' in result && result.stopped) order.onStopped?.(result.stopped);
    if (hand.thread) await this.#dismiss(member);
  }
}

/** Should the hand die, the training begins again from there. */
function keep(waiting: Waiting, kept: Unfinished): void {
  waiting.kept = kept;
  waiting.order.onStopped?.(kept);
}

function finished(waiting: Waiting, { tensors, masks, rows, history, stop }: Outcome): Trained {
  const { state, values } = waiting.order;
  tellRows(waiting, { first: 0, rows });
  const counted = { trainings: state.trainings + 1, steps: state.steps + values.steps };
  const next = { ...state, tensors, final: tensors, masks: masks ?? state.masks, ...counted };
  const early = stop && { stop: { ...stop, masks: stop.masks ?? state.masks } };
  return { state: next, rows, history, ...early };
}

/** Those that were not told before. */
function tellRows(waiting: Waiting, { first, rows }: { first: number; rows: BareRow[] }): void {
  const fresh = rows.slice(Math.max(0, waiting.told - first));
  waiting.told += fresh.length;
  if (fresh.length > 0) waiting.order.onRows?.(fresh);
}

function rejection(): { promise: Promise<never>; reject(reason: unknown): void } {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  promise.catch(() => {});
  return { promise, reject };
}
const later = (ms: number) => new Promise<undefined>((resolve) => setTimeout(resolve, ms));

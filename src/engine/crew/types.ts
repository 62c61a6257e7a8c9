/** What the lab, its crew and the crew's hands say to each other. */
import type { Dataset, Examples, SplitName } from '../../datasets/types';
import type { Regime } from '../../methods/regime';
import type { Arch, NetState } from '../../models/types';
import type { Problem } from '../../spec/problem';
import type { Control, ControlState } from '../control';
import type { BareRow, Outcome, Trained, Unfinished } from '../results';
import type { TrainStart, TrainValues } from '../training';
import type { BackendId } from '../types';

/** A training that somebody wants done. */
export interface Order {
  /** Place in the order of execution one after the other: what waits longest there goes first. */
  rank: number;
  state: NetState;
  values: TrainValues;
  /** What it does beside minimizing the loss. */
  regime?: Regime;
  seed: number;
  replicate: number;
  /** Path of the card, for messages. */
  card: string;
  data: Dataset;
  control: Control;
  /** Where it was stopped before. */
  from?: Unfinished;
  onBegin?(): void;
  /** Steps done so far. */
  onProgress?(step: number): void;
  /** Rows in their order, each once, as they are made. */
  onRows?(rows: BareRow[]): void;
  /**
   * Told before the rejection with Cancelled, where the training can be taken up again; on a device that may be lost
   * also now and then on the way.
   */
  onStopped?(unfinished: Unfinished): void;
}

/** Whoever trains: side by side on threads, or one after the other. */
export interface Trainer {
  /** Trainings of this network that may go on at the same time. */
  width(arch: Arch, data: Dataset): number;
  /**
   * @throws WinnowError of the training or of its data; Cancelled when its control stops, at most some 200 ms after
   * that where it trains on a thread of its own
   */
  train(order: Order): Promise<Trained>;
  /** To be called when more of the data set has arrived. */
  fed(data: Dataset): void;
  dispose(): Promise<void>;
}

/** Of a split, what a hand must know; the bytes themselves come along where memory is shared. */
export interface SplitHead {
  total: number;
  shape: Examples['shape'];
  scale: number;
  shift: number;
  memory?: { pixels: Uint8Array; labels: Uint8Array };
}
/** Examples [from, count) have arrived; the bytes are copies, where memory is not shared. */
export interface SplitPart {
  split: TrainingSplit;
  from: number;
  count: number;
  bytes?: { pixels: Uint8Array; labels: Uint8Array };
}
/** A hand never gets to see the test split. */
export type TrainingSplit = Exclude<SplitName, 'test'>;

export interface HandJob {
  start: TrainStart;
  values: TrainValues;
  regime?: Regime;
  seed: number;
  replicate: number;
  card: string;
  /** Written into the rows. */
  device: string;
  from?: Unfinished;
  /** Tells of what was reached after so many milliseconds each: a thread may be ended or die with its work. */
  keepMs?: number;
}
/** News of a training; `first` is the position of `rows[0]` among all rows of the training. */
export type Word = { step: number } | { first: number; rows: BareRow[] } | { kept: Unfinished };
export type HandResult = { done: Outcome } | { problem: Problem } | { stopped: Unfinished | null };

/** One hand: does one training at a time. Every call may cross a thread. */
export interface HandApi {
  /** @returns what it computes on, as in rows */
  open(backend: BackendId): Promise<string>;
  /** Replaces the data set it trains on, empty at first. */
  data(splits: Record<TrainingSplit, SplitHead>): Promise<void>;
  more(part: SplitPart): Promise<void>;
  /** The rest will not come: a training that needs it fails with this, others go on. */
  lost(problem: Problem): Promise<void>;
  train(job: HandJob, tell: (word: Word) => void): Promise<HandResult>;
  steer(state: ControlState): Promise<void>;
  /** Frees what it holds; it is of no use afterwards. */
  close(): Promise<void>;
}
export interface Hand {
  readonly api: HandApi;
  /** False for the one inside the lab itself, which cannot be ended from outside. */
  readonly thread: boolean;
  /** Ends it at once, whatever it does. */
  dismiss(): void | Promise<void>;
}
/** Starts a hand. `onGone` is told, once, when it ends by itself. */
export type Hire = (onGone: (reason: string) => void) => Hand;

/** The machine's room for hands. */
export interface Staff {
  hire: Hire;
  /** Hands side by side at most: hardware threads, unless somebody wants fewer. */
  cores: number;
  /** Bytes all hands together may take. */
  bytes: number;
}

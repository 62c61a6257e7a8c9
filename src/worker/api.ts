/** What page and worker say to each other. Types only; both sides import it. */

import type { OwnAnswer, OwnProgress, OwnUpload } from '../datasets/own/types';
import type { Fetching } from '../datasets/types';
import type { BackendId, Facts } from '../engine/types';
import type { Problem } from '../spec/problem';
import type { Experiment, Row } from '../spec/types';

export interface DeviceOption {
  id: BackendId;
  available: boolean;
  /** Shown in the menu: what device it is, or why it is not available. */
  detail: string;
}
export interface DeviceReport {
  id: BackendId;
  device: string;
  /** 'measured': the fastest of those timed; 'chosen': by the user or the link. */
  why: 'measured' | 'chosen' | 'fallback';
  /** Milliseconds per training step in the start-up measurement, by backend. */
  timings: Partial<Record<BackendId, number>>;
  options: DeviceOption[];
}

export type CardStatus = 'off' | 'done' | 'needs-run' | 'running' | 'failed';

export type { Facts, LayerFacts } from '../engine/types';

export interface Accuracy {
  split: 'val' | 'test';
  correct: number;
  count: number;
}
export interface Spread {
  median: number;
  q1: number;
  q3: number;
}
/** Dense and compressed timed interleaved in one run. Times in ms per call; ratios dense / compressed. */
export interface SpeedReport {
  device: string;
  latency: { batch: 1; dense: Spread; compressed: Spread; ratio: Spread };
  throughput: { batch: 256; dense: Spread; compressed: Spread; ratio: Spread };
  /** True where the quartiles of dense and compressed overlap: no claim of being faster. */
  overlap: { latency: boolean; throughput: boolean };
  /** What was executed: masked dense layers run dense. */
  executed: 'dense' | 'thin';
}
export interface Preview {
  /** Rises with every preview; the page drops older ones. */
  token: number;
  /** Path of the last card that is applied in this state; '' = the untrained network. */
  at: string;
  cards: Record<string, CardStatus>;
  facts: Facts;
  dense?: { facts: Facts; test?: Accuracy };
  /** On the first 1,000 validation images, as soon as possible. */
  quick?: Accuracy;
  /** On the whole test set. */
  test?: Accuracy;
  speed?: SpeedReport;
}
export interface SweepPoint {
  token: number;
  at: string;
  param: string;
  value: number;
  facts: Facts;
  test: Accuracy;
  /** Dense time / this time at batch 256 (median of interleaved rounds), where measured. */
  speed?: Spread;
}
/** One training that is going on. */
export interface TrainingProgress {
  /** Card, rounds and arms included. */
  at: string;
  arm?: string;
  replicate: number;
  /** Steps done and to do. */
  step: number;
  steps: number;
}
export interface Progress {
  /** What goes on side by side, in the order of the recipe. */
  running: TrainingProgress[];
  /** Steps done and to do in the whole run (what was kept from before is not counted). */
  done: number;
  total: number;
  /** Of all trainings together. */
  stepsPerSecond: number;
  /** NaN as long as nobody can say. */
  secondsLeft: number;
}
export type LabEvent =
  | { type: 'data'; loaded: number; total: number; ready: boolean; fetching?: Fetching }
  | { type: 'device'; report: DeviceReport }
  | { type: 'run'; status: 'running' | 'paused' | 'done' | 'stopped' | 'failed'; hash: string }
  | { type: 'card'; at: string; status: CardStatus }
  | { type: 'progress'; progress: Progress }
  | { type: 'rows'; rows: Row[] }
  | { type: 'preview'; preview: Preview }
  | { type: 'sweep'; points: SweepPoint[]; done: boolean; token: number }
  | { type: 'problem'; problem: Problem };

export interface Histogram {
  layer: string;
  /** Bin edges, n + 1. */
  edges: number[];
  before: number[];
  after: number[];
  /** Exact zeros, not drawn in `after`. */
  zeros: number;
}
/** For the inspector; all of the state shown by the last preview. */
export interface Inspection {
  histograms: Histogram[];
  /** Kept weights per input of the first weight layer when it is dense on the image: h*w counts (channels of a pixel added up), and the maximum possible. */
  keptPerInput?: { height: number; width: number; counts: number[]; max: number };
}
export interface Guess {
  /** Softmax probabilities by class. */
  dense?: number[];
  compressed: number[];
}

export interface LabApi {
  /** Starts device and data set (MNIST unless told); events go to `sink` (a comlink proxy) from then on. */
  boot(sink: (event: LabEvent) => void, want?: BackendId, data?: string): Promise<DeviceReport>;
  useBackend(id: BackendId | 'auto'): Promise<DeviceReport>;
  /** Runs what is not there yet; resolves when done, stopped or failed (also told by events). */
  run(experiment: Experiment): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): void;
  /** Shows the state after the last card that needs no training; newest call wins. Sweeps `sweepAt` afterwards. */
  preview(experiment: Experiment, sweepAt?: string): Promise<void>;
  /** Forgets the state of this card and everything after it, so that Run does it anew. */
  forget(experiment: Experiment, at: string): Promise<void>;
  inspect(experiment: Experiment): Promise<Inspection | null>;
  guess(experiment: Experiment, pixels: Uint8Array): Promise<Guess | null>;
  /** Reads the visitor's own files into a data set to look at; newer files give up older ones. `tell` is a comlink proxy. */
  readData(files: readonly OwnUpload[], tell: (progress: OwnProgress) => void): Promise<OwnAnswer>;
  /** Gives up what is being read and forgets what was. */
  cancelData(): void;
  /** Makes what was read last a data set under this name; `problem` where it could not be kept for the next visit. */
  adoptData(id: string, name: string): Promise<OwnAnswer>;
  removeData(id: string): Promise<void>;
}

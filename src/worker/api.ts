/** What page and worker say to each other. Types only; both sides import it. */

import type { SpeedAxis, SpeedSeries, SpeedSubject } from '../catalog/speed';
import type { OwnAnswer, OwnProgress, OwnUpload } from '../datasets/own/types';
import type { Fetching } from '../datasets/types';
import type { BackendId, ExecForm, Facts, GroupFacts, LayerForms } from '../engine/types';
import type { Note } from '../methods/types';
import type { OpenedFile } from '../models/files/types';
import type { Arch } from '../models/types';
import type { Problem } from '../spec/problem';
import type { Experiment, Row } from '../spec/types';
import type { CompareApi } from './api-compare';
import type { HistoryApi } from './api-history';
import type { SearchApi } from './api-search';
import type { StudyApi, TrainingProgress } from './api-study';
import type { TicketApi } from './api-ticket';

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

/** `measuring`: what its criterion must know from data is being measured. */
export type CardStatus = 'off' | 'done' | 'needs-run' | 'measuring' | 'running' | 'failed';

export type {
  Coding,
  Part,
  PartBytes,
  Positions,
  StoredForm,
  StoredTensor,
} from '../engine/stored/types';
export type { Facts, GroupFacts, LayerFacts } from '../engine/types';

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
export type { ExecForm, LayerForms } from '../engine/types';
export type { TrainingProgress } from './api-study';

/** Times of two networks, taken in turn; `ratio` is dense / compressed, round by round. */
export interface Pairing {
  /** Milliseconds per pass over the batch. */
  dense: Spread;
  compressed: Spread;
  ratio: Spread;
  /** The quartiles of the two times overlap: no claim of being faster or slower. */
  overlap: boolean;
}
/** One way to execute a layer, against its best dense kernel. */
export interface FormTiming {
  form: ExecForm;
  /** False: the inputs are rounded too. Such a form is executed only where somebody asks for it. */
  exact: boolean;
  /** Multiply-accumulates per image that it executes. */
  macs: number;
  /** Milliseconds per pass of this layer alone over the batch, and dense / this. */
  ms: Spread;
  ratio: Spread;
}
/** How one layer with weights is executed at one batch size. */
export interface LayerSpeed {
  /** As in the executed network: `fc1.u` and `fc1.v` are two. */
  layer: string;
  form: ExecForm;
  /** `measured`: the fastest exact one; `override`: by setForms; `only`: there is no other exact one. */
  chosen: 'measured' | 'override' | 'only';
  /** `dense` first; empty where nothing was timed (`only`). */
  candidates: FormTiming[];
  /** Multiply-accumulates per image, as executed. */
  macs: number;
}
/** One batch size. The first four fields: end to end, as a caller waits for them. */
export interface SpeedAt extends Pairing {
  batch: number;
  /** Cross-check: milliseconds per pass from (t(4R) - t(R)) / 3R; `agrees` where both are within a tenth of the medians. */
  slope: { dense: number; compressed: number; agrees: boolean };
  /** The same by the device's own clock, without submitting and waiting; where it has one. */
  kernel?: Pairing;
  layers: LayerSpeed[];
  /** Multiply-accumulates per image. Promised by the arithmetic: dense / executed. */
  macs: { dense: number; executed: number };
}
/** Dense and compressed network, executed each in its best kernels and timed in turn in one run. */
export interface SpeedReport {
  device: string;
  latency: SpeedAt & { batch: 1 };
  throughput: SpeedAt & { batch: 256 };
  /** Of the network as executed, on the whole test set; where a form runs that is not exact. */
  accuracy?: Accuracy;
}
/** Browsers slow hidden tabs down: nothing is timed until the tab is seen again. */
export interface SpeedRefusal {
  refused: 'hidden';
}
export type { Note } from '../methods/types';
/** The layers as they are in front of a card and behind it; of a repeat before its first round and after its last. */
export interface CardArchs {
  before: Arch;
  after?: Arch;
}
export interface Preview {
  /** Rises with every preview; the page drops older ones. */
  token: number;
  /** Path of the last card that is applied in this state; '' = the untrained network. */
  at: string;
  cards: Record<string, CardStatus>;
  facts: Facts;
  /** What cards have to tell beside their result, by path; `sayNote` of src/i18n/note.ts makes sentences of it. */
  notes: Readonly<Record<string, readonly Note[]>>;
  /** Of each card by path, as far as the recipe has been followed. */
  archs: Readonly<Record<string, CardArchs>>;
  /** Units that go together, in layer order: what each group had, has and uses. */
  groups: GroupFacts[];
  dense?: { facts: Facts; test?: Accuracy };
  /** On the first 1,000 validation images, as soon as possible. */
  quick?: Accuracy;
  /** On the whole test set. */
  test?: Accuracy;
  speed?: SpeedReport | SpeedRefusal;
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

/** A network as the file that its size is the length of. */
export interface SavedNetwork {
  bytes: Uint8Array<ArrayBuffer>;
}
export type { SpeedAxis, SpeedSeries, SpeedSubject } from '../catalog/speed';

/** One contestant of the Speed view, timed in turn with the dense subject. */
export interface SpeedPoint {
  subject: SpeedSubject;
  series: SpeedSeries;
  axis: SpeedAxis;
  /** Sparsity: pruned or removed weights / prunable weights. Bits per weight. Rank of the thin layers. */
  x: number;
  batch: number;
  /** Multiply-accumulates per image; the arithmetic promises dense / executed. */
  macs: { dense: number; executed: number };
  /** Milliseconds per pass over the batch. */
  dense: Spread;
  time: Spread;
  /** dense / time, round by round. */
  ratio: Spread;
  /** The quartiles of the two times overlap: no claim of being faster or slower. */
  overlap: boolean;
  /** What ran, where there is more than one kernel for it. */
  kernel?: string;
}
/** How the points were timed. */
export interface SpeedProtocol {
  /** Rounds counted per point; one more before them warms up. */
  rounds: number;
  /** The same where a pass lasts long. */
  slowRounds: number;
  /** A sample repeats the pass until it lasts this long, in milliseconds. */
  sampleMs: number;
}
export interface SpeedWish {
  subjects: readonly SpeedSubject[];
  /** `coarse`: few points of everything; `full`: the same, then what lies between. */
  depth: 'coarse' | 'full';
  /** Measured already: not measured again. */
  have: readonly Pick<SpeedPoint, 'subject' | 'series' | 'axis' | 'x' | 'batch'>[];
}
export type SpeedEvent =
  | { type: 'start'; backend: BackendId; device: string; protocol: SpeedProtocol }
  | { type: 'points'; points: SpeedPoint[] }
  /** Contestants done and to do; NaN seconds as long as nobody can say. */
  | { type: 'progress'; done: number; total: number; secondsLeft: number; now: SpeedSubject; batch: number }
  /** True: the tab is hidden and nothing is timed until it is seen again. */
  | { type: 'hidden'; hidden: boolean }
  /** `budget`: the time for one go is used up and `left` contestants have not been measured. */
  | { type: 'end'; how: 'done' | 'stopped' | 'budget'; left: number }
  | { type: 'problem'; problem: Problem };

export interface LabApi extends SearchApi, CompareApi, HistoryApi, TicketApi, StudyApi {
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
  /** Layers to be executed in these forms where they can be; the others are chosen by measurement. Looks again. */
  setForms(forms: LayerForms): void;
  /** Whether the tab is seen: nothing is timed while it is not. */
  visible(shown: boolean): void;
  inspect(experiment: Experiment): Promise<Inspection | null>;
  guess(experiment: Experiment, pixels: Uint8Array): Promise<Guess | null>;
  /** Reads the visitor's own files into a data set to look at; newer files give up older ones. `tell` is a comlink proxy. */
  readData(files: readonly OwnUpload[], tell: (progress: OwnProgress) => void): Promise<OwnAnswer>;
  /** Gives up what is being read and forgets what was. */
  cancelData(): void;
  /** Makes what was read last a data set under this name; `problem` where it could not be kept for the next visit. */
  adoptData(id: string, name: string): Promise<OwnAnswer>;
  removeData(id: string): Promise<void>;
  /** Writes the network on screen; null before there is one. */
  saveNetwork(experiment: Experiment): Promise<SavedNetwork | null>;
  /** Reads a network file and keeps it, for recipes that begin with it. A refusal changes nothing. */
  openNetwork(file: Blob, name: string): Promise<OpenedFile>;
  /**
   * Times dense and compressed subjects on this device; resolves at the end. A training in progress is a reason to
   * refuse, a training that starts one to stop. `tell` is a comlink proxy.
   */
  measureSpeed(wish: SpeedWish, tell: (event: SpeedEvent) => void): Promise<void>;
  stopSpeed(): void;
}

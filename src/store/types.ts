/** What the screen remembers. Implemented by lab.ts (zustand); every component reads this shape. */
import type { Fetching } from '../datasets/types';
import type { Problem } from '../spec/problem';
import type { Experiment, Row, Seeds, Step } from '../spec/types';
import type { CardStatus, DeviceReport, Preview, Progress, SweepPoint } from '../worker/api';

export interface SweepView {
  at: string;
  param: string;
  points: SweepPoint[];
  done: boolean;
  /** `lineKey` of the experiment that the points were made with. */
  line?: string;
}
/** A finished or pinned result, kept as a card at the bottom of the page. */
export interface RunCard {
  id: string;
  hash: string;
  /** Short generated description, e.g. `prune 90 % · 4 bits`. */
  title: string;
  experiment: Experiment;
  rows: Row[];
  preview?: Preview;
  sweep?: SweepView;
  pinned: boolean;
  /** Run it was branched from. */
  parent?: string;
  at: number;
}
export interface LabState {
  experiment: Experiment;
  /** Preset that was opened last, if any. */
  preset?: string;
  /** Path of the card whose slider is swept and drawn. */
  active: string;
  past: Experiment[];
  future: Experiment[];
  device?: DeviceReport;
  data: { loaded: number; total: number; ready: boolean; fetching?: Fetching };
  run: { status: 'idle' | 'running' | 'paused' | 'done' | 'stopped' | 'failed'; hash?: string };
  progress?: Progress;
  cards: Record<string, CardStatus>;
  preview?: Preview;
  sweep?: SweepView;
  /** Rows of the current experiment's last run. */
  rows: Row[];
  runs: RunCard[];
  problems: Problem[];
  /** The worker thread: `dead` means nothing more can be computed until the page is reloaded. */
  worker: { status: 'starting' | 'ready' | 'dead'; message?: string };
  /** Run whose experiment is on screen, when it was opened from a card: parent of the next run. */
  branch?: string;
}
export interface LabActions {
  open(experiment: Experiment, preset?: string): void;
  setActive(at: string): void;
  /** Changes one parameter of the card; `commit` false while a slider is being dragged (no undo entry, no link). */
  setParam(at: string, name: string, value: unknown, commit?: boolean): void;
  setOff(at: string, off: boolean): void;
  move(at: string, by: -1 | 1): void;
  remove(at: string): void;
  duplicate(at: string): void;
  /** Back to the method's defaults. */
  reset(at: string): void;
  /** Below the card `after`, else at the end of the recipe. */
  add(step: Step, after?: string): void;
  /** At this path; what was there moves down. The end of a list is a valid place. */
  addAt(step: Step, at: string): void;
  setField(field: 'data' | 'model' | 'replicates', value: string | number): void;
  /** Makes a network file the start of the recipe; `model` where the file's layers are those of a known network. */
  startFrom(file: string, model?: string): void;
  setSeed(name: 'init' | 'order' | 'method', value: number): void;
  setSeeds(seeds: Seeds): void;
  setRounds(at: string, rounds: number): void;
  undo(): void;
  redo(): void;
  runNow(): void;
  pause(): void;
  resume(): void;
  stop(): void;
  rerunFrom(at: string): void;
  /** Keeps what is on screen now (sliders moved, nothing trained) as a pinned run card. */
  keep(): void;
  /** Opens the experiment of a run card; what runs next is its child. */
  openRun(id: string): void;
  pin(id: string, pinned: boolean): void;
  discard(id: string): void;
  /** One problem, or all of them without an index. */
  dismiss(index?: number): void;
  report(problem: Problem): void;
  useBackend(id: string): void;
}
export type LabStore = LabState & LabActions;

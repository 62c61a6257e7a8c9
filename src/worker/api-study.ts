/** Studies: many trainings, kept as they finish. Types only. */
import type { Problem } from '../spec/problem';
import type { Row } from '../spec/types';
import type { Study } from '../studies/types';

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
export interface StudyTraining extends TrainingProgress {
  part: string;
}
export interface StudyProgress {
  /** What goes on side by side. */
  running: StudyTraining[];
  /** Steps done and to do; what was kept from before is not counted. */
  done: number;
  total: number;
  /** Trainings of the whole study that are finished, those kept from before counted. */
  trainings: { done: number; total: number };
  stepsPerSecond: number;
  /** NaN as long as nobody can say. */
  secondsLeft: number;
}
export type StudyEvent =
  /** Finished trainings tell theirs at once, also those of earlier visits; in no order across trainings. */
  | { type: 'rows'; rows: Row[] }
  | { type: 'progress'; progress: StudyProgress }
  /** `elsewhere`: another tab is running studies; this one goes on when that one lets go. */
  | { type: 'status'; status: 'running' | 'paused' | 'elsewhere' }
  /** Nothing more can be kept (full, forbidden): the study goes on in memory. */
  | { type: 'storage'; problem: Problem }
  /** Always the last one. `interrupted`: another run needed the machine; what was finished is kept. */
  | { type: 'end'; how: 'done' | 'stopped' | 'interrupted' }
  /** A card that fails (of the part `values.part`) ends only what starts from it: the rest goes on. */
  | { type: 'problem'; problem: Problem };
/** What is there of a study without computing anything. */
export interface StudyKept {
  rows: Row[];
  trainings: { done: number; total: number };
}
export interface StudyStorage {
  entries: number;
  bytes: number;
  /** Why nothing can be kept. */
  problem?: Problem;
}
export interface StudyApi {
  /**
   * Runs what of a study is not there yet; resolves when it ends (also told). One study at a time: a newer call stops
   * the one before. A run in the Lab that is going on is a reason to refuse. `tell` is a comlink proxy.
   */
  runStudy(study: Study, tell: (event: StudyEvent) => void): Promise<void>;
  pauseStudy(): void;
  resumeStudy(): void;
  /** Within 200 ms; what was finished is kept. */
  stopStudy(): Promise<void>;
  keptStudy(study: Study): Promise<StudyKept>;
  studyStorage(): Promise<StudyStorage>;
  /** Forgets what is kept of all studies. */
  clearStudies(): Promise<void>;
}

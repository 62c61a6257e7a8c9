/** Finding settings: what page and worker say to each other about sensitivity scans and searches. Types only. */
import type { Problem } from '../spec/problem';
import type { Experiment } from '../spec/types';

/** Which numbers are varied: a `perLayer` parameter of a card of the recipe itself, at all these layers. */
export interface SearchSubject {
  experiment: Experiment;
  /** Path of the card, e.g. `recipe.1`. */
  at: string;
  /** Name of the `perLayer` parameter. */
  param: string;
  layers: readonly string[];
}
/** A value for every layer. */
export type Setting = Readonly<Record<string, number>>;
/** Right answers on the first `count` validation images. */
export interface Hits {
  correct: number;
  count: number;
}

/** Accuracy with one layer at this value and all others untouched. */
export interface ScanPoint extends Hits {
  layer: string;
  value: number;
}
export type ScanEvent =
  /** `untouched`: the network before the card; `total`: points to be measured, those known already included. */
  | { type: 'start'; untouched: Hits; total: number }
  | { type: 'points'; points: ScanPoint[]; done: number }
  /** `interrupted`: a training, a search or a study of speed has begun. */
  | { type: 'end'; how: 'done' | 'stopped' | 'interrupted' }
  | { type: 'problem'; problem: Problem };

export type Goal =
  /** The smallest file that loses at most so many percentage points against the dense network. */
  | { kind: 'smallest'; points: number }
  /** The fastest for one image with at least this accuracy, a fraction. */
  | { kind: 'fastest'; accuracy: number }
  /** The most accurate in a file of at most so many bytes. */
  | { kind: 'accurate'; bytes: number };

/** Who proposed a setting; `curves`: read off the sensitivity curves. */
export type Seeker = 'curves' | 'random' | 'evolution' | 'bayes';
/** Milliseconds for one image, and dense time / this, round by round. */
export interface TriedTime {
  ms: number;
  ratio: { median: number; q1: number; q3: number };
  /** The quartiles of the two times overlap: no claim of being faster or slower. */
  overlap: boolean;
}
export interface Tried {
  /** From 1, in the order in which they were tried. */
  number: number;
  by: Seeker;
  setting: Setting;
  /** Length of the encoded file. */
  bytes: number;
  /** On the first few validation images; and on many, for contenders. */
  quick: Hits;
  full?: Hits;
  time?: TriedTime;
}
export interface SearchWish extends SearchSubject {
  goal: Goal;
  /** For the strategies: no new setting is tried after so many seconds. Curves, and what is read off them, come before. */
  seconds: number;
  /** Another seed, another sequence of settings. */
  seed?: number;
}
/** What settings are compared with. */
export interface SearchMeasure {
  dense: Hits;
  denseBytes: number;
  /** Validation images of `quick` and of `full`. */
  images: { quick: number; full: number };
}
export type SearchPhase = 'curves' | 'settings' | 'times';
export type SearchEvent =
  | ({ type: 'start' } & SearchMeasure)
  /** New ones, and known ones of which more is known, by number. */
  | { type: 'tried'; tried: Tried[] }
  /** `best`: number of the best setting so far that keeps to the goal. */
  | { type: 'progress'; phase: SearchPhase; secondsLeft: number; best?: number }
  /** `hidden`: not timed because the tab was not seen; `closest`: where nothing keeps to the goal. */
  | {
      type: 'end';
      how: 'done' | 'stopped' | 'interrupted';
      best?: number;
      closest?: number;
      hidden?: true;
    }
  | { type: 'problem'; problem: Problem };

export interface SearchApi {
  /**
   * Measures how accuracy depends on each layer alone, coarse to fine; what is known of it comes at once. Gives way to
   * looking, ends when a training begins. Resolves at the end; `tell` is a comlink proxy.
   */
  scanLayers(subject: SearchSubject, tell: (event: ScanEvent) => void): Promise<void>;
  /** Searches for the setting that serves the goal best. Refused while a training runs. `tell` is a comlink proxy. */
  findSettings(wish: SearchWish, tell: (event: SearchEvent) => void): Promise<void>;
  /** Gives up whatever is being searched or scanned; what was found stays. */
  stopSearch(): void;
}

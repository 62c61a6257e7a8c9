/** Who gets hurt: two states of a recipe, image by image, on the test images. Types only. */
import type { Problem } from '../spec/problem';
import type { Experiment } from '../spec/types';

/**
 * A state to compare. `at` is a place in the recipe, rounds and arms included (spec/location.ts), `dense` for the
 * network after its first training, or `now` for where the recipe stands without training anything.
 */
export interface StateRef {
  experiment: Experiment;
  at: string;
}
/** A place of the recipe whose state could be compared. */
export interface ComparePlace {
  at: string;
  /** False: a training before it has not been run, or its result is not kept any more. */
  ready: boolean;
}
/** A finished or pinned run, and the card its numbers were made at (its end where that is not said). */
export interface CompareRun {
  experiment: Experiment;
  at?: string;
}
export interface CompareStates {
  /** There is a dense network and so something to compare. */
  ready: boolean;
  /** After each card from the first training on, in the order of the recipe. */
  places: ComparePlace[];
  /** Of each run asked about: whether its end can be compared, has to be run again, or has other test images. */
  runs: ('ready' | 'rerun' | 'other-data')[];
}

/** One class, or all of them together, under two networks. */
export interface ClassChange {
  images: number;
  correctA: number;
  correctB: number;
  /** Right under A and wrong under B, and the other way round. */
  lost: number;
  gained: number;
  /**
   * Exact two-sided McNemar test of lost = gained. It speaks of these two networks on other images of the same kind;
   * another training may come out otherwise.
   */
  p: number;
  /** The same after Holm's correction for as many tests as there are classes with images; `p` itself for all together. */
  adjusted: number;
}
/** Images whose answer differs, the surest under A first; all arrays have one entry per image. */
export interface Flips {
  /** Index in the test split. */
  image: Uint32Array;
  truth: Uint8Array;
  /** Answers: classes, or NO_ANSWER (datasets/answer.ts). */
  a: Uint8Array;
  b: Uint8Array;
  /** Softmax probability of each network's own answer, and of the truth. NaN where there is no answer. */
  sureA: Float32Array;
  sureB: Float32Array;
  truthA: Float32Array;
  truthB: Float32Array;
}
export interface Comparison {
  images: number;
  classes: number;
  /** Counts [truth, answer], row by row. Images without an answer are in none of them. */
  confusionA: Uint32Array;
  confusionB: Uint32Array;
  perClass: ClassChange[];
  all: ClassChange;
  flips: Flips;
}
export type CompareOutcome =
  | { is: 'done'; comparison: Comparison }
  /** Has to be run (again) before it can be compared. */
  | { is: 'missing'; which: ('a' | 'b')[] }
  /** Given up for newer work: to be asked again when that has settled. */
  | { is: 'given-up' }
  | { is: 'problem'; problem: Problem };

/** Test images as the data set has them: bytes [n, h*w*c]. */
export interface Pictures {
  shape: readonly [number, number, number];
  pixels: Uint8Array;
}
export interface CompareApi {
  /** What of this recipe and of these runs can be compared. */
  compareStates(experiment: Experiment, runs: readonly CompareRun[]): Promise<CompareStates>;
  /**
   * Compares two states with the same test images; newer comparisons and newer looking end it.
   * `tell` (a comlink proxy) hears the share that is done.
   */
  compare(a: StateRef, b: StateRef, tell?: (share: number) => void): Promise<CompareOutcome>;
  /** Gives up the comparison that is being made, if any. */
  stopCompare(): void;
  /** Test images by index; null where the data set is not open or not all there. */
  testPictures(data: string, images: readonly number[]): Promise<Pictures | null>;
}

/** How weights shrank while they were trained: what the page may ask of a training that is done. */
import type { Experiment } from '../spec/types';

/** Sizes below this are called small. An edge of the bins. */
export const SMALL = 1e-3;

export interface LayerHistory {
  layer: string;
  /** By snapshot: weights that are exactly zero, pruned ones among them. */
  zeros: readonly number[];
  /** By snapshot: how many of the others have a size |w| between two edges. */
  counts: readonly Uint32Array[];
}
/** At most 60 snapshots, the first before the first step and the last at the end. */
export interface WeightHistory {
  /** Steps done, by snapshot. */
  steps: readonly number[];
  /** Of the bins of |w|: powers, one more than bins. */
  edges: readonly number[];
  layers: readonly LayerHistory[];
}
/** A training whose weights were looked at. */
export interface HistoryPlace {
  at: string;
  card: string;
  arm?: string;
  /** At its end, of all kernels: exact zeros, others below SMALL, and all. */
  zeros: number;
  small: number;
  weights: number;
}
export interface HistoryApi {
  /** Trainings of the first replicate that are done, in the order of the recipe. */
  histories(experiment: Experiment): Promise<HistoryPlace[]>;
  /** Of the training at this place of the first replicate; null where it is not done. */
  history(experiment: Experiment, at: string): Promise<WeightHistory | null>;
}

/** The experiment as data. Everything that decides a result is in here, seeds included. */
import type { Params } from './params';

export interface MethodStep {
  do: string;
  /** Only what differs from the method's defaults need be present. */
  with?: Params;
  off?: true;
}
export interface RepeatStep {
  /** Number of rounds. */
  repeat: number;
  steps: Step[];
  off?: true;
}
/**
 * Named arms that start from one and the same state. The first arm is the trunk: what follows goes on
 * from its end. The others are controls: run to their end, measured, and left there.
 */
export interface ForkStep {
  fork: Record<string, Step[]>;
  off?: true;
}
export type Step = MethodStep | RepeatStep | ForkStep;

export interface Seeds {
  init: number;
  order: number;
  method: number;
}
/** Values of one parameter of one card, each applied in place of the card's own and measured. */
export interface Sweep {
  /** Path of the card, e.g. `recipe.1`. */
  at: string;
  param: string;
  values: number[];
}
export interface Experiment {
  v: 1;
  data: string;
  model: string;
  recipe: Step[];
  seeds: Seeds;
  replicates: number;
  sweep?: Sweep;
}

export type Metric =
  | 'train.loss'
  | 'val.loss'
  | 'val.accuracy'
  | 'test.accuracy'
  /** Test accuracy with the weights of the lowest validation loss; `step` is the step of that loss. */
  | 'stop.accuracy'
  /** Weights kept / weights, of one layer. */
  | 'density'
  /** Validation accuracy at the end of a learned mask's training, mean over masks drawn from its probabilities. */
  | 'sampled.accuracy'
  | 'sparsity'
  | 'bytes'
  | 'macs'
  | 'latency.ms'
  | 'throughput';

/** One measured or computed number. Charts, tables and CSV files read nothing else. */
export interface Row {
  /** Hash of the experiment. */
  exp: string;
  replicate: number;
  /** Branch of the fork that it belongs to. */
  arm?: string;
  /** Which card, round included: `recipe.1`, `recipe.1[3].steps.0`, `recipe.1[3].steps.1.fork.ticket.0`, `recipe.1?sparsity=0.9` (see location.ts). */
  at: string;
  /** Training steps since the start of that card's training; 0 for cards that do not train. */
  step: number;
  metric: Metric;
  /** Of one layer only. */
  layer?: string;
  value: number;
  unit: '' | 'fraction' | 'nats' | 'bytes' | 'MACs/image' | 'ms' | 'images/s';
  basis: 'measured' | 'computed';
  device: string;
}

export const isMethod = (s: Step): s is MethodStep => 'do' in s;
export const isRepeat = (s: Step): s is RepeatStep => 'repeat' in s;
export const isFork = (s: Step): s is ForkStep => 'fork' in s;

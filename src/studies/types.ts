/**
 * A study: a question that takes many trainings, as data. Its kind turns it into ordinary experiments (its parts),
 * which share whatever they have in common: equal lineage keys are trained once. Everything that decides a result is
 * in here, so a study is a link.
 */
import type { Arch, Citation } from '../models/types';
import type { Params, ParamTable, ValuesOf } from '../spec/params';
import type { Experiment, Seeds } from '../spec/types';

export interface Study {
  v: 1;
  /** Id of a kind (registry.ts). */
  kind: string;
  data: string;
  model: string;
  /** Only what differs from the kind's defaults need be present. */
  with: Params;
  seeds: Seeds;
  /** Seeds side by side: replicates of every part, 1 to 10. */
  replicates: number;
}
/** Two trained states and the straight line between their weights. */
export interface Line {
  /** Places (spec/location.ts) of the trainings at whose ends the line begins and ends. */
  from: string;
  to: string;
  /** Points on it, both ends counted. */
  points: number;
}
/** One experiment of a study. Its rows carry the experiment's hash. */
export interface StudyPart {
  /** Distinct in the study, e.g. `main`, `late`, `finetune`, `lr-0.1`. */
  id: string;
  experiment: Experiment;
  /** Measured after it: rows at `lineAt(line, alpha)`. */
  line?: Line;
}
export interface StudyBase {
  data: string;
  model: string;
  seeds: Seeds;
  replicates: number;
  /** The network that the study is about. */
  arch: Arch;
}
/** One kind, one file: its parameters, whose work it follows, and its experiments. */
export interface StudyKind<T extends ParamTable = ParamTable> {
  id: string;
  params: T;
  citations: readonly Citation[];
  /** A pure function: equal studies give equal parts. */
  parts(base: StudyBase, values: ValuesOf<T>): StudyPart[];
  /** Parts are alternatives that have the same arms: series are called `part/arm`. Absent: an arm is in one part only. */
  grouped?: true;
  /** The arm that this one is held against; undefined for one that is only held against. Absent: `ticket`. */
  against?(arm: string): string | undefined;
  /**
   * The arm whose weights remaining are those of all arms of a round: where pruned weights are not always zero, so that
   * equal masks do not have equally many zeros. Absent: each arm has its own.
   */
  sizedBy?: string;
  /** What was done otherwise than asked for, and why. */
  remarks?(base: StudyBase, values: ValuesOf<T>): Remark[];
}
/** Words are in the i18n namespace `studies`, under `remark`. */
export interface Remark {
  code: 'lateRewind' | 'scratchCapped';
  values: Readonly<Record<string, number>>;
}
/** Keeps the table's literal type for `parts`. */
export const defineStudy = <T extends ParamTable>(kind: StudyKind<T>): StudyKind<T> => kind;
// biome-ignore lint/suspicious/noExplicitAny: the registry holds kinds of every table.
export type AnyKind = StudyKind<any>;

/** Where a point on a line is told: `recipe.1?alpha=0.3`. */
export const lineAt = (alpha: number): string => `recipe.1?alpha=${alpha}`;

/** Of one number over seeds (and draws, where an arm has several a seed). */
export interface Band {
  mean: number;
  min: number;
  max: number;
  /** By replicate; one value per draw. */
  each: ReadonlyMap<number, readonly number[]>;
}
/** One arm after one round of pruning. */
export interface ArmPoint {
  /** 0: the dense network. */
  round: number;
  /** Weights remaining / prunable weights, mean over seeds. */
  remaining: number;
  /** Test accuracy at the end of the training. */
  end?: Band;
  /** Test accuracy at early stop: with the weights of the lowest validation loss. */
  stop?: Band;
  /** Step of the lowest validation loss. */
  stopStep?: Band;
  /** Trainings whose lowest validation loss is the last one measured: their early stop may come later. */
  censored: number;
  /** Places of the trainings behind it, without replicates; the first is the one to look at. */
  at: readonly { part: string; at: string }[];
}
export interface ArmSeries {
  /** e.g. `ticket`, `late`, `reinit` (its draws pooled), `shuffle`. */
  id: string;
  points: ArmPoint[];
}
export interface ArmCurve {
  arm: string;
  points: { step: number; mean: number; min: number; max: number }[];
}
/** Kept / all weights, by layer, after each round. */
export interface Densities {
  layers: string[];
  rounds: { round: number; remaining: number; density: number[] }[];
}
/** What two arms say about each other at one size. */
export interface Finding {
  /** `even`: the difference of the means is within the larger of the two spreads, or signs disagree over seeds. */
  verdict: 'ahead' | 'behind' | 'even';
  a: string;
  b: string;
  round: number;
  remaining: number;
  /** `stop` or `end`: which accuracy is compared. */
  at: 'stop' | 'end';
  meanA: number;
  meanB: number;
  /** Mean over seeds of a - b (draws averaged first), in points (0.01 = one), with the least and greatest. */
  difference: { mean: number; min: number; max: number };
  seeds: number;
  /** Seeds in which a is ahead of b. */
  ahead: number;
}
/** How much sooner one arm reaches its lowest validation loss than another at one size, over seeds. */
export interface SpeedFinding {
  a: string;
  b: string;
  round: number;
  remaining: number;
  /** Step of b / step of a, per seed (draws averaged first). Above 1: a is sooner. */
  ratio: { mean: number; min: number; max: number };
  seeds: number;
}

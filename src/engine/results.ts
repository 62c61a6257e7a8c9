/** What has been computed and is kept, by lineage key: states, measurements, and the rows made on the way. */
import type { Masks, NetState, Tensors } from '../models/types';
import type { Row } from '../spec/types';
import type { Accuracy, Facts, Spread } from '../worker/api';
import type { WeightHistory } from '../worker/api-history';
import { Bounded } from './bounded';
import { type Answers, bytesOfAnswers } from './compare/answers';
import { EvidenceStore } from './evidence/store';
import type { GateState } from './gates';
import type { OptimizerState } from './types';

/** A row before it is known for which experiment and place it is shown. */
export type BareRow = Pick<Row, 'step' | 'metric' | 'layer' | 'value' | 'unit' | 'basis' | 'device'>;
/** Where the validation loss was lowest: latent weights of that moment. */
export interface Stop {
  /** As in rows. */
  step: number;
  loss: number;
  tensors: Tensors;
  /** Where they differ from those the training began with. */
  masks?: Masks;
}
export interface Trained {
  state: NetState;
  rows: BareRow[];
  /** Until it has been measured (Measured.stop); masks always given. */
  stop?: Stop & { masks: Masks };
  /** Sizes of weights on the way. */
  history?: WeightHistory;
}
/** Where a training ended: latent weights, masks where it has changed them, and the curve. */
export interface Outcome {
  tensors: Tensors;
  masks?: Masks;
  rows: BareRow[];
  history?: WeightHistory;
  /** Where early stop is wanted. */
  stop?: Stop;
}
/** A training that was stopped, as far as it got: enough to go on as if nothing had happened. */
export interface Unfinished extends Outcome {
  step: number;
  optimizer: OptimizerState;
  /** Of a training with gates. */
  gates?: GateState;
  /** The validation after this step is still to be made. */
  due: boolean;
  /** Losses that are not in the curve yet. */
  losses: { sum: number; count: number };
}

export interface Measured {
  facts?: Facts;
  quick?: Accuracy;
  test?: Accuracy & { device: string };
  /** The same at the lowest validation loss of the training. */
  stop?: Accuracy & { device: string; step: number };
  /** Of a point on a line: on all validation images, with the sum of their losses. */
  val?: Accuracy & { device: string; loss: number };
  /** `forms`: what was asked of its layers (setForms), as JSON. */
  speed?: Spread & { device: string; forms: string };
}

const bytesOfHistory = (history?: WeightHistory): number =>
  (history?.layers ?? []).flatMap(({ counts }) => counts).reduce((sum, c) => sum + c.byteLength, 0);
const bytesOf = (...all: readonly (Tensors | Masks | undefined)[]): number =>
  all
    .flatMap((t): { byteLength: number }[] => Object.values(t ?? {}))
    .reduce((sum, t) => sum + t.byteLength, 0);

const bytesOfTrained = ({ state, stop, history }: Trained): number =>
  bytesOf(state.tensors, state.masks, stop?.tensors, stop?.masks) + bytesOfHistory(history);
const bytesOfUnfinished = ({ tensors, masks, optimizer, stop }: Unfinished): number =>
  bytesOf(tensors, masks, ...optimizer.moments, stop?.tensors, stop?.masks);

export class Results {
  /** Trained states, which cost time; live ones are made again in milliseconds. */
  readonly trained = new Bounded<Trained>(128 * 2 ** 20, bytesOfTrained);
  /** Trainings that were stopped on their way; gone once finished. */
  readonly unfinished = new Bounded<Unfinished>(64 * 2 ** 20, bytesOfUnfinished);
  /** What a state says to every test image. */
  readonly answers = new Bounded<Answers>(24 * 2 ** 20, bytesOfAnswers);
  /** What criteria have learnt from data. */
  readonly evidence = new EvidenceStore();
  readonly #measured = new Bounded<Measured>(5000, () => 1);

  /** Whether this training is finished and kept. */
  has(key: string): boolean {
    return this.trained.get(key) !== undefined;
  }
  /** @param stop also its early stop is wanted */
  async find(key: string, stop = false): Promise<Trained | undefined> {
    return stop && !this.hasStop(key) ? undefined : this.trained.get(key);
  }
  measured(key: string): Measured {
    return this.#measured.get(key) ?? {};
  }
  /** Where the test accuracy of an early stop can still be had, or is known. */
  hasStop(key: string): boolean {
    return this.measured(key).stop !== undefined || this.trained.get(key)?.stop !== undefined;
  }
  /** Once that is measured, the copy of the weights is of no more use. */
  dropStop(key: string): void {
    const trained = this.trained.get(key);
    if (!trained?.stop) return;
    const { stop: _, ...rest } = trained;
    this.trained.set(key, rest);
  }
  note(key: string, more: Measured): Measured {
    const all = { ...this.measured(key), ...more };
    this.#measured.set(key, all);
    return all;
  }
}

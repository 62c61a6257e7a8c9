/** What a training gives, and what is measured of a state. Types only. */
import type { Masks, NetState, Tensors } from '../models/types';
import type { Row } from '../spec/types';
import type { Accuracy, Facts, Spread } from '../worker/api';
import type { WeightHistory } from '../worker/api-history';
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

/** What a training does beside minimizing the loss, as data: it travels to threads and is kept with what was stopped. */

/** How a penalty on the size of weights acts: through the gradient, or by shrinking weights after the optimizer. */
export const PENALTIES = ['l1-proximal', 'l1-subgradient', 'group-lasso'] as const;
export type PenaltyKind = (typeof PENALTIES)[number];

export interface Penalty {
  kind: PenaltyKind;
  /** In nats per unit of |w|. */
  lambda: number;
  /** Names of layers; empty: all with weights. */
  layers: readonly string[];
}
/** Hard-concrete gates on input units, learned beside the weights. */
export interface GateRule {
  /** Cost of a weight, divided by the number of training images. */
  lambda: number;
  /** Learning rate of log alpha. */
  lr: number;
  /** Share of gates closed at the start: on the image, and on hidden units. */
  dropInput: number;
  dropHidden: number;
  layers: readonly string[];
}
/** Pruning by magnitude on the way, at rising sparsity. */
export interface PruningSchedule {
  /** Sparsity at step `begin` and from step `end` on, of all weights there are. */
  from: number;
  to: number;
  begin: number;
  end: number;
  /** Steps from one pruning to the next, about. */
  every: number;
  /** Every layer at that sparsity, or all ranked together. */
  scope: 'layer' | 'global';
  /** The layer that gives the logits by itself, at half the sparsity. */
  outputHalf: boolean;
  layers: readonly string[];
}
/** A mask learned through scores, on weights that stay as they are. */
export interface ScoreRule {
  method: 'bernoulli' | 'edge-popup';
  /** Weights as they are, or their signs times the standard deviation of the layer's. */
  values: 'init' | 'constant';
  /** Times n / (weights that are there), by layer. */
  rescale: boolean;
  /** Share of each layer, by edge-popup. */
  keep: number;
  /** Of stochastic gradient descent on scores. */
  lr: number;
  momentum: number;
  weightDecay: number;
  /** The learning rate falls to 0 along half a cosine in so many steps; 0: it stays. */
  cosineSteps: number;
  layers: readonly string[];
}
export interface Regime {
  penalty?: Penalty;
  gates?: GateRule;
  schedule?: PruningSchedule;
  scores?: ScoreRule;
}

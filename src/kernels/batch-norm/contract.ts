/** Batch normalisation over the last axis (Ioffe, Szegedy 2015), with PyTorch's conventions. */
import type { Ptr } from '../memory';

export interface BatchNormShape {
  c: number;
  epsilon: number;
  /** Weight of the newest batch in the running statistics: 0.1 in PyTorch's sense. */
  momentum: number;
}
export interface BatchNormOps {
  /**
   * Training: y = relu?(gamma * (x - mean) * rstd + beta), mean and biased variance over `rows` (batch * h * w, at
   * least 2) of x [rows, c]. `saved` [2, c] receives mean and rstd = 1 / sqrt(variance + epsilon).
   * running mean, variance [c] = (1 - momentum) * old + momentum * of this batch (variance unbiased there).
   */
  batchNormTrain(
    s: BatchNormShape,
    x: Ptr,
    gamma: Ptr,
    beta: Ptr,
    mean: Ptr,
    variance: Ptr,
    y: Ptr,
    saved: Ptr,
    rows: number,
    relu: boolean,
  ): void;
  /** Evaluation: the same with the running statistics, which stay as they are. */
  batchNormEval(
    s: BatchNormShape,
    x: Ptr,
    gamma: Ptr,
    beta: Ptr,
    mean: Ptr,
    variance: Ptr,
    y: Ptr,
    rows: number,
    relu: boolean,
  ): void;
  /** dy [rows, c] (after the gradient of relu) -> dx [rows, c], dgamma [c], dbeta [c]; dx may be dy. */
  batchNormBackward(
    s: BatchNormShape,
    x: Ptr,
    dy: Ptr,
    gamma: Ptr,
    saved: Ptr,
    dx: Ptr,
    dgamma: Ptr,
    dbeta: Ptr,
    rows: number,
  ): void;
}

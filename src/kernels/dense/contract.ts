/** Fully connected layers, and what every layer with weights shares: bias gradient, gradient of relu. */
import type { Ptr } from '../memory';

export interface DenseShape {
  in: number;
  out: number;
}
export interface DenseOps {
  /** y [batch, out] = relu?(x [batch, in] * w + bias); bias 0 for none. */
  denseForward(s: DenseShape, x: Ptr, w: Ptr, bias: Ptr, y: Ptr, batch: number, relu: boolean): void;
  /** dw [in, out] = transpose(x) * dy. */
  denseBackwardWeights(s: DenseShape, x: Ptr, dy: Ptr, dw: Ptr, batch: number): void;
  /** dx [batch, in] = dy * transpose(w). */
  denseBackwardInput(s: DenseShape, dy: Ptr, w: Ptr, dx: Ptr, batch: number): void;
  scratchDense(s: DenseShape, batch: number): number;

  /** db [n] = sum over rows of dy [rows, n]. */
  biasGrad(dy: Ptr, db: Ptr, rows: number, n: number): void;
  /** In place: dy[i] = 0 where y[i] <= 0. */
  reluBackward(dy: Ptr, y: Ptr, n: number): void;
}

/** Residual connections: the sum of two activations, and of two gradients. */
import type { Ptr } from '../memory';

export interface AddOps {
  /** y[i] = relu?(a[i] + b[i]); y may be a or b. */
  add(a: Ptr, b: Ptr, y: Ptr, n: number, relu: boolean): void;
}

/**
 * Multiplicative gates on the input units of a layer (Louizos, Welling, Kingma 2018). A kernel is a matrix [rows, cols]
 * whose last axis is the output; gate r % units serves row r. So a dense kernel [in, out] has a gate per input, a
 * convolution [k, k, channels, out] one per channel at all its positions, and a dense layer behind a flattened image
 * [h * w * channels, out] one per channel, too.
 */
import type { Ptr } from '../memory';

export interface GateShape {
  rows: number;
  cols: number;
  /** Number of gates; divides rows. */
  units: number;
}
export interface GateOps {
  /** y[r, :] = z[r % units] x[r, :]. May work in place. */
  scaleRows(s: GateShape, x: Ptr, z: Ptr, y: Ptr): void;
  /** dz[u] = sum of g[r, c] w[r, c] over c and all rows with r % units = u. */
  dotRows(s: GateShape, g: Ptr, w: Ptr, dz: Ptr): void;
}

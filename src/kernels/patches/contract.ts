/** The matrix of patches (im2col) with which a convolution is a product of matrices. */
import type { ConvShape } from '../conv/contract';
import type { Ptr } from '../memory';

export interface PatchesOps {
  /**
   * Rows [from, from + rows) of the matrix [batch * oh * ow, k * k * c] of images x [batch, h, w, c], to `y`
   * [rows, k * k * c]: one row per position, its columns in the order of an HWIO kernel, 0 beyond the image's border.
   */
  patches(s: ConvShape, x: Ptr, y: Ptr, from: number, rows: number): void;
}

/**
 * Products of weights that share few values: `table` holds the values (16 or 256 floats, the rest zeros), `indices`
 * which one each weight is, in tiles of 16 outputs (form.ts), 4 or 8 bits each.
 */
import type { DenseShape } from '../../dense/contract';
import type { Ptr } from '../../memory';

export interface CodebookPlaces {
  table: Ptr;
  indices: Ptr;
  bits: 4 | 8;
}
export interface CodebookOps {
  /** y [rows, out] = relu?(x [rows, in] * w + bias); bias 0 for none. */
  codebookForward(
    s: DenseShape,
    x: Ptr,
    w: CodebookPlaces,
    bias: Ptr,
    y: Ptr,
    rows: number,
    relu: boolean,
  ): void;
  scratchCodebook(s: DenseShape, rows: number): number;
}

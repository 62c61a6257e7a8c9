/**
 * Products of signs (XNOR-Net, Rastegari et al. 2016): `signs` holds a bit per weight, 1 where it is not negative, in
 * tiles of 8 outputs, 32 inputs to a word (form.ts); `scales` (f32) one magnitude per output, padded to whole tiles.
 */
import type { DenseShape } from '../../dense/contract';
import type { Ptr } from '../../memory';

export interface XnorPlaces {
  signs: Ptr;
  scales: Ptr;
}
export interface XnorOps {
  /**
   * y = relu?(agree * (mean * scale) + bias): mean is that of |x| over the row, agree how many inputs have the sign of
   * the weight less how many do not; 0 counts as positive, as do the zeros around an image. A row with NaN gives NaN;
   * bias 0 for none. Over the rows that convolutions have, the mean is the paper's map K of the input's magnitude.
   */
  xnorForward(s: DenseShape, x: Ptr, w: XnorPlaces, bias: Ptr, y: Ptr, rows: number, relu: boolean): void;
  scratchXnor(s: DenseShape, rows: number): number;
}

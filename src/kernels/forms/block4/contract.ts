/**
 * 4x1 blocks: four neighbouring outputs that share an input index are kept or left out together, so that one index
 * serves four weights and the four are one vector. Outputs come in groups of four, the last one filled up with zeros.
 */
import type { DenseShape } from '../../dense/contract';
import type { Ptr } from '../../memory';

/** Outputs per block. */
export const BLOCK4 = 4;
export const groupsOf = (out: number): number => Math.ceil(out / BLOCK4);

/** Of a packed kernel. */
export interface Block4Places {
  /**
   * u32 [groups]: which group of outputs comes next, those with most blocks first: neighbouring threads of a GPU then
   * have equally much to do.
   */
  readonly order: Ptr;
  /** u32 [groups + 1]: first block of each in this order. */
  readonly starts: Ptr;
  /** u16 [blocks], filled up to whole words: input index of each block, ascending within a group. */
  readonly columns: Ptr;
  /** f32 [blocks][4]. */
  readonly values: Ptr;
}
export interface Block4Ops {
  /** y [rows, out] = relu?(x [rows, in] * w + bias); bias 0 for none. */
  block4Forward(s: DenseShape, x: Ptr, w: Block4Places, bias: Ptr, y: Ptr, rows: number, relu: boolean): void;
  scratchBlock4(s: DenseShape): number;
}

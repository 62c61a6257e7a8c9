/**
 * N:M sparsity along the inputs: of every M consecutive inputs each output reads at most N. What is kept lies in slots,
 * so that every output has equally much to do and indices are a few bits. Outputs come in fours, one vector.
 */
import type { DenseShape } from '../../dense/contract';
import type { Ptr } from '../../memory';

/** Outputs per vector. */
export const LANES = 4;
/** Inputs per group. */
export const GROUP_SIZES = [4, 8, 16] as const;
export type GroupSize = (typeof GROUP_SIZES)[number];

export interface Pattern {
  readonly n: number;
  readonly m: GroupSize;
}
export const quadsOf = (out: number): number => Math.ceil(out / LANES);
/** Slots of one vector of outputs. */
export const slotsOf = (inn: number, { n, m }: Pattern): number => Math.ceil(inn / m) * n;
/** Bits of the index of one lane: a byte holds those of four lanes where groups are small, a word where they are not. */
export const indexBits = (m: GroupSize): number => (m === 4 ? 2 : 8);

/** Of a packed kernel. */
export interface NmPlaces {
  /** u32 [2]: N, M. */
  readonly pattern: Ptr;
  /** f32 [quads][groups][N][4]; empty slots are 0. */
  readonly values: Ptr;
  /**
   * [quads][groups][N] of `indexBits` for each of four lanes, first lane lowest, filled up to whole words: which input
   * of its group a slot reads; 0 of empty slots.
   */
  readonly indices: Ptr;
}
export interface NmOps {
  /** y [rows, out] = relu?(x [rows, in] * w + bias); bias 0 for none. */
  nmForward(s: DenseShape, x: Ptr, w: NmPlaces, bias: Ptr, y: Ptr, rows: number, relu: boolean): void;
  scratchNm(s: DenseShape): number;
}

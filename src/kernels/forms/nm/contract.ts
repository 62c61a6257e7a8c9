/**
 * N:M sparsity along the inputs: of every M consecutive inputs each output reads at most N. What is kept lies in slots,
 * so that every output has equally much to do and indices are a few bits. Outputs come in fours, one vector.
 */
import type { DenseShape } from '../../dense/contract';
import type { Ptr } from '../../memory';
import type { Places } from '../types';

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

/**
 * Buffers of a packed kernel:
 * - pattern u32 [2]: N, M
 * - values f32 [quads][groups][N][4]; empty slots are 0
 * - indices [quads][groups][N] of `indexBits` for each of four lanes: which input of its group a slot reads; first lane
 *   lowest, filled up to whole words; 0 of empty slots
 */
export interface NmOps {
  /** y [rows, out] = relu?(x [rows, in] * w + bias); bias 0 for none. */
  nmForward(s: DenseShape, x: Ptr, packed: Places, bias: Ptr, y: Ptr, rows: number, relu: boolean): void;
  scratchNm(s: DenseShape): number;
}

/**
 * Blocks of a kernel [rows, columns] (rows: inputs, of a convolution kh * kw * cin in HWIO order; columns: outputs) that
 * stay or go as one. Blocks are laid from the first row and column on; those at the far edges are cut off where the
 * sizes are not multiples. Here blocks become entries with one score and one mask bit each, and back; which of them go
 * is chosen in select.ts like everything else.
 */
import type { Scored } from './select';

export interface BlockSize {
  /** Inputs. */
  readonly rows: number;
  /** Outputs. */
  readonly columns: number;
}
/** As executed by kernels that keep or leave out four neighbouring outputs of one input. */
export const FOUR_OUTPUTS: BlockSize = { rows: 1, columns: 4 };

/** Blocks of a kernel of `length` entries with so many columns. */
export function blockCount(length: number, columns: number, size: BlockSize): number {
  return Math.ceil(length / columns / size.rows) * Math.ceil(columns / size.columns);
}

/**
 * One entry per block, row by row: the sum of its survivors' scores, which is what its removal costs where scores are
 * costs; ties are the first survivor's. A block without survivors is masked: it has gone in an earlier round and is not counted.
 */
export function folded(
  { scores, mask, ties }: Scored,
  columns: number,
  size: BlockSize,
): Scored & { mask: Uint8Array } {
  const count = blockCount(scores.length, columns, size);
  const sums = new Float64Array(count);
  const alive = new Uint8Array(count);
  eachBlock(scores.length, columns, size, (i, block) => {
    if (mask && mask[i] === 0) return;
    sums[block] += scores[i];
    alive[block] = 1;
  });
  const drawn = ties && (() => firstOf(ties(), mask, count, columns, size));
  return { scores: Float32Array.from(sums), mask: alive, ...(drawn && { ties: drawn }) };
}

/** Of every block the tie of its first survivor. */
function firstOf(
  ties: Float32Array,
  mask: Uint8Array | undefined,
  count: number,
  columns: number,
  size: BlockSize,
): Float32Array {
  const first = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  eachBlock(ties.length, columns, size, (i, block) => {
    if (first[block] === Number.POSITIVE_INFINITY && !(mask && mask[i] === 0)) first[block] = ties[i];
  });
  return first;
}

/** The mask of the weights where these blocks stay; pruned weights of a block that stays remain pruned. */
export function unfolded(
  kept: Uint8Array,
  { scores, mask }: Scored,
  columns: number,
  size: BlockSize,
): Uint8Array {
  const out = new Uint8Array(scores.length);
  eachBlock(scores.length, columns, size, (i, block) => {
    out[i] = mask ? mask[i] & kept[block] : kept[block];
  });
  return out;
}

function eachBlock(
  length: number,
  columns: number,
  size: BlockSize,
  visit: (index: number, block: number) => void,
): void {
  const across = Math.ceil(columns / size.columns);
  for (let i = 0, row = 0; i < length; row++) {
    const first = Math.floor(row / size.rows) * across;
    for (let column = 0; column < columns; column++, i++) visit(i, first + Math.floor(column / size.columns));
  }
}

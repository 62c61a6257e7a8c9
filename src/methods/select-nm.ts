/**
 * N:M: of every M consecutive inputs each output keeps at most N, those of highest score. The second and last way in
 * which weights are chosen; the first, by one ranking, is select.ts.
 */

import type { Scored } from './select';
import { refuseScore } from './select';

export interface NmPattern {
  /** N, at least 0. */
  readonly keep: number;
  /** M, at least 1. */
  readonly every: number;
}

/**
 * New mask of a kernel [rows, columns]; groups run down the rows, the last one is shorter where M does not divide them.
 * In each group of each column the lowest survivors go until N are left, of equal ones the first; a group that has no
 * more than N is left alone. Where the scores bring `ties`, of equal ones those go that are lowest there.
 * @throws WinnowError for a survivor's score that is not finite
 */
export function fewestOf(
  { scores, mask, ties }: Scored,
  columns: number,
  { keep, every }: NmPattern,
): Uint8Array {
  const rows = scores.length / columns;
  const kept = mask?.slice() ?? new Uint8Array(scores.length).fill(1);
  for (let i = 0; i < scores.length; i++) if (kept[i] === 1) refuseScore(scores[i], i);
  const order = ties?.();
  const isLess = (a: number, b: number) =>
    scores[a] < scores[b] || (order !== undefined && scores[a] === scores[b] && order[a] < order[b]);
  for (let first = 0; first < rows; first += every) {
    const end = Math.min(first + every, rows);
    for (let column = 0; column < columns; column++) thin(isLess, kept, columns, column, first, end, keep);
  }
  return kept;
}

/** Takes the lowest of one group, one after the other: groups are short. */
function thin(
  isLess: (a: number, b: number) => boolean,
  kept: Uint8Array,
  columns: number,
  column: number,
  first: number,
  end: number,
  keep: number,
): void {
  let alive = 0;
  for (let row = first; row < end; row++) alive += kept[row * columns + column];
  for (; alive > keep; alive--) {
    let lowest = -1;
    for (let row = first; row < end; row++) {
      const i = row * columns + column;
      if (kept[i] === 1 && (lowest < 0 || isLess(i, lowest))) lowest = i;
    }
    kept[lowest] = 0;
  }
}

/** The plain meaning of `fewestOf`, by sorting every group; the tests hold the fast one against it. */
export function fewestBySorting(
  { scores, mask, ties }: Scored,
  columns: number,
  { keep, every }: NmPattern,
): Uint8Array {
  const groups = new Map<string, number[]>();
  scores.forEach((_, i) => {
    if (mask && mask[i] === 0) return;
    const group = `${Math.floor(Math.floor(i / columns) / every)} ${i % columns}`;
    groups.set(group, [...(groups.get(group) ?? []), i]);
  });
  const kept = new Uint8Array(scores.length);
  const order = ties?.();
  for (const members of groups.values()) {
    // Highest first; of equal ones the last stays longest.
    members.sort((a, b) => scores[b] - scores[a] || (order ? order[b] - order[a] : 0) || b - a);
    for (const i of members.slice(0, keep)) kept[i] = 1;
  }
  return kept;
}

/** Group sizes that kernels for N:M have; N is at most half of them (src/kernels/forms/nm). */
const EXECUTED = [4, 8, 16];
/** True where some kernel can make use of what is left: nowhere more than half of a group. */
export const executable = (kept: Uint8Array, columns: number): boolean =>
  EXECUTED.some((every) => 2 * fullest(kept, columns, every) <= every);

function fullest(kept: Uint8Array, columns: number, every: number): number {
  const counts = new Uint8Array(columns);
  let most = 0;
  for (let i = 0; i < kept.length; i++) {
    const column = i % columns;
    if (column === 0 && (i / columns) % every === 0) counts.fill(0);
    counts[column] += kept[i];
    if (counts[column] > most) most = counts[column];
  }
  return most;
}

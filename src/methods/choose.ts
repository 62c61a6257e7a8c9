/** Which weights of layers that are ranked together go: their scores, a shape, a rate and a floor in; masks out. */
import { type BlockSize, folded, unfolded } from './blocks';
import { pruneCount, type Scored, smallestOf, smallestWithin, survivors } from './select';
import { fewestOf, type NmPattern } from './select-nm';

/** One layer's kernel [rows, columns]. */
export interface Part extends Scored {
  readonly layer: string;
  readonly columns: number;
}
export interface Wish {
  /** Share of the survivors (of blocks with a survivor) that goes. */
  readonly rate: number;
  /** Absent: single weights. */
  readonly blocks?: BlockSize;
  /** Above 0: at least this share of each layer's weights (blocks), and at least one of them, stays. */
  readonly floor: number;
}
/** What a floor changed against the ranking without it, in weights. */
export interface Floored {
  /** Which of the layers would have lost more. */
  readonly layers: readonly string[];
  /** How many weights stayed there that would have gone. */
  readonly saved: number;
  /** What remains of all weights that were there, and what should have: more where the floors leave no more to take. */
  readonly share: number;
  readonly wantedShare: number;
}
export interface Chosen {
  /** New masks; empty where nothing goes. */
  readonly kept: readonly Uint8Array[];
  /** Weights, or blocks, that go now, of those that were there. */
  readonly removed: number;
  readonly of: number;
  readonly floored?: Floored;
}

/**
 * Exactly round(rate * survivors) go, blocks counted where there are blocks; fewer only where the floors leave no more.
 * @throws WinnowError for scores that are not finite, also where nothing goes: a network that has diverged is refused
 * at every position of the slider
 */
export function chooseByRank(parts: readonly Part[], { rate, blocks, floor }: Wish): Chosen {
  const entries = blocks ? parts.map((part) => folded(part, part.columns, blocks)) : parts;
  const there = entries.map(alive);
  const of = sum(there);
  const k = pruneCount(rate, of);
  const free = smallestOf(entries, k);
  if (k === 0) return { kept: [], removed: 0, of };
  const back = (masks: readonly Uint8Array[]) =>
    blocks ? masks.map((mask, i) => unfolded(mask, parts[i], parts[i].columns, blocks)) : masks;
  if (floor === 0) return { kept: back(free), removed: k, of };
  const least = entries.map(({ scores }) => Math.max(1, Math.ceil(floor * scores.length)));
  const most = there.map((n, i) => Math.max(0, n - least[i]));
  const { kept, capped } = smallestWithin(entries, k, most);
  const removed = of - sum(kept.map(ones));
  if (capped.length === 0) return { kept: back(kept), removed, of };
  const masks = back(kept);
  return { kept: masks, removed, of, floored: compared(parts, masks, back(free), capped) };
}

function compared(
  parts: readonly Part[],
  kept: readonly Uint8Array[],
  free: readonly Uint8Array[],
  capped: readonly number[],
): Floored {
  const before = sum(parts.map(alive));
  return {
    layers: capped.map((i) => parts[i].layer),
    saved: sum(capped.map((i) => ones(kept[i]) - ones(free[i]))),
    share: sum(kept.map(ones)) / before,
    wantedShare: sum(free.map(ones)) / before,
  };
}

/** N:M, every layer by itself. */
export function chooseByGroups(parts: readonly Part[], pattern: NmPattern): Chosen {
  const kept = parts.map((part) => fewestOf(part, part.columns, pattern));
  const of = sum(parts.map(alive));
  const removed = of - sum(kept.map(ones));
  return { kept: removed === 0 ? [] : kept, removed, of };
}

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
const ones = (mask: Uint8Array): number => survivors(mask, mask.length);
const alive = ({ scores, mask }: Scored): number => survivors(mask, scores.length);

/**
 * Which weights go. The one place where a mask is chosen: exactly k survivors, by rank and never by a
 * threshold, because equal scores are common (after quantization, with constant-magnitude starts, with
 * zero gradients) and a threshold then removes thousands too many or too few.
 */
import { WinnowError } from '../spec/problem';

/** One tensor's scores; 1 in `mask` = survivor, absent = all survive. */
export interface Scored {
  scores: Float32Array;
  mask?: Uint8Array;
  /**
   * One number per score: of equal scores the lowest of these goes first. Absent: by position. Asked for only where
   * some of equal scores go and others stay.
   */
  ties?: () => Float32Array;
}

/** Exactly round(rate * survivors), halves up. `rate` in [0, 1]. */
export function pruneCount(rate: number, survivors: number): number {
  if (!(rate >= 0 && rate <= 1)) {
    throw new WinnowError({
      code: 'range',
      path: 'with.sparsity',
      message: `must be in [0, 1], got ${rate}`,
      values: { min: 0, max: 1, found: rate },
    });
  }
  return Math.round(rate * survivors);
}

/** Survivors of a mask over n weights. */
export function survivors(mask: Uint8Array | undefined, n: number): number {
  if (!mask) return n;
  let count = 0;
  for (let i = 0; i < n; i++) count += mask[i];
  return count;
}

/** New mask without the k survivors of lowest score; ties go by index, lowest first. */
export const smallest = (scores: Float32Array, mask: Uint8Array | undefined, k: number): Uint8Array =>
  smallestOf([{ scores, mask }], k)[0];

/**
 * The same over several tensors ranked together, ties by `ties` or else by position in their concatenation. One counting
 * pass over the upper and one over the lower half of the sortable bits: linear time, no sorting.
 * @throws WinnowError for a score that is not finite, or k outside 0..survivors.
 */
export function smallestOf(parts: readonly Scored[], k: number): Uint8Array[] {
  const keys = parts.map(sortable);
  checkCount(parts, k);
  const upper = bucket(upperHalves(parts, keys), k);
  const lower = bucket(lowerHalves(parts, keys, upper.index), k - upper.below);
  const limit = ((upper.index << 16) | lower.index) >>> 0;
  // Everything below the k-th key goes, and of those equal to it some.
  const more = k - upper.below - lower.below;
  const drawn = more < lower.count && parts.some((p) => p.ties);
  let first = drawn ? 0 : more;
  const kept = parts.map(({ mask }, p) => {
    const key = keys[p];
    const left = mask ? mask.slice() : new Uint8Array(key.length).fill(1);
    for (let i = 0; i < key.length; i++) {
      if (left[i] === 0) continue;
      if (key[i] < limit || (key[i] === limit && first-- > 0)) left[i] = 0;
    }
    return left;
  });
  if (drawn) dropTied(parts, keys, limit, more, kept);
  return kept;
}

/** Takes `more` of those whose key is `limit`: the smallest of their ties. */
function dropTied(
  parts: readonly Scored[],
  keys: readonly Uint32Array[],
  limit: number,
  more: number,
  kept: readonly Uint8Array[],
): void {
  const tied = kept.map((mask, p) => mask.map((m, i) => (keys[p][i] === limit ? m : 0)));
  const order = parts.map(({ scores, ties }) => ties?.() ?? new Float32Array(scores.length));
  const stay = smallestOf(
    tied.map((mask, p) => ({ scores: order[p], mask })),
    more,
  );
  kept.forEach((mask, p) => {
    for (let i = 0; i < mask.length; i++) if (tied[p][i] > stay[p][i]) mask[i] = 0;
  });
}

/**
 * `smallest` of the absolute values, into a mask that is there already: what a training that chooses anew in every step
 * needs. Makes nothing per call.
 */
export class SizeSelection {
  readonly #upper = new Uint32Array(0x8000);
  readonly #lower = new Uint32Array(0x10000);

  /**
   * @param ones becomes 0 for the k survivors of smallest |score|, ties by index, and for what is gone already; else 1
   * @throws WinnowError for a score that is not finite, or k outside 0..survivors
   */
  leaveLargest(scores: Float32Array, mask: Uint8Array | undefined, k: number, ones: Uint8Array): void {
    const n = scores.length;
    const bits = new Uint32Array(scores.buffer, scores.byteOffset, n);
    const [upper, lower] = [this.#upper.fill(0), this.#lower.fill(0)];
    for (let i = 0; i < n; i++) {
      if (mask && mask[i] === 0) continue;
      if ((bits[i] & 0x7f800000) === 0x7f800000) refuseScore(scores[i], i);
      upper[(bits[i] & 0x7fffffff) >>> 16]++;
    }
    checkCount([{ scores, mask }], k);
    const high = bucket(upper, k);
    for (let i = 0; i < n; i++) {
      const size = bits[i] & 0x7fffffff;
      if (size >>> 16 === high.index && (!mask || mask[i] === 1)) lower[size & 0xffff]++;
    }
    const low = bucket(lower, k - high.below);
    const limit = (high.index << 16) | low.index;
    let equal = k - high.below - low.below;
    for (let i = 0; i < n; i++) {
      const size = bits[i] & 0x7fffffff;
      const gone = (mask && mask[i] === 0) || size < limit || (size === limit && equal-- > 0);
      ones[i] = gone ? 0 : 1;
    }
  }
}

/** The plain meaning of `smallestOf`, by sorting; the tests hold the fast one against it. */
export function smallestBySorting(parts: readonly Scored[], k: number): Uint8Array[] {
  const kept = parts.map(({ scores, mask }) => mask?.slice() ?? new Uint8Array(scores.length).fill(1));
  for (const { p, i } of ranking(parts).slice(0, k)) kept[p][i] = 0;
  return kept;
}
function ranking(parts: readonly Scored[]) {
  const entries = parts.flatMap(({ scores, mask, ties }, p) => {
    const order = ties?.();
    return Array.from(scores, (score, i) => ({ score, tie: order ? order[i] : 0, p, i })).filter(
      ({ i }) => !mask || mask[i] === 1,
    );
  });
  return entries.sort((a, b) => a.score - b.score || a.tie - b.tie || a.p - b.p || a.i - b.i);
}

/** What `smallestWithin` did. */
export interface Within {
  kept: Uint8Array[];
  /** Which tensors would have lost more in the common ranking. */
  capped: number[];
}
/**
 * The same where tensor i loses at most `most[i]`: what a full one would have lost beyond that goes elsewhere, next in
 * the ranking. As many as possible go where k is more than all of them may lose.
 */
export function smallestWithin(parts: readonly Scored[], k: number, most: readonly number[]): Within {
  checkCount(parts, k);
  const alive = parts.map(({ scores, mask }) => survivors(mask, scores.length));
  const kept: Uint8Array[] = [];
  const capped: number[] = [];
  let open = parts.map((_, i) => i);
  // Tensors that are full leave the ranking, which then reaches further in the others, which may fill them, too.
  for (let left = k; ; ) {
    const ranked = smallestOf(
      open.map((i) => parts[i]),
      Math.min(
        left,
        open.reduce((sum, i) => sum + alive[i], 0),
      ),
    );
    const lost = ranked.map((mask, n) => alive[open[n]] - survivors(mask, mask.length));
    const full = open.filter((i, n) => lost[n] > most[i]);
    open.forEach((i, n) => {
      kept[i] = ranked[n];
    });
    if (full.length === 0) return { kept, capped: capped.sort((a, b) => a - b) };
    for (const i of full) {
      capped.push(i);
      [kept[i]] = smallestOf([parts[i]], most[i]);
      left -= most[i];
    }
    open = open.filter((i) => !full.includes(i));
  }
}

/** The plain meaning of `smallestWithin`: down the ranking, past those whose tensor is full. */
export function smallestWithinBySorting(parts: readonly Scored[], k: number, most: readonly number[]) {
  const order = ranking(parts);
  const kept = parts.map(({ scores, mask }) => mask?.slice() ?? new Uint8Array(scores.length).fill(1));
  const lost = parts.map(() => 0);
  let gone = 0;
  for (const { p, i } of order) {
    if (gone === k) break;
    if (lost[p] === most[p]) continue;
    kept[p][i] = 0;
    lost[p]++;
    gone++;
  }
  return kept;
}

/** Unsigned integers in the same order as the floats; -0 counts as 0. */
function sortable({ scores, mask }: Scored): Uint32Array {
  const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
  const keys = new Uint32Array(scores.length);
  for (let i = 0; i < keys.length; i++) {
    const b = bits[i];
    if ((b & 0x7f800000) === 0x7f800000 && (!mask || mask[i] === 1)) refuseScore(scores[i], i);
    keys[i] = b >>> 31 ? (b === 0x80000000 ? b : ~b) : b | 0x80000000;
  }
  return keys;
}

/** @throws WinnowError `score` for a score that is not finite */
export function refuseScore(score: number, index: number): void {
  if (Number.isFinite(score)) return;
  throw new WinnowError({
    code: 'score',
    path: '',
    message: `scores must be finite numbers, found ${score} at index ${index}: the training has probably diverged`,
    values: { found: String(score), index },
  });
}

function checkCount(parts: readonly Scored[], k: number): void {
  const most = parts.reduce((sum, { scores, mask }) => sum + survivors(mask, scores.length), 0);
  if (Number.isInteger(k) && k >= 0 && k <= most) return;
  throw new WinnowError({
    code: 'count',
    path: '',
    message: `the number to prune must be an integer in [0, ${most}], got ${k}`,
    values: { min: 0, max: most, found: k },
  });
}

/** How many survivors have each upper half. */
function upperHalves(parts: readonly Scored[], keys: readonly Uint32Array[]): Uint32Array {
  const counts = new Uint32Array(0x10000);
  parts.forEach(({ mask }, p) => {
    const key = keys[p];
    for (let i = 0; i < key.length; i++) if (!mask || mask[i] === 1) counts[key[i] >>> 16]++;
  });
  return counts;
}

/** How many survivors of that upper half have each lower half. */
function lowerHalves(parts: readonly Scored[], keys: readonly Uint32Array[], upper: number): Uint32Array {
  const counts = new Uint32Array(0x10000);
  parts.forEach(({ mask }, p) => {
    const key = keys[p];
    for (let i = 0; i < key.length; i++) {
      if (key[i] >>> 16 === upper && (!mask || mask[i] === 1)) counts[key[i] & 0xffff]++;
    }
  });
  return counts;
}

/** The bucket in which the k-th (1-based) entry lies, how many lie below it and how many in it. */
function bucket(counts: Uint32Array, k: number): { index: number; below: number; count: number } {
  let below = 0;
  for (let index = 0; index < counts.length; index++) {
    if (below + counts[index] >= k) return { index, below, count: counts[index] };
    below += counts[index];
  }
  return { index: counts.length - 1, below, count: 0 };
}

/** The Pareto front: what nothing else beats in one respect without losing in the other. */

/** Less `cost` and more `gain` are better. */
export interface Rated {
  cost: number;
  gain: number;
}

/**
 * Members of the front, cheapest first, each with more gain than the one before. Of equal ones the first in the list;
 * what has a NaN is on no front. O(n log n).
 */
export function frontOf<T>(items: readonly T[], rate: (item: T) => Rated): T[] {
  const rated = items
    .map((item, index) => ({ item, index, ...rate(item) }))
    .filter(({ cost, gain }) => !Number.isNaN(cost) && !Number.isNaN(gain));
  rated.sort((a, b) => compare(a.cost, b.cost) || compare(b.gain, a.gain) || a.index - b.index);
  let most = Number.NEGATIVE_INFINITY;
  const front: T[] = [];
  for (const { item, gain } of rated) {
    if (front.length > 0 && gain <= most) continue;
    front.push(item);
    most = gain;
  }
  return front;
}
/** Differences of infinities are no numbers. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Is a change more than chance? For two networks that answered the same images. */

/**
 * Exact two-sided McNemar test: the probability that, were an image as likely to be lost as gained, the two counts
 * would be at least as uneven as they are: min(1, 2 * sum over i <= min(lost, gained) of C(n, i) / 2^n).
 *
 * McNemar: Note on the sampling error of the difference between correlated proportions or percentages.
 * Psychometrika 12 (1947); for two classifiers: Dietterich, Neural Computation 10 (1998).
 * @returns 1 where nothing changed
 */
export function mcnemar(lost: number, gained: number): number {
  const n = lost + gained;
  const few = Math.min(lost, gained);
  // Terms from the largest down, each relative to it: the first ones may be below the smallest double.
  let sum = 0;
  let term = 1;
  for (let i = few; i >= 0 && term > 1e-18; i--) {
    sum += term;
    term *= i / (n - i + 1);
  }
  return Math.min(1, 2 * sum * Math.exp(logChoose(n, few) - n * Math.LN2));
}

/** log C(n, k); a plain sum, exact to some parts in 10^13 for the few thousand images of a test set. */
function logChoose(n: number, k: number): number {
  let log = 0;
  for (let i = 1; i <= k; i++) log += Math.log((n - k + i) / i);
  return log;
}

/**
 * Holm's correction of several tests at once: each p times the number of tests not yet rejected, never falling, at
 * most 1 (Scandinavian Journal of Statistics 6, 1979). In the order given.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => ps[a] - ps[b] || a - b);
  const out = new Array<number>(ps.length);
  let least = 0;
  order.forEach((index, rank) => {
    least = Math.max(least, Math.min(1, ps[index] * (ps.length - rank)));
    out[index] = least;
  });
  return out;
}

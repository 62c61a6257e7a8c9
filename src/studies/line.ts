/** Points on the straight line between two trained states, and what they say. */

/** From 0 to 1, evenly, both counted; short enough to be a place (lineAt). @param points at least 2 */
export const lineAlphas = (points: number): number[] =>
  Array.from({ length: points }, (_, i) => Number((i / (points - 1)).toFixed(4)));

export interface LinePoint {
  alpha: number;
  /** 1 - accuracy. */
  error: number;
}
/**
 * How much higher the error rises on the way than it is at the ends (Frankle et al. 2020): its largest value on the whole
 * line, ends counted, minus the mean of the two ends; never below 0 but for ends that differ. A difference of fractions.
 * Undefined as long as an end is missing.
 */
export function instability(points: readonly LinePoint[]): number | undefined {
  const [from, to] = [0, 1].map((end) => points.find(({ alpha }) => alpha === end));
  if (!from || !to) return undefined;
  return Math.max(...points.map(({ error }) => error)) - (from.error + to.error) / 2;
}

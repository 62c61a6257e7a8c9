/** Points on the straight line between two trained states, and how much higher it goes than its ends. */

/** From 0 to 1, evenly, both counted; short enough to be a place (lineAt). @param points at least 2 */
export const lineAlphas = (points: number): number[] =>
  Array.from({ length: points }, (_, i) => Number((i / (points - 1)).toFixed(4)));

export interface LinePoint {
  alpha: number;
  /** The error (1 - accuracy), or a loss. */
  value: number;
}
/**
 * Instability (Frankle et al. 2020) of errors: the largest on the whole line, ends counted, minus the mean of the two
 * ends. 0 on a flat line; ends that differ give half their difference. In the values' own unit; undefined while an end
 * is missing.
 */
export function instability(points: readonly LinePoint[]): number | undefined {
  const [from, to] = [0, 1].map((end) => points.find(({ alpha }) => alpha === end));
  if (!from || !to) return undefined;
  return Math.max(...points.map(({ value }) => value)) - (from.value + to.value) / 2;
}

/** Below it, training counts as stable here: what is left is noise. In fractions of the images. */
export const STABLE = 0.02;

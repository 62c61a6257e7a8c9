/**
 * Where a row was measured: a card's path plus the round of every repeat around it and, in a sweep, the value
 * that stood in for the card's own: `recipe.1[3].steps.1.fork.ticket.0`, `recipe.1?sparsity=0.9`.
 * Rounds count from 1, as in the field's papers. `recipe.1[3]` is the end of round 3.
 */

/** Round `round` (from 1) of the repeat at `at`. */
export const inRound = (at: string, round: number): string => `${at}[${round}]`;
/** Card `index` of the recipe. */
export const inRecipe = (index: number): string => `recipe.${index}`;
/** Card `index` inside a repeat's round (or inside the repeat itself). */
export const inSteps = (at: string, index: number): string => `${at}.steps.${index}`;
/** Card `index` of an arm of the fork at `at`. */
export const inArm = (at: string, arm: string, index: number): string => `${at}.fork.${arm}.${index}`;
/** The card at `at` with `param` set to `value` by a sweep. */
export const inSweep = (at: string, param: string, value: number): string => `${at}?${param}=${value}`;

/** The card's path: rounds and sweep taken off. */
export const cardOf = (at: string): string => at.replace(/\?.*$/, '').replace(/\[\d+\]/g, '');

/** Rounds from the outermost repeat inwards; [] outside any. */
export const roundsOf = (at: string): number[] =>
  [...at.replace(/\?.*$/, '').matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1]));

/** Name of the innermost arm, or undefined outside any fork. */
export const armOf = (at: string): string | undefined =>
  [...at.matchAll(/\.fork\.([a-z][a-z0-9-]*)\./g)].at(-1)?.[1];

/** Parameter and value of the sweep, or undefined. */
export function sweepOf(at: string): { param: string; value: number } | undefined {
  const match = /\?([^=]+)=(.+)$/.exec(at);
  return match ? { param: match[1], value: Number(match[2]) } : undefined;
}

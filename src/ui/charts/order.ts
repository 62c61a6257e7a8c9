/** In which order an experiment's cards were executed, rounds included; rows may come in any order. */
import { armOf } from '../../spec/location';
import { walkCards } from '../../spec/path';
import { type Experiment, isFork } from '../../spec/types';

/** Numbers along the path: `recipe.1[3].steps.0` -> [1, 3, 0]; the end of a round comes after its cards. */
export function orderKey(at: string): number[] {
  const key = [...at.replace(/\?.*$/, '').matchAll(/[.[](\d+)\]?(?=[.[]|$)/g)].map((m) => Number(m[1]));
  return at.endsWith(']') ? [...key, Number.POSITIVE_INFINITY] : key;
}
export function inOrder(a: string, b: string): number {
  const x = orderKey(a);
  const y = orderKey(b);
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? -1) - (y[i] ?? -1);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return 0;
}
/** Names of arms per fork, in order; the first of each is the trunk. Forks that are off do not count. */
export const forks = (experiment: Experiment): string[][] =>
  [...walkCards(experiment)].flatMap((c) => (isFork(c.step) && !c.off ? [Object.keys(c.step.fork)] : []));
/** Is this place on the path that leads to the final state (no control arm)? */
export function onTrunk(at: string, trunks: ReadonlySet<string>): boolean {
  const arm = armOf(at);
  return arm === undefined || trunks.has(arm);
}
export const trunksOf = (experiment: Experiment): Set<string> =>
  new Set(forks(experiment).map((arms) => arms[0]));

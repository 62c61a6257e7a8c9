/** Where along the axis of steps every training of a run lies: one after another, arms of a fork side by side. */
import { inOrder } from './order';

export interface Stay {
  /** Place as in rows. */
  at: string;
  /** Steps trained there so far; 0 for cards that do not train. */
  steps: number;
}
/**
 * Start of every place in steps since the first training. A fork takes the room of its longest arm, so that
 * what comes after it never lies under a control arm.
 */
export function timelineOf(stays: readonly Stay[]): Map<string, number> {
  const starts = new Map<string, number>();
  lay(
    [...stays].sort((a, b) => inOrder(a.at, b.at)),
    0,
    0,
    starts,
  );
  return starts;
}
/** @param from length of the path that all of them share @returns where the last of them ends */
function lay(stays: readonly Stay[], from: number, start: number, starts: Map<string, number>): number {
  let x = start;
  for (let i = 0; i < stays.length; i++) {
    const fork = forkOf(stays[i].at, from);
    if (fork === undefined) {
      starts.set(stays[i].at, x);
      x += stays[i].steps;
      continue;
    }
    const arms = new Map<string, Stay[]>();
    for (; i < stays.length && stays[i].at.startsWith(fork); i++) {
      const arm = stays[i].at.slice(0, stays[i].at.indexOf('.', fork.length) + 1);
      arms.set(arm, [...(arms.get(arm) ?? []), stays[i]]);
    }
    i--;
    x = Math.max(...[...arms].map(([arm, inside]) => lay(inside, arm.length, x, starts)));
  }
  return x;
}
/** The path up to the first fork behind `from`: `recipe.1[2].steps.1.fork.`. */
function forkOf(at: string, from: number): string | undefined {
  const index = at.indexOf('.fork.', Math.max(0, from - 1));
  return index < 0 ? undefined : at.slice(0, index + '.fork.'.length);
}

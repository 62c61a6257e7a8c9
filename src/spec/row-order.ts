/**
 * Rows in the order in which one card after the other would have made them. Cards that are worked on side by side
 * tell their rows mixed; exported and compared are rows in this order.
 */
import { inArm, inRecipe, inRound, inSteps } from './location';
import { type Experiment, isFork, isRepeat, type Row, type Step } from './types';

/** Every place that is executed, rounds and arms included, in order. Cards that are off are left out. */
export function places({ recipe }: Pick<Experiment, 'recipe'>): string[] {
  const found: string[] = [];
  const list = (steps: readonly Step[], place: (index: number) => string) => {
    for (const [i, step] of steps.entries()) if (!step.off) visit(step, place(i));
  };
  const visit = (step: Step, at: string) => {
    if (isRepeat(step)) {
      for (let round = 1; round <= step.repeat; round++)
        list(step.steps, (i) => inSteps(inRound(at, round), i));
    } else if (isFork(step)) {
      for (const [arm, steps] of Object.entries(step.fork)) list(steps, (i) => inArm(at, arm, i));
    } else found.push(at);
  };
  list(recipe, inRecipe);
  return found;
}

/** By replicate, then by place; rows of one place stay as they are, and those of unknown places (sweeps) come last. */
export function inRunOrder(rows: readonly Row[], experiment: Pick<Experiment, 'recipe'>): Row[] {
  const order = new Map(places(experiment).map((at, i) => [at, i]));
  const rank = ({ at }: Row) => order.get(at) ?? order.size;
  const last = (row: Row) => (order.has(row.at) ? 0 : 1);
  return [...rows].sort((a, b) => last(a) - last(b) || a.replicate - b.replicate || rank(a) - rank(b));
}

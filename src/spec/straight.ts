/** One way through a recipe: the cards that lead to a place, without the arms beside it and what comes after. */
import { inArm, inRecipe, inRound, inSteps } from './location';
import { type Experiment, isFork, isRepeat, type Step } from './types';

/**
 * The experiment whose trunk ends at this place. Every card has the lineage key that it has on the way there, because
 * forks and repeats leave no trace in a key: what is kept of one experiment serves the other.
 * @param at of a card, rounds and arms included (location.ts)
 * @returns undefined where the recipe has no such place
 */
export function straightTo(experiment: Experiment, at: string): Experiment | undefined {
  const recipe = leading(experiment.recipe, inRecipe, at);
  const { sweep: _, ...rest } = experiment;
  return recipe && { ...rest, recipe };
}

/** Cards of this list up to the place inside it, and what lies in it up to there. */
function leading(steps: readonly Step[], place: (i: number) => string, at: string): Step[] | undefined {
  const way: Step[] = [];
  for (const [i, step] of steps.entries()) {
    if (step.off) continue;
    const here = place(i);
    if (here === at) return [...way, ...trunk([step])];
    if (at.startsWith(`${here}.`) || at.startsWith(`${here}[`)) {
      const inside = within(step, here, at);
      return inside && [...way, ...inside];
    }
    way.push(...trunk([step]));
  }
  return undefined;
}

function within(step: Step, here: string, at: string): Step[] | undefined {
  if (isFork(step)) {
    const arm = Object.keys(step.fork).find((name) => at.startsWith(`${here}.fork.${name}.`));
    return arm === undefined ? undefined : leading(step.fork[arm], (i) => inArm(here, arm, i), at);
  }
  const round = Number(/^\[(\d+)\]/.exec(at.slice(here.length))?.[1]);
  if (!isRepeat(step) || !(round >= 1 && round <= step.repeat)) return undefined;
  const place = inRound(here, round);
  const all = trunk(step.steps);
  const last = at === place ? all : leading(step.steps, (i) => inSteps(place, i), at);
  if (!last) return undefined;
  const whole = JSON.stringify(last) === JSON.stringify(all);
  return whole ? rounds(round, all) : [...rounds(round - 1, all), ...last];
}

const rounds = (repeat: number, steps: Step[]): Step[] =>
  repeat < 2 ? (repeat === 1 ? steps : []) : steps.length === 0 ? [] : [{ repeat, steps }];

/** The first arm of every fork in its place. */
const trunk = (steps: readonly Step[]): Step[] =>
  steps
    .filter((step) => !step.off)
    .flatMap((step): Step[] => {
      if (isFork(step)) return trunk(Object.values(step.fork)[0] ?? []);
      return isRepeat(step) ? rounds(step.repeat, trunk(step.steps)) : [step];
    });

/** The study of tickets that a recipe of the Lab is already the main part of. */
import { canonical, paramsOf } from '../catalog';
import type { Params } from '../spec/params';
import { WinnowError } from '../spec/problem';
import { type Experiment, isFork, isMethod, isRepeat, type MethodStep, type Step } from '../spec/types';
import { partsOf } from './index';
import { trainingParams } from './protocol';
import type { Study } from './types';

/**
 * Whose arms are called what does not matter: trainings are known by what leads to them, so that nothing is trained again.
 * @returns undefined where a study of tickets has no such recipe
 */
export function studyFrom(experiment: Experiment): Study | undefined {
  const values = valuesFrom(experiment.recipe.filter((step) => !step.off));
  if (!values) return undefined;
  const { data, model, seeds, replicates } = experiment;
  const base = { v: 1 as const, kind: 'tickets', data, model, seeds, replicates };
  // A card says a rate of convolutions only where it is another one; a network without any has the default.
  const candidates: Study[] = [values, { ...values, convRate: values.rate }].map((with_) => ({
    ...base,
    with: with_,
  }));
  try {
    return candidates.find((study) => same(partsOf(study)[0].experiment, experiment));
  } catch (error) {
    if (error instanceof WinnowError) return undefined;
    throw error;
  }
}

/** As far as the recipe looks like one; whether it is, is found by making the study's own. */
function valuesFrom([first, rounds, ...more]: readonly Step[]): Params | undefined {
  if (!first || !isMethod(first) || first.do !== 'train' || !rounds || !isRepeat(rounds)) return undefined;
  const [prune, fork, ...rest] = rounds.steps;
  if (more.length + rest.length > 0 || !prune || !isMethod(prune) || !fork || !isFork(fork)) return undefined;
  const arms = Object.values(fork.fork);
  const draws = arms.filter((steps) => begins(steps, 'reinit')).length;
  const { sparsity, outputHalf, layers } = paramsOf(prune) as Record<string, never>;
  const rates = Object.values(layers ?? {}) as number[];
  return {
    ...trainingFrom(first),
    ...{ rounds: rounds.repeat, rate: sparsity, outputHalf },
    ...(rates.length > 0 && { convRate: rates[0] }),
    ...{ reinit: draws > 0, draws: Math.max(1, draws) },
    shuffle: arms.some((steps) => begins(steps, 'shuffle-mask')),
    small: arms.some((steps) => begins(steps, 'small-dense')),
  };
}
const begins = ([first]: readonly Step[], method: string): boolean =>
  first !== undefined && isMethod(first) && first.do === method;
function trainingFrom(step: MethodStep): Params {
  const values = paramsOf(step);
  return Object.fromEntries(Object.keys(trainingParams).map((name) => [name, values[name]]));
}

/** Equal but for the names of arms, the order of those beside the trunk, and what is off or swept. */
function same(a: Experiment, b: Experiment): boolean {
  return plain(a) === plain(b);
}
function plain({ sweep: _, ...experiment }: Experiment): string {
  return canonical({ ...experiment, recipe: renamed(experiment.recipe) });
}
function renamed(steps: readonly Step[]): Step[] {
  return steps
    .filter((step) => !step.off)
    .map((step) => {
      if (isRepeat(step)) return { ...step, steps: renamed(step.steps) };
      if (!isFork(step)) return step;
      const [trunk, ...others] = Object.values(step.fork).map(renamed);
      const sorted = others.sort((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1));
      return { fork: Object.fromEntries([trunk, ...sorted].map((arm, i) => [`arm-${i}`, arm])) };
    });
}

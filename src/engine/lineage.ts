/**
 * An experiment as the list of things to do, in order. Every state on the way has a key that is the hash of
 * all that leads to it; equal keys mean equal states, whichever experiment, arm or position asks. That is
 * what makes finished work reusable: a changed card changes the keys behind it and none before it.
 */
import { methodById } from '../methods/registry';
import type { Method } from '../methods/types';
import { hashOf } from '../spec/canonical';
import { withDefaults } from '../spec/defaults';
import { inArm, inRecipe, inRound, inSteps } from '../spec/location';
import type { Params } from '../spec/params';
import { type Experiment, isFork, isRepeat, type MethodStep, type Step } from '../spec/types';

export interface Task {
  /** Where, rounds included (spec/location.ts), and the path of the card. */
  at: string;
  card: string;
  arm?: string;
  replicate: number;
  method: Method;
  /** All parameters, defaults filled in. */
  values: Params;
  parent: string;
  key: string;
  /** On the line that leads to the end of the recipe; false inside control arms. */
  trunk: boolean;
  /** Its result is a plotted point: the end of a training, of a list of cards, or a card of the recipe itself. */
  measured: boolean;
}
interface Place {
  at: string;
  card: string;
  arm?: string;
  trunk: boolean;
}

/** Key of the untrained network. */
export const rootKey = ({ v, data, model, seeds }: Experiment, replicate: number): string =>
  hashOf({ v, data, model, seeds, replicate });

/** An arm without cards ends where it begins: at the card before its fork. */
const showsEmptyArm = (next: Step): boolean =>
  isFork(next) && Object.values(next.fork).some((arm) => arm.every(({ off }) => off));

/** All tasks of one replicate in the order of execution; cards that are off are left out. */
export function lineage(experiment: Experiment, replicate = 0): Task[] {
  const tasks: Task[] = [];
  let key = rootKey(experiment, replicate);

  const method = (step: MethodStep, place: Place, last: boolean) => {
    const found = methodById(step.do);
    const values = withDefaults(found.params, step.with) as Params;
    const parent = key;
    key = hashOf([parent, step.do, values]);
    const top = /^recipe\.\d+$/.test(place.at);
    tasks.push({
      ...place,
      replicate,
      method: found,
      values,
      parent,
      key,
      measured: !found.live || last || top,
    });
  };
  const list = (steps: readonly Step[], place: (index: number) => Place) => {
    const on = steps.map((step, i) => ({ step, i })).filter(({ step }) => !step.off);
    on.forEach(({ step, i }, n) => {
      visit(step, place(i), n === on.length - 1 || showsEmptyArm(on[n + 1].step));
    });
  };
  const visit = (step: Step, place: Place, last: boolean) => {
    if (isRepeat(step)) {
      for (let round = 1; round <= step.repeat; round++) {
        const at = inRound(place.at, round);
        list(step.steps, (i) => ({ ...place, at: inSteps(at, i), card: inSteps(place.card, i) }));
      }
    } else if (isFork(step)) {
      const from = key;
      let trunkEnd = key;
      Object.entries(step.fork).forEach(([arm, steps], n) => {
        key = from;
        const trunk = place.trunk && n === 0;
        list(steps, (i) => ({ at: inArm(place.at, arm, i), card: inArm(place.card, arm, i), arm, trunk }));
        if (n === 0) trunkEnd = key;
      });
      key = trunkEnd;
    } else method(step, place, last);
  };
  list(experiment.recipe, (i) => ({ at: inRecipe(i), card: inRecipe(i), trunk: true }));
  return tasks;
}

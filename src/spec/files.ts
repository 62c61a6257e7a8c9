/** Files that an experiment names. */
import { FILE_ID } from './limits';
import { walkCards } from './path';
import { type Experiment, isMethod } from './types';

/** Ids of network files in cards that are on, without repetition. */
export function namedFiles(experiment: Experiment): string[] {
  const ids = new Set<string>();
  for (const { step, off } of walkCards(experiment)) {
    const id = !off && isMethod(step) ? step.with?.file : undefined;
    if (typeof id === 'string' && FILE_ID.test(id)) ids.add(id);
  }
  return [...ids];
}

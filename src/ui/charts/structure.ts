import { useMemo } from 'react';
import { walkCards } from '../../spec/path';
import { type Experiment, isFork, isMethod, isRepeat } from '../../spec/types';
import { useLab } from '../../store/lab';

/** Everything about the cards but their parameters: which there are, where, and whether they are on. */
export function structureOf(experiment: Experiment): string {
  const cards = [...walkCards(experiment)].map(({ at, step, off }) => {
    const what = isMethod(step)
      ? step.do
      : isRepeat(step)
        ? 'repeat'
        : isFork(step)
          ? Object.keys(step.fork)
          : '';
    return `${at}:${what}${off ? ':off' : ''}`;
  });
  return `${experiment.replicates}|${cards.join('|')}`;
}
/** The experiment, the same object for as long as only parameters change: rows are read with its cards alone. */
export function useStructure(): Experiment {
  const structure = useLab((s) => structureOf(s.experiment));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the structure is what counts.
  return useMemo(() => useLab.getState().experiment, [structure]);
}

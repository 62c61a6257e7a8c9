import { useMemo } from 'react';
import { walkCards } from '../../spec/path';
import { type Experiment, isFork, isMethod, isRepeat } from '../../spec/types';
import { useLab } from '../../store/lab';

/** Everything but parameters, rounds and seeds: data, network, which cards there are, where, and whether they are on. */
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
  const { data, model, replicates } = experiment;
  return `${data}|${model}|${replicates}|${cards.join('|')}`;
}
/** Many ask on every change of the store, most of which leave the experiment as it is. */
const known = new WeakMap<Experiment, string>();
function knownStructure(experiment: Experiment): string {
  const structure = known.get(experiment) ?? structureOf(experiment);
  known.set(experiment, structure);
  return structure;
}
/** The experiment, the same object for as long as only parameters change: for what is read from its cards alone. */
export function useStructure(): Experiment {
  const structure = useLab((s) => knownStructure(s.experiment));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the structure is what counts.
  return useMemo(() => useLab.getState().experiment, [structure]);
}

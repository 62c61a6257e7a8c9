/** Which line a sweep's points lie on, so that none is drawn under an experiment it was not made with. */
import { effective, hashOf } from '../catalog';
import { cardAt, replaceCard } from '../spec/path';
import type { Experiment } from '../spec/types';
import type { LabState, SweepView } from './types';

/** Everything of the experiment but the value under the slider: points with equal keys lie on one line. */
export function lineKey(experiment: Experiment, at: string, param: string): string {
  const step = cardAt(experiment, at);
  const blank = step && 'do' in step ? { ...step, with: { ...step.with, [param]: 0 } } : undefined;
  return hashOf({ at, all: effective(blank ? replaceCard(experiment, at, blank) : experiment) });
}

/** The sweep on screen; undefined when the experiment has changed in more than the swept value since. */
export function currentSweep({
  experiment,
  sweep,
}: Pick<LabState, 'experiment' | 'sweep'>): SweepView | undefined {
  return sweep && lineKey(experiment, sweep.at, sweep.param) === sweep.line ? sweep : undefined;
}

import { catalog, methodOf } from '../../catalog';
import { sliderOf } from '../../methods/slider';
import { valuesOf } from '../../spec/defaults';
import { cardAt } from '../../spec/path';
import { type Experiment, isMethod } from '../../spec/types';

export interface Active {
  at: string;
  /** The parameter under the card's slider. */
  param: string;
  /** Where the slider stands. */
  value: number;
}
/** The card whose slider is drawn; undefined when it has none, is gone or is off. */
export function activeOf(experiment: Experiment, at: string): Active | undefined {
  const step = cardAt(experiment, at);
  if (!step || !isMethod(step) || step.off) return undefined;
  const method = methodOf(step.do);
  const param = method && sliderOf(method, step.with);
  const value = param === undefined ? undefined : valuesOf(step, catalog)[param];
  return param !== undefined && typeof value === 'number' ? { at, param, value } : undefined;
}
/** Whether the worker can sweep it: a card inside rounds or arms would have to train anew for every value. */
export const sweepable = (experiment: Experiment, at: string): boolean =>
  /^recipe\.\d+$/.test(at) && activeOf(experiment, at) !== undefined;

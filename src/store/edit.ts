/** Edits of an experiment as pure functions; cards keep only what differs from their method's defaults. */
import { catalog } from '../catalog';
import { tableOf } from '../spec/catalog';
import { stripParams } from '../spec/defaults';
import type { ParamValue } from '../spec/params';
import { cardAt, type Edit, insertCard, replaceCard, splitCard, walkCards } from '../spec/path';
import { type Experiment, isMethod, isRepeat, type MethodStep } from '../spec/types';

const withParams = (step: MethodStep, values: MethodStep['with']): MethodStep => {
  const kept = stripParams(tableOf(catalog, step.do) ?? {}, values);
  return { do: step.do, ...(kept && { with: kept }), ...(step.off && { off: true as const }) };
};

/** Sets one parameter of a method card, and what suits the option that is chosen; unchanged where there is no such card. */
export function setParam(experiment: Experiment, at: string, name: string, value: ParamValue): Experiment {
  const step = cardAt(experiment, at);
  if (!step || !isMethod(step)) return experiment;
  const param = tableOf(catalog, step.do)?.[name];
  const suits = param?.kind === 'choice' && param.suits?.[value as string];
  return replaceCard(experiment, at, withParams(step, { ...step.with, ...suits, [name]: value }));
}
/** A method card with all its parameters at their defaults. */
export function resetCard(experiment: Experiment, at: string): Experiment {
  const step = cardAt(experiment, at);
  return step && isMethod(step) ? replaceCard(experiment, at, withParams(step, undefined)) : experiment;
}
export function setOff(experiment: Experiment, at: string, off: boolean): Experiment {
  const step = cardAt(experiment, at);
  if (!step) return experiment;
  const { off: _, ...rest } = step;
  return replaceCard(experiment, at, off ? { ...rest, off: true } : rest);
}
export function setRounds(experiment: Experiment, at: string, rounds: number): Experiment {
  const step = cardAt(experiment, at);
  return step && isRepeat(step) ? replaceCard(experiment, at, { ...step, repeat: rounds }) : experiment;
}
/**
 * The recipe that begins with this network file; what there was stays below, switched off. A recipe that begins with a
 * file already begins with this one instead and is otherwise left as it is.
 */
export function startFrom(experiment: Experiment, file: string): Experiment {
  const step: MethodStep = { do: 'open', with: { file } };
  const [first] = experiment.recipe;
  if (first && isMethod(first) && first.do === 'open') return replaceCard(experiment, 'recipe.0', step);
  const rest = experiment.recipe.map((card) => ({ ...card, off: true as const }));
  const { sweep: _, ...others } = experiment;
  return { ...others, recipe: [step, ...rest] };
}
/** A copy right below. */
export function duplicate(experiment: Experiment, at: string): Edit {
  const step = cardAt(experiment, at);
  const below = next(at);
  return step && below ? insertCard(experiment, below, step) : { experiment, moved: (path) => path };
}
/** The place after a card: `recipe.1` -> `recipe.2`. */
export function next(at: string): string | undefined {
  const place = splitCard(at);
  return place && `${place.list}.${place.index + 1}`;
}
/** The card that is swept when nobody has chosen one: the sweep's own, else the first live card that has a big slider. */
export function firstActive(experiment: Experiment, sliders: ReadonlySet<string>): string {
  if (experiment.sweep) return experiment.sweep.at;
  for (const card of walkCards(experiment)) {
    if (!card.off && isMethod(card.step) && sliders.has(card.step.do)) return card.at;
  }
  return 'recipe.0';
}
/** True for a method card that has a big slider. */
export function hasSlider(experiment: Experiment, at: string, sliders: ReadonlySet<string>): boolean {
  const step = cardAt(experiment, at);
  return step !== undefined && isMethod(step) && sliders.has(step.do);
}

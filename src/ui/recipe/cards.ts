/** What a card is called and how it stands, from the experiment alone. */
import { datasetOf, methodOf, modelOf, paramsOf } from '../../catalog';
import { i18n } from '../../i18n';
import { words } from '../../i18n/words';
import { weightLayers } from '../../models/build';
import { shrinkable } from '../../models/groups';
import type { Arch, WeightLayer } from '../../models/types';
import { cardsAt, parentOf, splitCard, walkCards } from '../../spec/path';
import { type Experiment, isFork, isMethod, isRepeat, type Step } from '../../spec/types';
import type { CardStatus } from '../../worker/api';

const COMPRESSES = new Set(['criterion', 'transform', 'topology']);
const compresses = (s: Step): boolean =>
  isMethod(s) ? COMPRESSES.has(methodOf(s.do)?.kind ?? '') : isRepeat(s) ? s.steps.some(compresses) : false;
const restarts = (s: Step) => isMethod(s) && methodOf(s.do)?.kind === 'start';

/** Steps that come before this card on its way, nearest first, through the lists that enclose it. */
function* earlier(experiment: Experiment, at: string): Generator<Step> {
  for (let here: string | undefined = at; here; here = parentOf(here)) {
    const place = splitCard(here);
    const steps = (place && cardsAt(experiment, place.list)) ?? [];
    for (let i = (place?.index ?? 0) - 1; i >= 0; i--) if (!steps[i].off) yield steps[i];
  }
}
/** It ends with weights that have been trained, here or elsewhere. */
function trains(s: Step): boolean {
  if (isRepeat(s)) return s.steps.some(trains);
  if (isFork(s)) return Object.values(s.fork).some((steps) => steps.some(trains));
  return s.do === 'open' || methodOf(s.do)?.live === false;
}
/** Training that goes on from a trained and then compressed network, without new weights in between, is fine-tuning. */
function isFinetune(experiment: Experiment, at: string): boolean {
  let compressed = false;
  for (const step of earlier(experiment, at)) {
    if (compressed && trains(step)) return true;
    if (compressed) continue;
    if (restarts(step)) return false;
    compressed = compresses(step);
    if (compressed && trains(step)) return true;
  }
  return false;
}
/** Title in the page's language. */
export function titleOfCard(experiment: Experiment, at: string, step: Step): string {
  if (isRepeat(step)) return i18n.t('repeat.title');
  if (isFork(step)) return i18n.t('fork.title');
  return words.method(step.do === 'train' && isFinetune(experiment, at) ? 'finetune' : step.do);
}
/** Position of the card in reading order, from 1. */
export const numberOf = (experiment: Experiment, at: string): number =>
  [...walkCards(experiment)].findIndex((c) => c.at === at) + 1;

/** First training that has to be done before everything is up to date; what needs none follows by itself. */
export function firstToRun(experiment: Experiment, cards: Record<string, CardStatus>): string | undefined {
  for (const { at, step, off } of walkCards(experiment)) {
    if (off || !isMethod(step) || methodOf(step.do)?.live) continue;
    if ((cards[at] ?? 'needs-run') !== 'done') return at;
  }
  return undefined;
}
/** Cards of the same method that are on: their sliders need telling apart. */
export const twins = (experiment: Experiment, method: string): string[] =>
  [...walkCards(experiment)].filter((c) => isMethod(c.step) && c.step.do === method).map((c) => c.at);

/** The network as the model builds it; undefined for an unknown model or data set, or if it cannot. */
function archOf(experiment: Experiment): Arch | undefined {
  const model = modelOf(experiment.model);
  const data = datasetOf(experiment.data);
  try {
    return model && data && model.build(data.shape, data.classes.length);
  } catch {
    return undefined; // Too small an image; the refusal is in the notices.
  }
}
/** Its layers with weights. */
export function layersOf(experiment: Experiment): WeightLayer[] {
  const arch = archOf(experiment);
  return arch ? weightLayers(arch) : [];
}
/**
 * The network that a card is given, as far as the recipe tells without applying anything: sizes that follow from
 * weights (units removed) are those of the model.
 */
export function archBefore(experiment: Experiment, at: string): Arch | undefined {
  const arch = archOf(experiment);
  return arch && [...earlier(experiment, at)].reverse().reduce(reshaped, arch);
}
function reshaped(arch: Arch, step: Step): Arch {
  if (step.off) return arch;
  if (isRepeat(step)) return step.steps.reduce(reshaped, arch);
  if (isFork(step)) return (Object.values(step.fork)[0] ?? []).reduce(reshaped, arch);
  const method = methodOf(step.do);
  return method?.live && method.reshape ? method.reshape(arch, paramsOf(step)) : arch;
}
/** Layers whose units can only go together, by the name that stands for them all. */
export function coupledIn(method: string, arch: Arch | undefined): Record<string, readonly string[]> {
  if (!arch || method !== 'prune-units') return {};
  const coupled = shrinkable(arch).filter(({ producers }) => producers.length > 1);
  return Object.fromEntries(coupled.map(({ id, producers }) => [id, producers]));
}
/** What a card of this method may name: layers, or groups of units that go together by their first layer. */
export function namesFor(method: string, arch: Arch | undefined): string[] {
  if (!arch) return [];
  if (method === 'prune-units') return shrinkable(arch).map(({ id }) => id);
  return weightLayers(arch)
    .filter(({ kind }) => method !== 'factorize' || kind === 'dense')
    .map(({ name }) => name);
}

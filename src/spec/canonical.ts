/**
 * One text per experiment, whatever the order of its fields and however many defaults it spells out,
 * and a short hash of it that names results.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Catalog } from './catalog';
import { DEFAULT_DATA, DEFAULT_MODEL, DEFAULT_REPLICATES, DEFAULT_SEEDS, stripDefaults } from './defaults';
import { WinnowError } from './problem';
import { type Experiment, isFork, isMethod, isRepeat, type Step } from './types';

/**
 * JSON with sorted keys, `undefined` fields left out and -0 written as 0. Only the arms of a `fork` keep
 * their order: the first one is the trunk, so their order is part of the meaning.
 * @throws WinnowError for what JSON cannot say (NaN, functions, ...), with its path
 */
export const canonicalJson = (value: unknown): string => write(value, [], false);

function write(value: unknown, path: readonly string[], keepOrder: boolean): string {
  if (Array.isArray(value)) return `[${value.map((v, i) => write(v, [...path, `${i}`], false)).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    if (!keepOrder) entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${write(v, [...path, k], k === 'fork')}`).join()}}`;
  }
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value === 0 ? 0 : value);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  const message = `must be a value that JSON can hold, got ${String(value)}`;
  throw new WinnowError({ code: 'wrong-type', path: path.join('.'), message });
}

/** A set of layers has no order, so that its spelling gets one. */
function sortSets(step: Step): Step {
  if (isRepeat(step)) return { ...step, steps: step.steps.map(sortSets) };
  if (isFork(step)) {
    const arms = Object.entries(step.fork).map(([name, steps]) => [name, steps.map(sortSets)]);
    return { ...step, fork: Object.fromEntries(arms) };
  }
  if (!step.with) return step;
  const sorted = Object.entries(step.with).map(([k, v]) => [k, Array.isArray(v) ? [...v].sort() : v]);
  return { ...step, with: Object.fromEntries(sorted) };
}

/** Canonical JSON of the experiment with every default removed, those of its own fields included. */
export function canonical(experiment: Experiment, catalog: Catalog): string {
  const { v, data, model, recipe, seeds, replicates, sweep } = stripDefaults(experiment, catalog);
  const drawn = Object.entries(seeds).filter(([name, seed]) => seed !== DEFAULT_SEEDS[name as 'init']);
  return canonicalJson({
    v,
    data: data === DEFAULT_DATA ? undefined : data,
    model: model === DEFAULT_MODEL ? undefined : model,
    recipe: recipe.map(sortSets),
    seeds: drawn.length ? Object.fromEntries(drawn) : undefined,
    replicates: replicates === DEFAULT_REPLICATES ? undefined : replicates,
    sweep,
  });
}

const live = (steps: Step[]): Step[] =>
  steps
    .filter((step) => !step.off)
    .map((step) => {
      if (isMethod(step)) return step;
      if (isRepeat(step)) return { ...step, steps: live(step.steps) };
      return { fork: Object.fromEntries(Object.entries(step.fork).map(([arm, s]) => [arm, live(s)])) };
    });

/** What is really executed: without the steps that are off and without the sweep. Keys results, not documents. */
export function effective(experiment: Experiment): Experiment {
  const { sweep: _, ...rest } = experiment;
  return { ...rest, recipe: live(experiment.recipe) };
}

/** First 16 hex digits of the SHA-256 of any JSON value's canonical text; for keys of states and results. */
export const hashOf = (json: unknown): string => hashText(canonicalJson(json));
const hashText = (text: string) => bytesToHex(sha256(utf8ToBytes(text))).slice(0, 16);

/** 16 hex digits that name this experiment. Equal for equal documents, whatever their order or defaults. */
export const hashExperiment = (experiment: Experiment, catalog: Catalog): string =>
  hashText(canonical(experiment, catalog));

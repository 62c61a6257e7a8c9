/** Everything an experiment may name, and the functions of `spec` bound to it. */
import { ownInfo } from '../datasets/own/registry';
import { datasets } from '../datasets/registry';
import type { DatasetInfo } from '../datasets/types';
import { methods } from '../methods/registry';
import type { Method } from '../methods/types';
import { weightLayers } from '../models/build';
import { MLP_GRAMMAR, mlpWidths } from '../models/mlp';
import { findModel, models } from '../models/registry';
import * as canonicalOf from '../spec/canonical';
import type { Catalog } from '../spec/catalog';
import * as defaults from '../spec/defaults';
import { type Decoded, decodeLink, encodeLink } from '../spec/link';
import type { Params } from '../spec/params';
import { type Parsed, parseExperiment } from '../spec/parse';
import { type Repaired, repairExperiment } from '../spec/repair';
import type { Experiment, MethodStep } from '../spec/types';
import { type PresetInfo, presets, TOPICS } from './presets';

export type { PresetInfo };
export { datasets, methods, models, presets, TOPICS };

export const catalog: Catalog = {
  methods: Object.fromEntries(methods.map((method) => [method.id, method.params])),
  models,
  datasets,
  moreModels: { accepts: (id) => mlpWidths(id) !== undefined, grammar: MLP_GRAMMAR },
  layersOf(model, data) {
    const shape = datasetOf(data);
    if (!shape) return undefined;
    const arch = modelOf(model)?.build(shape.shape, shape.classes.length);
    return arch && weightLayers(arch).map(({ name, kind }) => ({ name, dense: kind === 'dense' }));
  },
  live: new Set(methods.filter((method) => method.live).map((method) => method.id)),
  presets,
};

const byId = <T extends { id: string }>(all: readonly T[]) => {
  const map = new Map(all.map((entry) => [entry.id, entry]));
  return (id: string): T | undefined => map.get(id);
};
export const methodOf: (id: string) => Method | undefined = byId(methods);
/** Of the list, or a perceptron of free size. */
export const modelOf = findModel;
const datasetById = byId(datasets);
/** One of the lab's data sets, or one of the visitor's own that is in this browser. */
export const datasetOf = (id: string): DatasetInfo | undefined => datasetById(id) ?? ownInfo(id);
export const presetOf = byId(presets);

/** Strict: the experiment, or every problem with its path. */
export const parse = (raw: unknown): Parsed => parseExperiment(raw, catalog);
/** Lenient: what is refused falls back to its default, a hopeless document to the first preset. */
export const repair = (raw: unknown): Repaired => repairExperiment(raw, catalog, presets[0].experiment);
/** `#...`, to be put behind the page's address. */
export const encode = (experiment: Experiment): string => encodeLink(experiment, catalog);
/** Takes a fragment, a whole URL or a preset's id; never throws. */
export const decode = (link: string): Decoded => decodeLink(link, catalog);
/** 16 hex digits that name the experiment. */
export const hash = (experiment: Experiment): string => canonicalOf.hashExperiment(experiment, catalog);
/** Canonical JSON, defaults removed. */
export const canonical = (experiment: Experiment): string => canonicalOf.canonical(experiment, catalog);
/** All parameter values of a card, defaults included. */
export const paramsOf = (step: MethodStep): Params => defaults.valuesOf(step, catalog);
/** The experiment with nothing in its cards that only repeats a default. */
export const stripDefaults = (experiment: Experiment): Experiment =>
  defaults.stripDefaults(experiment, catalog);
export const { defaultExperiment } = defaults;
export { effective, hashOf } from '../spec/canonical';

/** What an experiment may name. Passed in, because `spec` knows no method, model or data set itself. */
import type { ParamTable } from './params';
import type { Experiment } from './types';

export interface Named {
  readonly id: string;
  readonly name: string;
}
/** Ids that no list can hold, such as those of a family of networks whose sizes are part of the name. */
export interface OpenIds {
  /** True for exactly the ids there are; of each thing one spelling, as links and hashes keep it. */
  accepts(id: string): boolean;
  /** What such an id looks like and what its parts may be, for messages: `mlp-<units>-...`. */
  readonly grammar: string;
}
export interface Preset {
  readonly id: string;
  readonly experiment: Experiment;
}
export interface Catalog {
  /** Parameter tables by method id. */
  readonly methods: Readonly<Record<string, ParamTable>>;
  readonly models: readonly Named[];
  readonly datasets: readonly Named[];
  /** Beside those in the lists. */
  readonly moreModels?: OpenIds;
  readonly moreDatasets?: OpenIds;
  /**
   * Names of the layers with weights that a network has on this data; undefined where that is not known.
   * @throws WinnowError where the network cannot take such images
   */
  layersOf?(model: string, data: string): readonly { name: string; dense: boolean }[] | undefined;
  /** Methods that act without training, so that their parameters can be swept; all of them if left out. */
  readonly live?: ReadonlySet<string>;
  /** Starting points that links may refer to; the first is what a broken link falls back to. */
  readonly presets: readonly Preset[];
}

/** The parameter table of a method, or undefined; immune to names such as `constructor`. */
export const tableOf = (catalog: Catalog, method: string): ParamTable | undefined =>
  Object.hasOwn(catalog.methods, method) ? catalog.methods[method] : undefined;

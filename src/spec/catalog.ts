/** What an experiment may name. Passed in, because `spec` knows no method, model or data set itself. */
import type { ParamTable } from './params';
import type { Experiment } from './types';

export interface Named {
  readonly id: string;
  readonly name: string;
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

/** Multilayer perceptrons of any width and depth: the family is one entry, and the id of a member says its sizes. */
import { dense, network } from './build';
import type { Model } from './types';

/** Hidden layers, and units of each. */
export const MLP_DEPTH = [1, 8] as const;
export const MLP_WIDTH = [1, 4096] as const;
/** What an id must look like, for messages. */
export const MLP_GRAMMAR = `mlp-<units>-<units>-... (${MLP_DEPTH.join(' to ')} hidden layers of ${MLP_WIDTH.join(' to ')} units)`;

/** Widths of the hidden layers, first to last; undefined for an id that is not exactly of the grammar. */
export function mlpWidths(id: string): number[] | undefined {
  // No leading zeros, so that every network has one spelling and links and hashes of it agree.
  if (!/^mlp(?:-[1-9][0-9]{0,3}){1,8}$/.test(id)) return undefined;
  const widths = id.split('-').slice(1).map(Number);
  return widths.every((units) => units <= MLP_WIDTH[1]) ? widths : undefined;
}
export const mlpId = (widths: readonly number[]): string => ['mlp', ...widths].join('-');

/** Dense layers `fc1`, `fc2`, ... with ReLU, then `out`. @param widths as `mlpWidths` gives them */
export const mlp = (widths: readonly number[]): Model => ({
  id: mlpId(widths),
  name: `MLP ${widths.join('-')}`,
  citation: {
    text: 'Rumelhart, Hinton, Williams: Learning representations by back-propagating errors. Nature 323 (1986); ReLU of Glorot, Bordes, Bengio: Deep sparse rectifier neural networks. AISTATS (2011)',
    url: 'https://doi.org/10.1038/323533a0',
  },
  build: (input, classes) =>
    network(input, [
      ...widths.map((units, i) => dense(`fc${i + 1}`, units)),
      dense('out', classes, 'linear'),
    ]),
});

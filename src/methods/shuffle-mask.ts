import { kernelName, weightLayers } from '../models/build';
import { unheld } from '../models/held';
import type { NetState, Tensors, WeightLayer } from '../models/types';
import type { ParamTable } from '../spec/params';
import { maskedAll, requireStart } from './layers';
import { smallest, survivors } from './select';
import { defineMethod } from './types';

const params = {
  draw: { kind: 'number', label: 'Draw', default: 0, min: 0, max: 99, step: 1, integer: true, unit: 'none' },
} as const satisfies ParamTable;

/**
 * A control of the lottery ticket: each layer keeps as many weights as before, but which ones is drawn, every set equally
 * likely. Weights that come back take their initial value; put `rewind` behind it, so that all do. Quantization and what
 * was held are dropped.
 *
 * Traps: the shares of the layers are part of the ticket and are kept, so that this tells only what the places within a
 * layer are worth. It moves a mask, where everything else only ever shrinks one: as a round of several it would bring
 * pruned weights back, with a draw of its own after every training.
 */
export const shuffleMask = defineMethod({
  id: 'shuffle-mask',
  kind: 'start',
  live: true,
  revives: true,
  params,
  formula: 'm \\leftarrow \\pi(m),\\quad \\pi \\text{ a permutation of each layer}',
  citations: [
    {
      text: 'Frankle, Carbin: The lottery ticket hypothesis. ICLR (2019)',
      url: 'https://arxiv.org/abs/1803.03635',
    },
  ],
  apply(before, { draw }, context) {
    requireStart(before);
    const state = unheld(before);
    const layers = weightLayers(state.arch).filter((layer) => state.masks[kernelName(layer)]);
    if (layers.length === 0) return state;
    const drawn = layers.map((layer) => {
      const mask = state.masks[kernelName(layer)];
      const order = context.uniform(mask.length, 'shuffle-mask', draw, state.trainings, layer.name);
      return [kernelName(layer), smallest(order, undefined, mask.length - survivors(mask, mask.length))];
    });
    const masks = { ...state.masks, ...Object.fromEntries(drawn) };
    return { ...state, masks, tensors: maskedAll(revived(state, layers), masks), quant: {} };
  },
});

/** The tensors with initial values where something was pruned. */
const revived = ({ tensors, masks, start }: NetState, layers: readonly WeightLayer[]): Tensors => ({
  ...tensors,
  ...Object.fromEntries(
    layers
      .map(kernelName)
      .map((name) => [name, tensors[name].map((w, i) => (masks[name][i] ? w : start[name][i]))]),
  ),
});

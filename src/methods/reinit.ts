import { unheld } from '../models/held';
import type { ParamTable } from '../spec/params';
import { maskedAll } from './layers';
import { defineMethod } from './types';

const params = {
  draw: { kind: 'number', label: 'Draw', default: 0, min: 0, max: 99, step: 1, integer: true, unit: 'none' },
} as const satisfies ParamTable;

/**
 * The control of the lottery ticket: same masks, fresh weights from the same distribution (fans of the
 * unpruned layer), biases zero. Quantization is dropped. The new draw becomes this network's start. Pruned weights that
 * were held at a value are pruned as ever.
 */
export const reinit = defineMethod({
  id: 'reinit',
  kind: 'start',
  live: true,
  params,
  formula:
    '\\theta \\leftarrow m \\odot \\theta_0^{\\prime},\\quad w_0^{\\prime} \\sim \\mathcal N\\!\\left(0,\\ \\tfrac{2}{n_\\text{in}+n_\\text{out}}\\right),\\ b_0^{\\prime} = 0',
  citations: [
    {
      text: 'Frankle, Carbin: The lottery ticket hypothesis. ICLR (2019)',
      url: 'https://arxiv.org/abs/1803.03635',
    },
    {
      text: 'Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks. AISTATS (2010)',
      url: 'https://proceedings.mlr.press/v9/glorot10a.html',
    },
  ],
  apply(state, { draw }, context) {
    const start = context.redraw(draw);
    // Weights that ended did not begin here.
    const { final: _, ...next } = unheld(state);
    return { ...next, tensors: maskedAll(start, next.masks), start, quant: {} };
  },
});

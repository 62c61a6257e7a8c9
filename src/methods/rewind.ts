import { unheld } from '../models/held';
import { WinnowError } from '../spec/problem';
import { maskedAll } from './layers';
import { defineMethod } from './types';

/**
 * Puts every tensor, biases included, back to where this network began, bit for bit, and keeps the masks:
 * what is left is the lottery ticket. Quantization is dropped, because the ticket is trained anew. Pruned weights that
 * were held at a value are pruned as ever.
 */
export const rewind = defineMethod({
  id: 'rewind',
  kind: 'start',
  live: true,
  params: {},
  formula: '\\theta \\leftarrow m \\odot \\theta_0',
  citations: [
    {
      text: 'Frankle, Carbin: The lottery ticket hypothesis. ICLR (2019)',
      url: 'https://arxiv.org/abs/1803.03635',
    },
  ],
  apply(state) {
    for (const name of Object.keys(state.tensors)) {
      if (state.start[name]?.length === state.tensors[name].length) continue;
      throw new WinnowError({
        code: 'rewind.start',
        path: '',
        message: `cannot rewind ${name}: its layer was factorized and has no initial weights; put rewind before factorize`,
        values: { name },
      });
    }
    const next = unheld(state);
    return { ...next, tensors: maskedAll(state.start, next.masks), quant: {} };
  },
});

import { kernelName } from '../../models/build';
import type { Criterion } from './types';

/**
 * |w| of the latent weights: on a quantized network they order the weights as the effective ones do,
 * but with fewer ties.
 */
export const magnitude: Criterion = {
  id: 'magnitude',
  formula: 's_i = |w_i|',
  citations: [
    {
      text: 'Han, Pool, Tran, Dally: Learning both weights and connections for efficient neural networks. NeurIPS (2015)',
      url: 'https://arxiv.org/abs/1506.02626',
    },
  ],
  score: (state, layer) => state.tensors[kernelName(layer)].map(Math.abs),
};

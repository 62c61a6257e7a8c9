import { kernelName } from '../../models/build';
import type { Criterion } from './types';

/**
 * |w| of the latent weights: on a quantized network they order the weights as the effective ones do,
 * but with fewer ties.
 */
export const magnitude: Criterion = {
  id: 'magnitude',
  words: {
    en: { name: 'Magnitude', about: 'Small weights go first.' },
    zh: { name: '幅值', about: '先剪掉绝对值小的权重。' },
  },
  formula: 's_i = |w_i|',
  citations: [
    {
      text: 'Han, Pool, Tran, Dally: Learning both weights and connections for efficient neural networks. NeurIPS (2015)',
      url: 'https://arxiv.org/abs/1506.02626',
    },
  ],
  score(state, layer) {
    const kernel = state.tensors[kernelName(layer)];
    // A plain loop: called while a slider moves, and `map` costs several times as much.
    const out = new Float32Array(kernel.length);
    for (let i = 0; i < out.length; i++) out[i] = Math.abs(kernel[i]);
    return out;
  },
  reference: (state, layer) => Array.from(state.tensors[kernelName(layer)], (w) => Math.abs(w)),
};

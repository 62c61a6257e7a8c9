import { kernelSize } from '../../models/build';
import type { Criterion } from './types';

/**
 * A number drawn per weight: the control that any criterion has to beat. Each layer draws from a stream of its own,
 * so that a layer loses the same weights whichever others are pruned with it. Every card and every round sees the same
 * numbers: who survives is always a random subset of who was there, and a seed gives one order for good.
 *
 * Trap: ranked globally, all layers lose the same share in expectation; that is layer-wise pruning with noise.
 */
export const random: Criterion = {
  id: 'random',
  words: {
    en: { name: 'Random', about: 'Any weight may go: the control that others have to beat.' },
    zh: { name: '随机', about: '随机剪枝：其他准则必须胜过的对照组。' },
  },
  formula: 's_i \\sim \\mathcal{U}[0, 1)',
  citations: [
    {
      text: 'Gale, Elsen, Hooker: The state of sparsity in deep neural networks (2019)',
      url: 'https://arxiv.org/abs/1902.09574',
    },
  ],
  score: (_, layer, context) => context.uniform(kernelSize(layer), 'random', layer.name),
};

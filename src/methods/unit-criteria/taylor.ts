import type { UnitCriterion } from './types';

/**
 * First-order estimate of how the loss changes when the unit's activation becomes 0.
 *
 * Trap: the order of sum, size and mean matters. Here as in the paper: sum over positions, then |.|, then mean over
 * images. Its scale differs from layer to layer, which the paper mends by the L2 norm of a layer's scores and this lab
 * by their mean.
 */
export const taylorUnits: UnitCriterion = {
  id: 'taylor',
  words: {
    en: { name: 'Taylor', about: 'Units whose absence would change the loss least go first.' },
    zh: { name: '泰勒展开', about: '先剪掉移除后对损失影响最小的单元。' },
  },
  formula:
    's_j = \\frac{1}{N}\\sum_n \\Bigl|\\sum_p a_{npj}\\,\\frac{\\partial L_n}{\\partial a_{npj}}\\Bigr|',
  citations: [
    {
      text: 'Molchanov, Tyree, Karras, Aila, Kautz: Pruning convolutional neural networks for resource efficient inference. ICLR (2017)',
      url: 'https://arxiv.org/abs/1611.06440',
    },
  ],
  needs: ['units'],
  score: (_, group, { evidence, images }) =>
    group.producers.map((name) => evidence('units', images)[name].taylor),
};

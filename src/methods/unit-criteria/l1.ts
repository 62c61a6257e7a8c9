import { norms } from './sums';
import type { UnitCriterion } from './types';

/**
 * Sum of |w| over the weights that make the unit (its filter, or its column of a dense kernel).
 *
 * Trap: as a rank within one layer it is the paper's; between layers it only compares filters of different size after
 * each layer's scores are divided by their mean.
 */
export const l1: UnitCriterion = {
  id: 'l1',
  words: {
    en: { name: 'L1 of incoming weights', about: 'Units whose own weights are small go first.' },
    zh: { name: '输入权重的 L1 范数', about: '先剪掉自身权重较小的单元。' },
  },
  formula: 's_j = \\sum_i |W_{ij}|',
  citations: [
    {
      text: 'Li, Kadav, Durdanovic, Samet, Graf: Pruning filters for efficient ConvNets. ICLR (2017)',
      url: 'https://arxiv.org/abs/1608.08710',
    },
  ],
  score: (state, group) => norms(state, group, 'in', 1),
};

import { norms } from './sums';
import type { UnitCriterion } from './types';

/** Root of the sum of squares over the weights that make the unit: large single weights count more than in L1. */
export const l2: UnitCriterion = {
  id: 'l2',
  words: {
    en: { name: 'L2 of incoming weights', about: 'As L1, but a few large weights protect a unit.' },
    zh: { name: '输入权重的 L2 范数', about: '与 L1 类似，但少数大权重就能保住一个单元。' },
  },
  formula: 's_j = \\sqrt{\\textstyle\\sum_i W_{ij}^2}',
  citations: [
    {
      text: 'Li, Kadav, Durdanovic, Samet, Graf: Pruning filters for efficient ConvNets (section 4.4 compares both norms). ICLR (2017)',
      url: 'https://arxiv.org/abs/1608.08710',
    },
  ],
  score: (state, group) => norms(state, group, 'in', 2),
};

import { norms } from './sums';
import type { UnitCriterion } from './types';

/** Root of the sum of squares over the weights that read the unit, at every position of a flattened image. */
export const l2Out: UnitCriterion = {
  id: 'l2-out',
  words: {
    en: { name: 'L2 of outgoing weights', about: 'As L1, but one strong reader protects a unit.' },
    zh: { name: '输出权重的 L2 范数', about: '与 L1 类似，但一个强读取者就能保住一个单元。' },
  },
  formula: 's_j = \\sqrt{\\textstyle\\sum_k (W^{+}_{jk})^2}',
  citations: [
    {
      text: 'He, Fan, Qian, Tan, Yu: Reshaping deep neural network for fast decoding by node-pruning (the outgoing-norm score). ICASSP (2014)',
      url: 'https://doi.org/10.1109/ICASSP.2014.6853595',
    },
  ],
  score: (state, group) => norms(state, group, 'out', 2),
};

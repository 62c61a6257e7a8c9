import { norms } from './sums';
import type { UnitCriterion } from './types';

/**
 * Sum of |w| over the weights that read the unit: what nobody listens to can go.
 *
 * Trap: behind a convolution that is flattened, a channel has a row at each position, and all of them count.
 */
export const l1Out: UnitCriterion = {
  id: 'l1-out',
  words: {
    en: { name: 'L1 of outgoing weights', about: 'Units that the next layer hardly reads go first.' },
    zh: { name: '输出权重的 L1 范数', about: '先剪掉下一层几乎不读取的单元。' },
  },
  formula: 's_j = \\sum_k |W^{+}_{jk}|',
  citations: [
    {
      text: 'He, Fan, Qian, Tan, Yu: Reshaping deep neural network for fast decoding by node-pruning (the outgoing-norm score). ICASSP (2014)',
      url: 'https://doi.org/10.1109/ICASSP.2014.6853595',
    },
  ],
  score: (state, group) => norms(state, group, 'out', 1),
};

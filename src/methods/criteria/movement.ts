import { fromStart, ZHOU } from './from-start';
import type { Criterion } from './types';

/**
 * How far a weight has moved from where it began, whichever way.
 *
 * Trap: not the movement pruning of fine-tuned language models, which sums gradient times weight while training. And
 * unlike magnitude-increase it also keeps weights that have moved to zero.
 */
export const movement: Criterion = {
  id: 'movement',
  words: {
    en: {
      name: 'Movement',
      about: 'Weights that moved least from where they began go first, whichever way they moved.',
    },
    zh: { name: '移动量', about: '先剪掉离初始值移动最少的权重，不论方向。' },
  },
  formula: 's_j = \\left|w^{(f)}_j - w^{(i)}_j\\right|',
  citations: [ZHOU],
  ...fromStart((initial, final) => Math.abs(final - initial)),
};

import { fromStart, sameSign, ZHOU } from './from-start';
import type { Criterion } from './types';

/**
 * |w| at the end, but nothing for weights that have changed their sign: applied to the untrained network its mask says
 * most about the classes.
 *
 * Trap: thousands of weights score exactly zero. Which of those go is drawn (`prune`), or whole rows would.
 */
export const largeFinalSameSign: Criterion = {
  id: 'large-final-same-sign',
  words: {
    en: {
      name: 'Large final, same sign',
      about: 'Weights that changed sign go first, then those that end small.',
    },
    zh: { name: '最终值大，同号', about: '先剪掉符号改变的权重，再剪掉训练后绝对值小的。' },
  },
  formula:
    's_j = \\left|w^{(f)}_j\\right| \\cdot \\left[\\,\\operatorname{sign} w^{(i)}_j = \\operatorname{sign} w^{(f)}_j\\right]',
  citations: [ZHOU],
  ...fromStart((initial, final) => (sameSign(initial, final) ? Math.abs(final) : 0)),
};

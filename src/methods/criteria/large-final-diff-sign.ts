import { fromStart, sameSign, ZHOU } from './from-start';
import type { Criterion } from './types';

/**
 * |w| at the end, but nothing for weights that have kept their sign: the contrary of large-final-same-sign, and a
 * control.
 *
 * Trap: thousands of weights score exactly zero. Which of those go is drawn (`prune`), or whole rows would.
 */
export const largeFinalDiffSign: Criterion = {
  id: 'large-final-diff-sign',
  words: {
    en: {
      name: 'Large final, other sign',
      about: 'Weights that kept their sign go first, then those that end small: a control.',
    },
    zh: { name: '最终值大，异号', about: '先剪掉符号不变的权重，再剪掉训练后绝对值小的：对照组。' },
  },
  formula:
    's_j = \\left|w^{(f)}_j\\right| \\cdot \\left[\\,\\operatorname{sign} w^{(i)}_j \\ne \\operatorname{sign} w^{(f)}_j\\right]',
  citations: [ZHOU],
  ...fromStart((initial, final) => (sameSign(initial, final) ? 0 : Math.abs(final))),
};

import { fromStart, ZHOU } from './from-start';
import type { Criterion } from './types';

/**
 * The contrary of large-init: those that began large go first.
 *
 * Trap: it harms less than small-final, because a weight that began small may have grown.
 */
export const smallInit: Criterion = {
  id: 'small-init',
  words: {
    en: { name: 'Small initial', about: 'Weights that began large go first: a control.' },
    zh: { name: '初始值小', about: '先剪掉初始绝对值大的权重：对照组。' },
  },
  formula: 's_j = -\\left|w^{(i)}_j\\right|',
  citations: [ZHOU],
  ...fromStart((initial) => -Math.abs(initial)),
};

import { fromStart, ZHOU } from './from-start';
import type { Criterion } from './types';

/**
 * The contrary of magnitude: those that end large go first. A control that must destroy the network.
 *
 * Trap: it is the size that is reversed, not the set: the lowest score goes first here too, and the score is negative.
 */
export const smallFinal: Criterion = {
  id: 'small-final',
  words: {
    en: {
      name: 'Small final',
      about: 'Weights that end large go first: the contrary of magnitude, a control that must fail.',
    },
    zh: { name: '最终值小', about: '先剪掉训练后绝对值大的权重：与幅值准则相反，是必然失败的对照。' },
  },
  formula: 's_j = -\\left|w^{(f)}_j\\right|',
  citations: [ZHOU],
  ...fromStart((_, final) => -Math.abs(final)),
};

import { fromStart, ZHOU } from './from-start';
import type { Criterion } from './types';

/**
 * |w| where the network began. As it looks at no trained weight it tells how much of a ticket is in the draw alone.
 *
 * Trap: the beginning is that of this network (`state.start`): what `rewind` goes back to, in every round the same.
 */
export const largeInit: Criterion = {
  id: 'large-init',
  words: {
    en: { name: 'Large initial', about: 'Weights that began small go first, wherever they ended.' },
    zh: { name: '初始值大', about: '先剪掉初始绝对值小的权重，不看训练后的值。' },
  },
  formula: 's_j = \\left|w^{(i)}_j\\right|',
  citations: [ZHOU],
  ...fromStart((initial) => Math.abs(initial)),
};

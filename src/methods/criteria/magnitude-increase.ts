import { fromStart, ZHOU } from './from-start';
import type { Criterion } from './types';

/**
 * How much a weight has grown: |w| at the end less |w| at the beginning.
 *
 * Trap: the difference keeps its sign. Its size would keep weights that training has pulled to zero, which are those
 * that ought to go first.
 */
export const magnitudeIncrease: Criterion = {
  id: 'magnitude-increase',
  words: {
    en: { name: 'Magnitude increase', about: 'Weights that shrank most, or grew least, go first.' },
    zh: { name: '幅值增长', about: '先剪掉绝对值缩小最多或增长最少的权重。' },
  },
  formula: 's_j = \\left|w^{(f)}_j\\right| - \\left|w^{(i)}_j\\right|',
  citations: [ZHOU],
  ...fromStart((initial, final) => Math.abs(final) - Math.abs(initial)),
};

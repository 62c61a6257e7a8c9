import { fromStart, sameSign, ZHOU } from './from-start';
import type { Criterion } from './types';

/**
 * How much a weight has grown, but nothing for weights that have changed their sign.
 *
 * Traps: as in the authors' code the others score zero, which is more than what weights that shrank score; those go
 * first. It makes a difference only where more is kept than has grown. Which of equal scores go is drawn (`prune`).
 */
export const magnitudeIncreaseSameSign: Criterion = {
  id: 'magnitude-increase-same-sign',
  words: {
    en: {
      name: 'Magnitude increase, same sign',
      about: 'As magnitude increase, but weights that changed sign count as if they had not grown.',
    },
    zh: { name: '幅值增长，同号', about: '与幅值增长相同，但符号改变的权重按没有增长计。' },
  },
  formula:
    's_j = \\left(\\left|w^{(f)}_j\\right| - \\left|w^{(i)}_j\\right|\\right) \\cdot \\left[\\,\\operatorname{sign} w^{(i)}_j = \\operatorname{sign} w^{(f)}_j\\right]',
  citations: [ZHOU],
  ...fromStart((initial, final) => (sameSign(initial, final) ? Math.abs(final) - Math.abs(initial) : 0)),
};

import { fromPercentiles, ZHOU } from './from-start';
import type { Criterion } from './types';

/**
 * Those stay that began large and ended large: the smaller of the two percentiles.
 *
 * Trap: the two axes have scales of their own, which a factor between them would have to be tuned for. Here each is cut
 * at the same percentile of the layer's survivors, as if a threshold were raised on both until as many are left as asked
 * for; one factor for all would give a mask close to that of the beginning alone.
 */
export const largeInitLargeFinal: Criterion = {
  id: 'large-init-large-final',
  words: {
    en: { name: 'Large initial and final', about: 'Weights that began small or ended small go first.' },
    zh: { name: '初始值与最终值都大', about: '先剪掉初始绝对值小或训练后绝对值小的权重。' },
  },
  formula:
    's_j = \\min\\left(P_{|w^{(i)}|}\\left(|w^{(i)}_j|\\right),\\ P_{|w^{(f)}|}\\left(|w^{(f)}_j|\\right)\\right)',
  citations: [ZHOU],
  ...fromPercentiles((initial, final) => Math.min(initial, final)),
};

import { fromPercentiles, ZHOU } from './from-start';
import type { Criterion } from './types';

/**
 * Those stay that began small and ended small: the greater of the two percentiles goes first. A control.
 *
 * Trap: the two axes have scales of their own, which a factor between them would have to be tuned for. Here each is cut
 * at the same percentile of the layer's survivors, as if a threshold were raised on both until as many are left as asked
 * for; one factor for all would give a mask close to that of the beginning alone.
 */
export const smallInitSmallFinal: Criterion = {
  id: 'small-init-small-final',
  words: {
    en: {
      name: 'Small initial and final',
      about: 'Weights that began large or ended large go first: a control that must fail.',
    },
    zh: { name: '初始值与最终值都小', about: '先剪掉初始绝对值大或训练后绝对值大的权重：必然失败的对照。' },
  },
  formula:
    's_j = -\\max\\left(P_{|w^{(i)}|}\\left(|w^{(i)}_j|\\right),\\ P_{|w^{(f)}|}\\left(|w^{(f)}_j|\\right)\\right)',
  citations: [ZHOU],
  ...fromPercentiles((initial, final) => -Math.max(initial, final)),
};

import type { UnitCriterion } from './types';

/**
 * How often the unit says something: 1 minus the average percentage of zeros over images and positions, behind the ReLU
 * that follows. In a coupled group it is asked of each branch before the sum, where there may be no ReLU: values of zero
 * or below count there.
 *
 * Trap: a unit that is always on has score 1 although it may be a mere constant.
 */
export const apoz: UnitCriterion = {
  id: 'apoz',
  words: {
    en: { name: 'Share of zeros (APoZ)', about: 'Units that are silent on most images go first.' },
    zh: { name: '零激活比例（APoZ）', about: '先剪掉对大多数图像没有响应的单元。' },
  },
  formula: 's_j = 1 - \\frac{1}{N P}\\sum_{n,p} [\\,a_{npj} \\le 0\\,]',
  citations: [
    {
      text: 'Hu, Peng, Tai, Tang: Network trimming: a data-driven neuron pruning approach towards efficient deep architectures (2016)',
      url: 'https://arxiv.org/abs/1607.03250',
    },
  ],
  needs: ['units'],
  absolute: true,
  score: (_, group, { evidence, images }) =>
    group.producers.map((name) => evidence('units', images)[name].zeros.map((z) => 1 - z)),
};

import type { UnitCriterion } from './types';

/**
 * A number drawn per unit: the control that any criterion has to beat. One draw per group and seed, so that a rebuilt
 * and a masked network lose the same units. In later rounds the units of a rebuilt network are counted anew.
 */
export const randomUnits: UnitCriterion = {
  id: 'random',
  words: {
    en: { name: 'Random', about: 'Any unit may go: the control that others have to beat.' },
    zh: { name: '随机', about: '随机剪枝：其他准则必须胜过的对照组。' },
  },
  formula: 's_j \\sim \\mathcal{U}[0, 1)',
  citations: [
    {
      text: 'Mittal, Bhardwaj, Khapra, Ravindran: Recovering from random pruning: on the plasticity of deep convolutional neural networks. WACV (2018)',
      url: 'https://arxiv.org/abs/1801.10447',
    },
  ],
  absolute: true,
  score: (_, group, context) => [context.uniform(group.units, 'units', group.id)],
};

import { exactScoresOf, scoresOf } from './from-data';
import type { Criterion } from './types';

/**
 * Optimal Brain Damage: the rise of the loss, to second order and each weight by itself, when a weight becomes zero at
 * a minimum. The diagonal of the Hessian is taken to be that of the empirical Fisher matrix, the mean over images of the
 * squared gradient of each image: never negative, exact per image, and close to the Hessian where the network fits its
 * labels.
 *
 * Trap: the squared gradient of the mean loss is not it. At a minimum that is zero for every weight; per-image squares
 * are not.
 */
export const obd: Criterion = {
  id: 'obd',
  words: {
    en: {
      name: 'Optimal Brain Damage',
      about: 'Curvature times the weight squared: those go first whose removal raises the loss least.',
    },
    zh: { name: '最优脑损伤（OBD）', about: '曲率乘权重的平方：先剪掉去除后损失上升最小的权重。' },
  },
  formula:
    's_i = \\tfrac{1}{2} h_{ii} w_i^2,\\quad h_{ii} = \\frac{1}{N}\\sum_{n=1}^{N} \\left(\\frac{\\partial L_n}{\\partial w_i}\\right)^{2}',
  citations: [
    {
      text: 'LeCun, Denker, Solla: Optimal brain damage. NeurIPS (1989)',
      url: 'https://proceedings.neurips.cc/paper/1989/hash/6c9882bbac1c7093bd25041881277658-Abstract.html',
    },
  ],
  needs: ['gradientSquare'],
  score: (state, layer, { evidence, images }) =>
    scoresOf(state, layer, evidence('gradientSquare', images), (h, w) => 0.5 * h * w * w),
  reference: (state, layer, { evidence, images }) =>
    exactScoresOf(state, layer, evidence('gradientSquare', images), (h, w) => 0.5 * h * w ** 2),
};

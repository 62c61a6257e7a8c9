import { exactScoresOf, scoresOf } from './from-data';
import type { Criterion } from './types';

/**
 * |mean gradient * weight|: to first order, how much the mean loss changes when the weight becomes zero. The gradient
 * is averaged over the images first and its size is taken second, so that images that disagree cancel; `taylor-abs`
 * has it the other way round. Gradients and weights are the effective ones.
 *
 * Trap: first order only. Where the training has converged the mean gradient vanishes, and second order decides (`obd`).
 */
export const taylor: Criterion = {
  id: 'taylor',
  words: {
    en: {
      name: 'Taylor',
      about:
        'Gradient times weight, averaged over images first: those go whose removal changes the loss least.',
    },
    zh: { name: '泰勒', about: '梯度乘权重，先对图像求平均再取绝对值：先剪掉去除后损失变化最小的权重。' },
  },
  formula:
    's_i = \\left|\\left(\\frac{1}{N}\\sum_{n=1}^{N} \\frac{\\partial L_n}{\\partial w_i}\\right) w_i\\right|',
  citations: [
    {
      text: 'Blalock, Gonzalez Ortiz, Frankle, Guttag: What is the state of neural network pruning? MLSys (2020)',
      url: 'https://arxiv.org/abs/2003.03033',
    },
    {
      text: 'Molchanov, Tyree, Karras, Aila, Kautz: Pruning convolutional neural networks for resource efficient inference. ICLR (2017)',
      url: 'https://arxiv.org/abs/1611.06440',
    },
  ],
  needs: ['gradient'],
  score: (state, layer, { evidence, images }) =>
    scoresOf(state, layer, evidence('gradient', images), (g, w) => Math.abs(g * w)),
  reference: (state, layer, { evidence, images }) =>
    exactScoresOf(state, layer, evidence('gradient', images), (g, w) => Math.abs(g * w)),
};

import { exactScoresOf, scoresOf } from './from-data';
import type { Criterion } from './types';

/**
 * |mean gradient|: how fast the loss changes with a weight, whatever the weight's own size. The mean over the images
 * comes first, its size second.
 *
 * Trap: at the end of a training all mean gradients are near zero, and what is left of them is mostly noise; before a
 * training it says more.
 */
export const gradient: Criterion = {
  id: 'gradient',
  words: {
    en: { name: 'Gradient', about: 'Weights go first whose change moves the loss least.' },
    zh: { name: '梯度', about: '先剪掉对损失影响最小的权重：按平均梯度的绝对值。' },
  },
  formula: 's_i = \\left|\\frac{1}{N}\\sum_{n=1}^{N} \\frac{\\partial L_n}{\\partial w_i}\\right|',
  citations: [
    {
      text: 'Mozer, Smolensky: Skeletonization: a technique for trimming the fat from a network via relevance assessment. NeurIPS (1988)',
    },
    {
      text: 'Blalock, Gonzalez Ortiz, Frankle, Guttag: What is the state of neural network pruning? MLSys (2020)',
      url: 'https://arxiv.org/abs/2003.03033',
    },
  ],
  needs: ['gradient'],
  score: (state, layer, { evidence, images }) =>
    scoresOf(state, layer, evidence('gradient', images), Math.abs),
  reference: (state, layer, { evidence, images }) =>
    exactScoresOf(state, layer, evidence('gradient', images), (g) => Math.abs(g)),
};

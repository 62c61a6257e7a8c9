import { exactScoresOf, scoresOf } from './from-data';
import type { Criterion } from './types';

/**
 * Mean of |gradient * weight|: how much the loss of an image changes, to first order, when the weight becomes zero. The
 * size is taken image by image and averaged second, so that images that pull in opposite directions both count and the
 * score does not vanish where the training has converged; `taylor` has it the other way round.
 *
 * Trap: it needs the gradient of every image by itself; sizes of the mean gradients of batches lie somewhere between
 * the two orders and depend on the batch.
 */
export const taylorAbs: Criterion = {
  id: 'taylor-abs',
  words: {
    en: {
      name: 'Taylor, image by image',
      about:
        'Size of gradient times weight, image by image, averaged after: images that disagree do not cancel.',
    },
    zh: { name: '泰勒（逐图像）', about: '逐图像取梯度乘权重的绝对值再求平均：相反的梯度不会互相抵消。' },
  },
  formula: 's_i = \\frac{1}{N}\\sum_{n=1}^{N} \\left|\\frac{\\partial L_n}{\\partial w_i}\\, w_i\\right|',
  citations: [
    {
      text: 'Molchanov, Tyree, Karras, Aila, Kautz: Pruning convolutional neural networks for resource efficient inference. ICLR (2017)',
      url: 'https://arxiv.org/abs/1611.06440',
    },
  ],
  needs: ['gradientSize'],
  score: (state, layer, { evidence, images }) =>
    scoresOf(state, layer, evidence('gradientSize', images), (size, w) => size * Math.abs(w)),
  reference: (state, layer, { evidence, images }) =>
    exactScoresOf(state, layer, evidence('gradientSize', images), (size, w) => size * Math.abs(w)),
};

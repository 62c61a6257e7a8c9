import { kernelName, weightLayers } from '../../models/build';
import type { NetState, Tensors } from '../../models/types';
import { effectiveKernel } from '../fake-quant';
import { exactScoresOf, scoresOf } from './from-data';
import type { Criterion } from './types';

/**
 * SNIP: connection sensitivity, the size of gradient times weight on one batch as a share of its sum over all prunable
 * weights; it is the derivative of the loss by a switch on each weight. Meant for a network that has not been trained,
 * all layers ranked together, and one training afterwards. The shares rank as |g w| does.
 *
 * Traps, where the authors' public code does something else than is done here: it prunes biases too (never here); it
 * draws new weights after choosing the mask (here the initial weights that were scored are the ones that train; a
 * `reinit` card behind it draws anew); it reports the best test accuracy of all checkpoints (here the end of the
 * training is measured); its LeNet-5 has no ReLU behind the convolutions. Inputs that are never on have gradients of
 * exactly zero: which of those go is drawn (`prune`), or whole rows would.
 */
export const snip: Criterion = {
  id: 'snip',
  words: {
    en: {
      name: 'SNIP',
      about:
        'Sensitivity of the loss to each connection, on one batch: for networks that have not been trained.',
    },
    zh: { name: 'SNIP', about: '损失对每个连接的敏感度，只用一个批次：用于尚未训练的网络。' },
  },
  formula:
    's_i = \\frac{|g_i w_i|}{\\sum_j |g_j w_j|},\\quad g = \\frac{1}{N}\\sum_{n=1}^{N} \\frac{\\partial L_n}{\\partial w}',
  citations: [
    {
      text: 'Lee, Ajanthan, Torr: SNIP: single-shot network pruning based on connection sensitivity. ICLR (2019)',
      url: 'https://arxiv.org/abs/1810.02340',
    },
  ],
  needs: ['gradient'],
  images: 100,
  score(state, layer, { evidence, images }) {
    const gradient = evidence('gradient', images);
    // A network without any gradient has nothing to share.
    const sum = total(state, gradient) || 1;
    return scoresOf(state, layer, gradient, (g, w) => Math.abs(g * w) / sum);
  },
  reference(state, layer, { evidence, images }) {
    const gradient = evidence('gradient', images);
    const all = weightLayers(state.arch).flatMap((l) =>
      exactScoresOf(state, l, gradient, (g, w) => Math.abs(g * w)),
    );
    const sum = all.reduce((a, b) => a + b, 0) || 1;
    return exactScoresOf(state, layer, gradient, (g, w) => Math.abs(g * w) / sum);
  },
};

/** Sum of |g w| over all kernels; without the list of them that the plain version makes. */
function total(state: NetState, gradient: Tensors): number {
  let sum = 0;
  for (const layer of weightLayers(state.arch)) {
    const [kernel, g] = [effectiveKernel(state, layer), gradient[kernelName(layer)]];
    for (let i = 0; i < kernel.length; i++) sum += Math.abs(g[i] * kernel[i]);
  }
  return sum;
}

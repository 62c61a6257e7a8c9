import type { ParamTable } from '../spec/params';
import { PENALTIES } from './regime';
import { trainParams } from './train';
import { defineTraining } from './types';

const params = {
  ...trainParams,
  // Plain SGD: there lambda means the same for all three, and what is minimized is the loss plus the penalty.
  optimizer: { ...trainParams.optimizer, default: 'sgd' },
  lr: { ...trainParams.lr, default: 0.1 },
  momentum: { ...trainParams.momentum, default: 0 },
  penalty: { kind: 'choice', label: 'Penalty', default: 'l1-proximal', options: PENALTIES },
  lambda: {
    kind: 'number',
    label: 'Penalty strength λ',
    default: 0.0005,
    min: 1e-6,
    max: 0.1,
    step: 1e-6,
    unit: 'none',
    scale: 'log',
  },
  layers: { kind: 'layers', label: 'Layers', default: [], advanced: true },
} as const satisfies ParamTable;

/**
 * Trains with a penalty on the size of kernel weights; biases and norms are not penalized.
 *
 * `l1-subgradient` adds lambda sign(w) to the gradient, 0 at w = 0. It pulls weights towards zero and past it: they
 * swing around zero by about lr lambda and none is ever exactly zero, so that a threshold has to follow. `l1-proximal`
 * takes the exact step instead: after the optimizer every |w| loses lr lambda and stops at zero (ISTA). `group-lasso`
 * does that to the length of whole columns, times sqrt(size): a group is one output unit of a dense layer or one
 * filter of a convolution, without its bias. Weights that end at exactly zero are pruned from then on.
 *
 * The trap: inside Adam's gradient the penalty is divided by the same root mean square as the gradient, so that its
 * strength depends on the gradient and not on lambda alone. The two shrinking steps stay outside (decoupled, t = lr
 * lambda). With SGD and no momentum, the default here, equal lambda is equal pull; momentum mu makes the subgradient,
 * and only that, 1 / (1 - mu) times as strong.
 */
export const sparsify = defineTraining({
  id: 'sparsify',
  kind: 'training',
  live: false,
  params,
  formula:
    '\\begin{aligned} \\text{subgradient: } g &\\leftarrow g + \\lambda\\,\\mathrm{sign}(w) \\\\ \\text{proximal: } w &\\leftarrow \\mathrm{sign}(w)\\max(|w| - \\eta\\lambda,\\, 0) \\\\ \\text{group: } w_c &\\leftarrow w_c \\max\\!\\left(1 - \\eta\\lambda\\sqrt{n_c}\\,/\\,\\lVert w_c \\rVert_2,\\, 0\\right) \\end{aligned}',
  citations: [
    {
      text: 'Parikh, Boyd: Proximal algorithms. Foundations and Trends in Optimization (2014)',
      url: 'https://web.stanford.edu/~boyd/papers/prox_algs.html',
    },
    {
      text: 'Wen, Wu, Wang, Chen, Li: Learning structured sparsity in deep neural networks. NeurIPS (2016)',
      url: 'https://arxiv.org/abs/1608.03665',
    },
  ],
  regime: ({ penalty, lambda, layers }) => ({ penalty: { kind: penalty, lambda, layers } }),
});

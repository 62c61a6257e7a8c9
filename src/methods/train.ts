import type { Params, ParamTable, ValuesOf } from '../spec/params';
import type { Regime } from './regime';
import type { TrainingMethod } from './types';

/** What every training has. */
export const trainParams = {
  steps: {
    kind: 'number',
    label: 'Steps',
    default: 2000,
    min: 1,
    max: 60_000,
    step: 1,
    integer: true,
    unit: 'steps',
    scale: 'log',
  },
  optimizer: { kind: 'choice', label: 'Optimizer', default: 'adam', options: ['adam', 'sgd', 'adamw'] },
  lr: {
    kind: 'number',
    label: 'Learning rate',
    default: 1.2e-3,
    min: 1e-5,
    max: 1,
    step: 1e-5,
    unit: 'none',
    scale: 'log',
  },
  momentum: {
    kind: 'number',
    label: 'Momentum',
    default: 0.9,
    min: 0,
    max: 0.999,
    step: 0.001,
    unit: 'none',
    when: { optimizer: 'sgd' },
  },
  nesterov: { kind: 'flag', label: 'Nesterov', default: false, when: { optimizer: 'sgd' }, advanced: true },
  weightDecay: {
    kind: 'number',
    label: 'Weight decay',
    default: 0,
    min: 0,
    max: 0.1,
    step: 1e-5,
    unit: 'none',
    advanced: true,
  },
  augment: {
    kind: 'choice',
    label: 'Augmentation',
    default: 'none',
    options: ['none', 'flip', 'crop', 'flip-crop'],
    advanced: true,
  },
  batch: {
    kind: 'number',
    label: 'Batch size',
    default: 60,
    min: 1,
    max: 1024,
    step: 1,
    integer: true,
    unit: 'images',
    advanced: true,
  },
  evalEvery: {
    kind: 'number',
    label: 'Validate every',
    default: 200,
    min: 10,
    max: 10_000,
    step: 10,
    integer: true,
    unit: 'steps',
    advanced: true,
  },
  from: {
    kind: 'number',
    label: 'Begins at step',
    default: 0,
    min: 0,
    max: 60_000,
    step: 1,
    integer: true,
    unit: 'steps',
    advanced: true,
  },
  order: {
    kind: 'number',
    label: 'Data order',
    default: 0,
    min: 0,
    max: 99,
    step: 1,
    integer: true,
    unit: 'none',
    advanced: true,
  },
  earlyStop: { kind: 'flag', label: 'Early stop', default: false, advanced: true },
} as const satisfies ParamTable;

/** Step at which a training ends, as in its rows: they count from where it begins. */
export const lastStep = ({ from, steps }: Pick<TrainValues, 'from' | 'steps'>): number => from + steps;

/**
 * Minimizes the mean cross-entropy from where the network is now. Optimizer state is always fresh, Adam's
 * step count included; pruned weights stay zero in gradient and value; quantized kernels train their
 * latent weights through the rounding as if it were the identity. Adam and AdamW use beta1 0.9, beta2 0.999,
 * epsilon 1e-8. The defaults are those of the lottery-ticket paper but for the shorter run.
 *
 * Weight decay covers every trained tensor, biases and norms too: for SGD and Adam it is added to the gradient
 * (L2), AdamW takes it from the weight beside the step. Augmentation moves training images, never those that
 * validate: mirrored left to right half of the time, shifted by up to 4 pixels each way over zeros, or both.
 *
 * It may begin at a later step, as after late rewinding: images come, and steps are counted, as if that many had been
 * done before; `steps` are still those that it does. Another data order draws other batches (and moves) at every step.
 * Early stop never ends a training: the trap is to compare trainings of different lengths. It goes on to the end, and
 * the weights of the lowest validation loss, the first of equal ones, are tested besides; validation decides, test only
 * tells.
 */
export const train: TrainingMethod<typeof trainParams> = {
  id: 'train',
  kind: 'training',
  live: false,
  params: trainParams,
  formula:
    '\\begin{aligned} g &= \\nabla_\\theta \\tfrac{1}{B}\\textstyle\\sum_{i=1}^{B} -\\log p_\\theta(y_i \\mid a(x_i)) \\\\ \\text{SGD, Adam: }\\theta &\\leftarrow m \\odot \\left(\\theta - \\eta\\, \\mathrm{opt}(m \\odot (g + \\lambda\\theta))\\right) \\\\ \\text{AdamW: }\\theta &\\leftarrow m \\odot \\left((1 - \\eta\\lambda)\\,\\theta - \\eta\\, \\mathrm{opt}(m \\odot g)\\right) \\end{aligned}',
  citations: [
    {
      text: 'Kingma, Ba: Adam: a method for stochastic optimization. ICLR (2015)',
      url: 'https://arxiv.org/abs/1412.6980',
    },
    {
      text: 'Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum in deep learning. ICML (2013)',
      url: 'https://proceedings.mlr.press/v28/sutskever13.html',
    },
    {
      text: 'Loshchilov, Hutter: Decoupled weight decay regularization. ICLR (2019)',
      url: 'https://arxiv.org/abs/1711.05101',
    },
    {
      text: 'He, Zhang, Ren, Sun: Deep residual learning for image recognition (flip, and crop after padding by 4, on CIFAR-10). CVPR (2016)',
      url: 'https://arxiv.org/abs/1512.03385',
    },
  ],
};

export type TrainValues = ValuesOf<typeof trainParams>;

/**
 * Any training method's values, parted into what all trainings have and what this one does besides. What its table
 * leaves out of trainParams, because it means nothing there, is at its default.
 */
export function trainingOf(method: TrainingMethod, values: Params): { values: TrainValues; regime: Regime } {
  const common = Object.entries(trainParams).map(([name, p]) => [name, values[name] ?? p.default]);
  return {
    values: Object.fromEntries(common) as TrainValues,
    regime: method.regime?.(values as never) ?? {},
  };
}

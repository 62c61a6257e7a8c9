import type { ParamTable } from '../spec/params';
import { trainParams } from './train';
import { defineTraining } from './types';

/** Weights have no optimizer here; scores have stochastic gradient descent with momentum. */
const { optimizer: _optimizer, lr: _lr, nesterov: _nesterov, momentum, ...common } = trainParams;

const params = {
  ...common,
  method: {
    kind: 'choice',
    label: 'Mask by',
    default: 'bernoulli',
    options: ['bernoulli', 'edge-popup'],
    suits: {
      bernoulli: { scoreLr: 100, cosine: false, weightDecay: 0 },
      'edge-popup': { scoreLr: 0.1, cosine: true, weightDecay: 1e-4 },
    },
  },
  values: { kind: 'choice', label: 'Values of weights', default: 'init', options: ['init', 'constant'] },
  rescale: {
    kind: 'flag',
    label: 'Dynamic weight rescaling',
    default: true,
    when: { method: 'bernoulli' },
  },
  keep: {
    kind: 'number',
    label: 'Kept in each layer',
    default: 0.5,
    min: 0.01,
    max: 1,
    step: 0.01,
    unit: 'fraction',
    when: { method: 'edge-popup' },
  },
  scoreLr: {
    kind: 'number',
    label: 'Learning rate of scores',
    default: 100,
    min: 1e-3,
    max: 1000,
    step: 1e-3,
    unit: 'none',
    scale: 'log',
  },
  momentum: {
    ...{ kind: 'number', label: 'Momentum', default: momentum.default, unit: 'none' },
    ...{ min: momentum.min, max: momentum.max, step: momentum.step, advanced: true },
  },
  cosine: { kind: 'flag', label: 'Falls along a cosine', default: false, advanced: true },
  layers: { kind: 'layers', label: 'Layers', default: [], advanced: true },
} as const satisfies ParamTable;

/**
 * A mask is learned, weights are not: every weight keeps the value it has when the card begins, a score decides whether
 * it is there, and gradients reach the score straight through the decision. Biases and norms stay as they are, too.
 *
 * `bernoulli` (Zhou et al. 2019): every step draws each weight with probability sigma(s), s = 0 at first. With
 * rescaling, a layer's weights are multiplied by (weights / weights drawn), which no gradient passes. The network that
 * comes out, and that validates on the way, has the weights with p > 0.5: none at all before the first step. Accuracy
 * over ten masks drawn at the end stands in row `sampled.accuracy`. How many weights stay cannot be chosen.
 *
 * `edge-popup` (Ramanujan et al. 2020): the round(keep n) weights with the largest |s| of each layer, the output layer
 * too, by rank, of equal ones the last; scores begin as uniform draws within 1 / sqrt(fan in). Their schedule and decay
 * of scores come with the method on a card; in a link they are said.
 *
 * `constant`: the values are the signs of the weights times the standard deviation of the layer's weights.
 * What earlier cards pruned stays pruned and is not counted. Quantized kernels and held weights are refused.
 *
 * The traps: learning rates of ordinary trainings move no Bernoulli score (the slope of sigma is at most 1/4, weights
 * are about 0.04, so the paper's rate is 100); a mask that is hard in training and soft in the test; k over the whole
 * network instead of by layer; biases or norms that go on learning.
 */
export const supermask = defineTraining({
  id: 'supermask',
  kind: 'training',
  live: false,
  cpuOnly: true,
  params,
  formula:
    "\\begin{aligned} \\text{Bernoulli: } w_{\\mathrm{eff}} &= r\\, w_0\\, b,\\quad b \\sim \\mathrm{Bern}(\\sigma(s)),\\quad r = n / \\textstyle\\sum b \\\\ \\tfrac{\\partial L}{\\partial s} &\\approx \\tfrac{\\partial L}{\\partial w_{\\mathrm{eff}}}\\, r\\, w_0\\, \\sigma'(s) \\\\ \\text{edge-popup: } w_{\\mathrm{eff}} &= w_0\\,[\\,|s| \\in \\text{top } k\\,] \\\\ \\tfrac{\\partial L}{\\partial s} &\\approx \\tfrac{\\partial L}{\\partial w_{\\mathrm{eff}}}\\, w_0\\, \\mathrm{sign}(s) \\end{aligned}",
  citations: [
    {
      text: 'Zhou, Lan, Liu, Yosinski: Deconstructing lottery tickets: zeros, signs, and the supermask. NeurIPS (2019)',
      url: 'https://arxiv.org/abs/1905.01067',
    },
    {
      text: 'Ramanujan, Wortsman, Kembhavi, Farhadi, Rastegari: What’s hidden in a randomly weighted neural network? CVPR (2020)',
      url: 'https://arxiv.org/abs/1911.13299',
    },
  ],
  regime: ({ steps, method, values, rescale, keep, scoreLr, momentum, weightDecay, cosine, layers }) => ({
    scores: {
      ...{ method, values, rescale: method === 'bernoulli' && rescale, keep, layers },
      ...{ lr: scoreLr, momentum, weightDecay, cosineSteps: cosine ? steps : 0 },
    },
  }),
});

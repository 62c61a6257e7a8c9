import type { ParamTable } from '../spec/params';
import { trainParams } from './train';
import { defineTraining } from './types';

const params = {
  ...trainParams,
  lambda: {
    kind: 'number',
    label: 'Price of a weight λ',
    default: 1,
    min: 0.001,
    max: 100,
    step: 0.001,
    unit: 'none',
    scale: 'log',
  },
  gateLr: {
    kind: 'number',
    label: 'Learning rate of gates',
    default: 0.02,
    min: 1e-4,
    max: 1,
    step: 1e-4,
    unit: 'none',
    scale: 'log',
    advanced: true,
  },
  dropInput: {
    kind: 'number',
    label: 'Inputs closed at the start',
    default: 0.2,
    min: 0.01,
    max: 0.99,
    step: 0.01,
    unit: 'fraction',
    advanced: true,
  },
  dropHidden: {
    kind: 'number',
    label: 'Hidden units closed at the start',
    default: 0.5,
    min: 0.01,
    max: 0.99,
    step: 0.01,
    unit: 'fraction',
    advanced: true,
  },
  layers: { kind: 'layers', label: 'Layers', default: [], advanced: true },
} as const satisfies ParamTable;

/**
 * L0 regularization: every input unit of a layer gets a gate that is exactly 0 or 1 part of the time, and the training
 * pays for each weight behind a gate that is open. A unit is an input of a dense layer, a channel of a convolution, or
 * a channel of the maps that a dense layer reads flattened; a convolution that reads the image, and depthwise ones,
 * have none. One draw per gate and step, shared by the batch; log alpha has an Adam of its own.
 *
 * The price: (lambda / N) times the weights behind each gate times the probability that it is not zero, N training
 * images, added to the mean loss. That is the paper's scaling, whose lambda was 0.1 over 200 epochs; runs here are a
 * hundredth of that, so lambda and the gates' learning rate begin higher.
 *
 * Afterwards the gate without noise is multiplied into the weights, and rows behind gates at exactly zero are pruned:
 * what `compact` needs to make the network smaller. The trap: gates per weight are brittle, and on large networks
 * even this has not been made to work (Gale, Elsen, Hooker 2019); hence units, and small networks.
 */
export const gates = defineTraining({
  id: 'gates',
  kind: 'topology',
  live: false,
  cpuOnly: true,
  params,
  formula:
    '\\begin{aligned} s &= \\sigma\\!\\left((\\log u - \\log(1-u) + \\log\\alpha)/\\beta\\right),\\quad u \\sim U(0,1) \\\\ z &= \\min\\left(1, \\max(0,\\, s(\\zeta-\\gamma)+\\gamma)\\right),\\quad w_{\\mathrm{eff}} = z\\,w \\\\ L &= L_{\\mathrm{CE}} + \\tfrac{\\lambda}{N}\\textstyle\\sum_g n_g\\,\\sigma\\!\\left(\\log\\alpha_g - \\beta\\log\\tfrac{-\\gamma}{\\zeta}\\right) \\\\ \\hat z &= \\min\\left(1, \\max(0,\\, \\sigma(\\log\\alpha)(\\zeta-\\gamma)+\\gamma)\\right) \\end{aligned}',
  citations: [
    {
      text: 'Louizos, Welling, Kingma: Learning sparse neural networks through L0 regularization. ICLR (2018)',
      url: 'https://arxiv.org/abs/1712.01312',
    },
    {
      text: 'Gale, Elsen, Hooker: The state of sparsity in deep neural networks (2019)',
      url: 'https://arxiv.org/abs/1902.09574',
    },
  ],
  regime: ({ lambda, gateLr, dropInput, dropHidden, layers }) => ({
    gates: { lambda, lr: gateLr, dropInput, dropHidden, layers },
  }),
});

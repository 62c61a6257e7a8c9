import { dense, network } from './build';
import type { Model } from './types';

/** Two hidden layers; 266,200 weights and 410 biases on 28 x 28 x 1 with 10 classes. */
export const lenet300: Model = {
  id: 'lenet-300-100',
  name: 'LeNet-300-100',
  citation: {
    text: 'LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition. Proc. IEEE 86 (1998)',
    url: 'https://doi.org/10.1109/5.726791',
  },
  build: (input, classes) =>
    network(input, [dense('fc1', 300), dense('fc2', 100), dense('out', classes, 'linear')]),
};

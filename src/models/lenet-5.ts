import { conv, dense, maxpool, network } from './build';
import type { Model } from './types';

/**
 * The LeNet-5 of the pruning literature, which is Caffe's and not the paper's: 20 and 50 filters, max
 * pooling, one hidden layer of 500; 430,500 weights on 28 x 28 x 1 with 10 classes. Caffe's file has no
 * activation after the convolutions; like most later work we put a ReLU before each pooling.
 */
export const lenet5: Model = {
  id: 'lenet-5',
  name: 'LeNet-5 (Caffe)',
  citation: {
    text: 'LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition. Proc. IEEE 86 (1998); layer sizes as in Caffe’s MNIST example',
    url: 'https://doi.org/10.1109/5.726791',
  },
  build: (input, classes) =>
    network(input, [
      conv('conv1', { filters: 20, kernel: 5 }),
      maxpool('pool1', 2),
      conv('conv2', { filters: 50, kernel: 5 }),
      maxpool('pool2', 2),
      dense('fc1', 500),
      dense('out', classes, 'linear'),
    ]),
};

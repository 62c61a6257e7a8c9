import { batchnorm, conv, dense, depthwise, globalpool, type LayerSpec, network } from './build';
import type { Model } from './types';

/** Filters and stride of each pair: the first five of MobileNet at half width. */
const PAIRS = [
  [32, 1],
  [64, 2],
  [64, 1],
  [128, 2],
  [128, 1],
] as const;

/**
 * Depthwise separable convolutions for small images: 3 x 3 with 16 filters, then five pairs of a 3 x 3 depthwise and
 * a 1 x 1 convolution, a batch norm and a ReLU behind each of them, mean over the image, one dense layer. The first
 * convolution keeps the size, which the original halves. 35,392 weights on 28 x 28 x 1 with 10 classes, 35,680 on
 * 32 x 32 x 3.
 */
export const mobilenetTiny: Model = {
  id: 'mobilenet-tiny',
  name: 'MobileNet (tiny)',
  citation: {
    text: 'Howard, Zhu, Chen, Kalenichenko, Wang, Weyand, Andreetto, Adam: MobileNets: efficient convolutional neural networks for mobile vision applications (2017)',
    url: 'https://arxiv.org/abs/1704.04861',
  },
  build: (input, classes) =>
    network(input, [
      conv('conv1', { filters: 16, kernel: 3, ...plain }),
      batchnorm('conv1.bn'),
      ...PAIRS.flatMap(([filters, stride], i) => pair(i + 1, filters, stride)),
      globalpool('pool'),
      dense('out', classes, 'linear'),
    ]),
};

const plain = { padding: 'same', bias: false, activation: 'linear' } as const;

const pair = (n: number, filters: number, stride: number): LayerSpec[] => [
  depthwise(`dw${n}`, { kernel: 3, stride, ...plain }),
  batchnorm(`dw${n}.bn`),
  conv(`pw${n}`, { filters, kernel: 1, ...plain }),
  batchnorm(`pw${n}.bn`),
];

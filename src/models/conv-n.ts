import { conv, dense, type LayerSpec, maxpool, network } from './build';
import type { Model } from './types';

/**
 * The scaled-down VGG networks of the lottery-ticket literature: pairs of 3 x 3 convolutions, 2 x 2 max pooling
 * behind each pair, two hidden layers of 256. On 32 x 32 x 3 with 10 classes they have 4,300,992, 2,425,024 and
 * 2,261,184 weights. The paper prints 1.7 million for Conv-6, which its own layer sizes do not add up to.
 */
function convN(widths: readonly number[]): Model {
  const depth = 2 * widths.length;
  return {
    id: `conv-${depth}`,
    name: `Conv-${depth}`,
    citation: {
      text: 'Frankle, Carbin: The lottery ticket hypothesis: finding sparse, trainable neural networks. ICLR (2019), figure 2',
      url: 'https://arxiv.org/abs/1803.03635',
    },
    build: (input, classes) =>
      network(input, [
        ...widths.flatMap(pair),
        dense('fc1', 256),
        dense('fc2', 256),
        dense('out', classes, 'linear'),
      ]),
  };
}

const pair = (filters: number, i: number): LayerSpec[] => [
  conv(`conv${2 * i + 1}`, { filters, kernel: 3, padding: 'same' }),
  conv(`conv${2 * i + 2}`, { filters, kernel: 3, padding: 'same' }),
  maxpool(`pool${i + 1}`, 2),
];

export const conv2 = convN([64]);
export const conv4 = convN([64, 128]);
export const conv6 = convN([64, 128, 256]);

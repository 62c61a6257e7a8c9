import type { DatasetInfo } from './types';

/** Articles of clothing, 28 x 28 grey; as MNIST in everything but what the pictures show. */
export const fashionMnist: DatasetInfo = {
  id: 'fashion-mnist',
  name: 'Fashion-MNIST',
  shape: [28, 28, 1],
  classes: [
    'T-shirt/top',
    'Trouser',
    'Pullover',
    'Dress',
    'Coat',
    'Sandal',
    'Shirt',
    'Sneaker',
    'Bag',
    'Ankle boot',
  ],
  counts: { train: 55_000, val: 5_000, test: 10_000 },
  digits: false,
  licence: 'MIT (Zalando SE)',
  citation: {
    text: 'Xiao, Rasul, Vollgraf: Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms. 2017',
    url: 'https://arxiv.org/abs/1708.07747',
  },
  source: 'Debian’s package dataset-fashion-mnist',
};

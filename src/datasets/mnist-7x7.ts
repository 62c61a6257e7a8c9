import { mnist } from './mnist';
import type { DatasetInfo } from './types';

/**
 * The same digits and splits at a sixteenth of the size, for methods that only toy networks can afford. Nothing of its
 * own is stored or fetched: pixels are made from MNIST's when it is opened.
 */
export const mnist7x7: DatasetInfo = {
  ...mnist,
  id: 'mnist-7x7',
  name: 'MNIST 7 × 7',
  shape: [7, 7, 1],
  smaller: { of: mnist, block: 4 },
};

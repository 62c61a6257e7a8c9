/** Small networks that between them have every layer kind in every use, at odd sizes: for comparing executors. */
import {
  add,
  avgpool,
  batchnorm,
  conv,
  dense,
  depthwise,
  from,
  globalpool,
  INPUT,
  maxpool,
  network,
} from '../../models/build';
import type { Arch, DenseLayer } from '../../models/types';
import type { SoftTargets, TrainJob } from '../types';
import { uniform } from './trial';

const plain = { bias: false, activation: 'linear' } as const;

/** A ResNet in small: norms, a block with an identity shortcut, one with a strided projection, global pooling. */
const residual = (): Arch =>
  network(
    [9, 9, 2],
    [
      conv('stem', { filters: 5, kernel: 3, padding: 'same', ...plain }),
      batchnorm('stem.bn'),
      conv('a1', { filters: 5, kernel: 3, padding: 'same', ...plain }),
      batchnorm('a1.bn'),
      conv('a2', { filters: 5, kernel: 3, padding: 'same', ...plain }),
      batchnorm('a2.bn', 'linear'),
      add('a', 'stem.bn'),
      conv('b1', { filters: 7, kernel: 3, stride: 2, padding: 'same', ...plain }),
      batchnorm('b1.bn'),
      conv('b2', { filters: 7, kernel: 3, padding: 'same', ...plain }),
      batchnorm('b2.bn', 'linear'),
      from('a', conv('bp', { filters: 7, kernel: 1, stride: 2, ...plain })),
      batchnorm('bp.bn', 'linear'),
      add('b', 'b2.bn'),
      globalpool('pool'),
      dense('out', 10, 'linear'),
    ],
  );
/** A MobileNet in small: depthwise (strided, biased or normed) and pointwise convolutions. */
const separable = (): Arch =>
  network(
    [10, 10, 3],
    [
      conv('stem', { filters: 6, kernel: 3, stride: 2, padding: 'same', ...plain }),
      batchnorm('stem.bn'),
      depthwise('d1', { kernel: 3, padding: 'same', ...plain }),
      batchnorm('d1.bn'),
      conv('p1', { filters: 9, kernel: 1, ...plain }),
      batchnorm('p1.bn'),
      depthwise('d2', { kernel: 3, stride: 2, padding: 'same' }),
      conv('p2', { filters: 11, kernel: 1 }),
      globalpool('pool'),
      dense('out', 10, 'linear'),
    ],
  );
/** Pools of all kinds: overlapping, with a rest, behind a linear layer, read together with what they pool. */
const pools = (): Arch =>
  network(
    [11, 11, 2],
    [
      conv('c1', { filters: 4, kernel: 2, activation: 'linear' }),
      maxpool('m1', 3, 2),
      conv('c2', { filters: 4, kernel: 3, padding: 'same' }),
      add('sum', 'm1', 'linear'),
      avgpool('v1', 2, 1),
      depthwise('d', { kernel: 2, activation: 'linear' }),
      maxpool('m2', 2),
      dense('out', 10, 'linear'),
    ],
  );
/** Fully connected, with norms, a shortcut, and the image read twice. */
const perceptron = (): Arch =>
  network(
    [1, 17, 1],
    [
      // Under a norm a bias would have a gradient of zero, give or take the rounding, of which Adam makes whole steps.
      (...at) => ({ ...(dense('fc1', 13, 'linear')(...at) as DenseLayer), bias: false }),
      batchnorm('fc1.bn'),
      dense('fc2', 13),
      add('sum', 'fc1.bn', 'linear'),
      from(INPUT, dense('skip', 13)),
      add('both', 'sum'),
      dense('out', 10, 'linear'),
    ],
  );
export const zoo: Readonly<Record<string, () => Arch>> = { residual, separable, pools, perceptron };

/** Flips and crops of at most 2 pixels for `trainTiny`. */
export function tinyMoves(batch = 8): NonNullable<TrainJob['moves']> {
  return (step) => {
    const draw = uniform(step + 50);
    const shift = () => Math.floor(draw() * 5) - 2;
    const rows = Array.from({ length: batch }, () => [draw() < 0.5 ? 1 : 0, shift(), shift(), 0]);
    return Int8Array.from(rows.flat());
  };
}
/** A teacher with logits in [-3, 3) for 64 examples of 10 classes. */
export function tinySoft(hard = 0.3, temperature = 4): SoftTargets {
  const draw = uniform(77);
  return { logits: Float32Array.from({ length: 640 }, () => draw() * 6 - 3), hard, temperature };
}

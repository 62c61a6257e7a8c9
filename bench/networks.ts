/** The networks that steps are timed on: those of bench/pytorch.py, under the same names. */
import { add, batchnorm, conv, dense, from, globalpool, type LayerSpec, network } from '../src/models/build';
import { modelById } from '../src/models/registry';
import type { Arch, Size } from '../src/models/types';

export interface Timed {
  arch: Arch;
  batch: number;
  /** Whose images it sees: data sets by id, or noise. */
  data: 'mnist' | 'noise';
  /** Name in bench/pytorch.py, where images are always noise: dense products take as long whatever they multiply. */
  yardstick: string;
  /** Steps per turn, about a third of a second. */
  steps: number;
}
const DIGITS: Size = [28, 28, 1];
const COLOURS: Size = [32, 32, 3];
const model = (id: string, size: Size): Arch => modelById(id).build(size, 10);

const normed = (name: string, filters: number, kernel: number, stride: number, relu: boolean) => [
  conv(name, { filters, kernel, stride, padding: 'same', bias: false, activation: 'linear' }),
  batchnorm(`${name}.norm`, relu ? 'relu' : 'linear'),
];
/** Two 3 x 3 convolutions and the identity, or a 1 x 1 projection where the size changes. */
function block(name: string, before: string, filters: number, stride: number): LayerSpec[] {
  const main = [
    ...normed(`${name}.1`, filters, 3, stride, true),
    ...normed(`${name}.2`, filters, 3, 1, false),
  ];
  if (stride === 1) return [...main, add(name, before)];
  const [project, norm] = normed(`${name}.short`, filters, 1, stride, false);
  return [...main, from(before, project), norm, add(name, `${name}.2.norm`)];
}
const resnet8 = (): Arch =>
  network(COLOURS, [
    ...normed('stem', 16, 3, 1, true),
    ...block('a', 'stem.norm', 16, 1),
    ...block('b', 'a', 32, 2),
    ...block('c', 'b', 64, 2),
    globalpool('pool'),
    dense('out', 10, 'linear'),
  ]);

/** The two small ones also on images without zeros, for kernels that skip zeros gain by those of MNIST. */
export const NETWORKS: Readonly<Record<string, () => Timed>> = {
  'lenet-300-100': () => mlp('mnist'),
  'lenet-300-100, noise': () => mlp('noise'),
  'lenet-5': () => lenet5('mnist'),
  'lenet-5, noise': () => lenet5('noise'),
  'conv-2': () => ({
    arch: model('conv-2', COLOURS),
    batch: 60,
    data: 'noise',
    yardstick: 'conv-2',
    steps: 1,
  }),
  'resnet-8': () => ({ arch: resnet8(), batch: 128, data: 'noise', yardstick: 'resnet-8', steps: 2 }),
};
const mlp = (data: Timed['data']): Timed => ({
  arch: model('lenet-300-100', DIGITS),
  batch: 60,
  data,
  yardstick: 'lenet-300-100',
  steps: 80,
});
const lenet5 = (data: Timed['data']): Timed => ({
  arch: model('lenet-5', DIGITS),
  batch: 60,
  data,
  yardstick: 'lenet-5',
  steps: 10,
});

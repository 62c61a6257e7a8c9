/** The networks that steps are timed on: those of bench/pytorch.py, under the same names. */
import { modelById } from '../src/models/registry';
import type { Arch, Size } from '../src/models/types';

export interface Timed {
  arch: Arch;
  batch: number;
  /** Whose images it sees: data sets by id, or noise. Relus and gradients of real ones have the zeros of real training. */
  data: 'mnist' | 'cifar-10' | 'noise';
  /** Name in bench/pytorch.py, where images are always noise: dense products take as long whatever they multiply. */
  yardstick: string;
  /** Adam's. */
  lr: number;
  /** Steps per turn, about a third of a second. */
  steps: number;
}
const DIGITS: Size = [28, 28, 1];
const COLOURS: Size = [32, 32, 3];
const model = (id: string, size: Size): Arch => modelById(id).build(size, 10);

/** The first also on images without zeros: kernels that skip zeros gain by those of MNIST. */
export const NETWORKS: Readonly<Record<string, () => Timed>> = {
  'lenet-300-100': () => mlp('mnist'),
  'lenet-300-100, noise': () => mlp('noise'),
  'lenet-5': () => ({
    arch: model('lenet-5', DIGITS),
    batch: 60,
    data: 'mnist',
    yardstick: 'lenet-5',
    lr: 1.2e-3,
    steps: 10,
  }),
  'conv-2': () => ({
    arch: model('conv-2', COLOURS),
    batch: 60,
    data: 'cifar-10',
    yardstick: 'conv-2',
    // As its paper has it; at 1.2e-3 most of its relus die, and sparse kernels fly.
    lr: 2e-4,
    steps: 1,
  }),
  'resnet-8': () => ({
    arch: model('resnet-8', COLOURS),
    batch: 128,
    data: 'cifar-10',
    yardstick: 'resnet-8',
    lr: 1.2e-3,
    steps: 2,
  }),
};
const mlp = (data: Timed['data']): Timed => ({
  arch: model('lenet-300-100', DIGITS),
  batch: 60,
  data,
  yardstick: 'lenet-300-100',
  lr: 1.2e-3,
  steps: 80,
});

/**
 * What the Speed view measures: single layers and whole networks, on axes of sparsity, bits and rank. Page and
 * worker read the same lists, so that a result can be checked against them.
 */
import { conv, dense, macs, network, weightLayers } from '../models/build';
import { conv2 } from '../models/conv-n';
import { lenet5 } from '../models/lenet-5';
import { lenet300 } from '../models/lenet-300-100';
import type { Arch } from '../models/types';

/** The order is part of the format of result links: new ones go to the end of a list. */
export const SPEED_SUBJECTS = [
  'fc-784x300',
  'fc-300x100',
  'conv-5x5',
  'conv-3x3',
  'conv-1x1',
  'lenet-300-100',
  'lenet-5',
  'conv-2',
] as const;
export type SpeedSubject = (typeof SPEED_SUBJECTS)[number];

export const SPEED_AXES = ['sparsity', 'bits', 'rank'] as const;
export type SpeedAxis = (typeof SPEED_AXES)[number];

export const SPEED_SERIES = [
  'masked',
  'csr',
  'block4',
  'nm',
  'bitmap',
  'channels',
  'int8',
  'int8-weights',
  'int4',
  'codebook',
  'xnor',
  'low-rank',
  'tfjs',
] as const;
export type SpeedSeries = (typeof SPEED_SERIES)[number];

/** One image (latency) and many (throughput). */
export const SPEED_BATCHES = [1, 256] as const;

/**
 * Dense architecture of a subject. Layers come with the input they have in their networks: LeNet-5's second
 * convolution sees 12 x 12 x 20, the 3 x 3 and 1 x 1 ones the 8 x 8 x 64 of a residual network's last stage.
 */
export const speedArch = (subject: SpeedSubject): Arch => ARCHS[subject];
const ARCHS: Record<SpeedSubject, Arch> = {
  'fc-784x300': network([28, 28, 1], [dense('fc', 300)]),
  'fc-300x100': network([1, 1, 300], [dense('fc', 100)]),
  'conv-5x5': network([12, 12, 20], [conv('conv', { filters: 50, kernel: 5 })]),
  'conv-3x3': network([8, 8, 64], [conv('conv', { filters: 64, kernel: 3, padding: 'same' })]),
  'conv-1x1': network([8, 8, 64], [conv('conv', { filters: 64, kernel: 1 })]),
  'lenet-300-100': lenet300.build([28, 28, 1], 10),
  'lenet-5': lenet5.build([28, 28, 1], 10),
  'conv-2': conv2.build([32, 32, 3], 10),
};
export const isNetwork = (subject: SpeedSubject): boolean => weightLayers(speedArch(subject)).length > 1;
/** Multiply-accumulates per image of the dense subject. */
export const speedMacs = (subject: SpeedSubject): number => macs(speedArch(subject));

/** Rank at which two thin layers take as many multiply-accumulates as the one of `rows` x `columns`. */
export const evenRank = (rows: number, columns: number): number => (rows * columns) / (rows + columns);
/** Dense layers that rank applies to: all but the small last one of a network. */
export function rankLayers(arch: Arch): string[] {
  const layers = weightLayers(arch);
  return layers
    .filter((l, i) => l.kind === 'dense' && (i < layers.length - 1 || layers.length === 1))
    .map((l) => l.name);
}

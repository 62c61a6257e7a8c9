/** How many trainings fit on a machine side by side. */
import type { Dataset } from '../../datasets/types';
import { kernelSize, weightLayers } from '../../models/build';
import type { Arch } from '../../models/types';
import type { Staff } from './types';

/** A thread with its code and compiled kernels. */
const THREAD_BYTES = 24e6;
/** Weights, effective and packed weights, gradient, two moments, what travels to the thread and back. */
const COPIES = 9;
/** Executors lay out activations for so many images, unless that is more than so many floats. */
const IMAGES = 256;
const MOST_FLOATS = 8e6;

/** Bytes of one hand that trains this network, roughly. Data that is shared costs it nothing. */
export function handBytes(arch: Arch, data: Pick<Dataset, 'train' | 'val'>): number {
  const weights = weightLayers(arch).reduce((sum, layer) => sum + kernelSize(layer), 0);
  const floats = arch.layers.reduce((sum, { out }) => sum + area(out), area(arch.input));
  const activations = 1.6 * Math.min(IMAGES * floats, MOST_FLOATS);
  const copied = [data.train, data.val].reduce(
    (sum, s) => sum + (isShared(s.pixels) ? 0 : s.pixels.length),
    0,
  );
  return THREAD_BYTES + 4 * (COPIES * weights + activations) + copied;
}

/** At least one, however small the machine. */
export const crewSize = ({ cores, bytes }: Staff, arch: Arch, data: Pick<Dataset, 'train' | 'val'>): number =>
  Math.max(1, Math.min(cores, Math.floor(bytes / handBytes(arch, data))));

/** Whether other threads see this memory when they are handed it. */
export const isShared = ({ buffer }: Uint8Array): boolean =>
  typeof SharedArrayBuffer === 'function' && buffer instanceof SharedArrayBuffer;

const area = (size: number | readonly number[]): number =>
  typeof size === 'number' ? size : size.reduce((a, b) => a * b, 1);

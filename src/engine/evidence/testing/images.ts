/** Training images made up of hashes, for tests. */
import type { TrainExamples } from '../../../datasets/types';
import type { Size } from '../../../models/types';

/** Bytes with plenty of exact zeros. */
export function hashedImages(shape: Size, classes: number, total: number, seed = 1): TrainExamples {
  const n = shape.reduce((a, b) => a * b, 1);
  const hash = (i: number) => (Math.imul(i + 1, 2654435761) ^ Math.imul(seed, 40503)) >>> 0;
  const pixels = Uint8Array.from({ length: total * n }, (_, i) => {
    const h = hash(i);
    return h % 3 === 0 ? 0 : (h >>> 13) & 0xff;
  });
  const labels = Uint8Array.from({ length: total }, (_, i) => (hash(i * 31) >>> 9) % classes);
  return { split: 'train', count: total, total, pixels, labels, shape, scale: 1 / 128, shift: -0.5 };
}

export const dataOf = (train: TrainExamples) => ({ train, complete: Promise.resolve() });
/** What the network sees of one image. */
export const imageOf = ({ pixels, shape, scale, shift }: TrainExamples, i: number): number[] => {
  const n = shape.reduce((a, b) => a * b, 1);
  return Array.from(pixels.subarray(i * n, (i + 1) * n), (p) => Math.fround(p * scale + shift));
};

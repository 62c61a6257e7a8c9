import type { PublicFile, PublicSource } from './types';

const NAMES = {
  train: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'],
  test: ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'],
} as const;
type Known = Omit<PublicFile, 'url'>;

/** The four idx files of MNIST and its like below one address, with what is known of each by name. */
export function idxSource(
  host: string,
  base: string,
  suffix: '' | '.gz',
  known: Readonly<Record<string, Known>> = {},
): PublicSource {
  const files = (of: 'train' | 'test') =>
    NAMES[of].map((name) => ({ url: `${base}${name}${suffix}`, ...known[name] }));
  return {
    host,
    decoder: 'idx',
    parts: [
      { of: 'train', from: 0, count: 60_000, files: files('train') },
      { of: 'test', from: 0, count: 10_000, files: files('test') },
    ],
  };
}

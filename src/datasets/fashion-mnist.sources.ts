import { idxSource } from './remote/idx-source';
import type { PublicData } from './remote/types';

const HUGGING =
  'https://huggingface.co/datasets/zalando-datasets/fashion_mnist/resolve/531be5e2ccc9dba0c201ad3ae567a4f3d16ecdd2/fashion_mnist/';
const ZALANDO =
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion/';

/** No sha256 of a file is known; those of the images decide. jsDelivr does not serve files of this size. */
export const fashionMnistSources: PublicData = {
  version: '1',
  sums: {
    train: [
      'eb8b79f2bd6050927cbc89d6d482efb3577349d51369f7a79e96125c9cdc4301',
      '4474b31fc3e170d8db8b25100c669c0cd55ba7a80baaced2ed5f477a28e8cf7f',
      '4ea30417aad9feeb60d9525612ce8609b0568ea564abbf5d93474033a3d158e1',
      'e17c061c56b5abb5f8bed6f20cbfa807277151a10ca652184c5f51f7334a13e5',
      'bfc7f68700d8764f1926fb355013cb224b0881f0eeef4b6320a7f98f62259be0',
      '0935835437edc53d19ef453340c1f3e760a1fdbd1c5792e74e9ad9b41559b0ed',
    ],
    test: ['b7f140f1222993c13e87dc8277a29fffab35bf5fa0777d972356122e7320f6c6'],
  },
  sources: [
    {
      host: 'Hugging Face',
      decoder: 'parquet',
      parts: [
        {
          of: 'train',
          from: 0,
          count: 60_000,
          files: [{ url: `${HUGGING}train-00000-of-00001.parquet`, bytes: 30_931_277 }],
        },
        {
          of: 'test',
          from: 0,
          count: 10_000,
          files: [{ url: `${HUGGING}test-00000-of-00001.parquet`, bytes: 5_175_617 }],
        },
      ],
    },
    idxSource('GitHub', ZALANDO, '.gz'),
  ],
};

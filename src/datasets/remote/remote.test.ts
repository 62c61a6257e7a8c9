import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { Cancelled, type Problem, type WinnowError } from '../../spec/problem';
import { intakeInto, type Splits } from '../intake';
import type { DatasetInfo, Fetching } from '../types';
import { type PublicHostsOptions, publicHosts } from './index';
import { fakeFetch, type Reply } from './testing/hosts';
import { FakeDisk, fakeCaches } from './testing/opfs';
import type { PublicData, PublicFile, PublicSource } from './types';

// A data set of 30 + 12 images of 2 x 3, in all the forms in which hosts offer one.
const [TRAIN, TEST, SIZE] = [30, 12, 6];
const info: DatasetInfo = {
  id: 'tiny',
  name: 'Tiny',
  shape: [2, 3, 1],
  classes: ['a', 'b'],
  counts: { train: 25, val: 5, test: 12 },
  digits: false,
  licence: '',
  citation: { text: '' },
  source: '',
};
const noise = (n: number, seed: number) =>
  Uint8Array.from({ length: n }, (_, i) => ((i + 1) * (seed + 2654435761)) >>> 24);
const half = (n: number, seed: number) => ({
  labels: noise(n, seed).map((v) => v % 2),
  pixels: noise(n * SIZE, seed + 1),
});
const content = { train: half(TRAIN, 1), test: half(TEST, 1000) };
const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};
const sumOf = ({ labels, pixels }: typeof content.train) => sha256(labels, pixels);

function idx(dims: number[], values: Uint8Array): Uint8Array {
  const out = Buffer.alloc(4 + 4 * dims.length + values.length);
  out.writeUInt32BE(0x0800 + dims.length);
  for (const [i, n] of dims.entries()) out.writeUInt32BE(n, 4 + 4 * i);
  out.set(values, 4 + 4 * dims.length);
  return new Uint8Array(out);
}
const gz = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));
const files: Record<string, Uint8Array> = {
  'train-images.gz': gz(idx([TRAIN, 2, 3], content.train.pixels)),
  'train-labels.gz': gz(idx([TRAIN], content.train.labels)),
  'test-images.gz': gz(idx([TEST, 2, 3], content.test.pixels)),
  'test-labels.gz': gz(idx([TEST], content.test.labels)),
};
const url = (host: string, name: string) => `https://${host}.example/${name}`;
const pinned = (host: string, name: string): PublicFile => ({
  url: url(host, name),
  bytes: files[name].length,
  sha256: sha256(files[name]),
});
const unpinned = (host: string, name: string): PublicFile => ({ url: url(host, name) });
function source(host: string, file = pinned): PublicSource {
  const part = (of: 'train' | 'test', count: number) => ({
    of,
    from: 0,
    count,
    files: [file(host, `${of}-images.gz`), file(host, `${of}-labels.gz`)],
  });
  return { host, decoder: 'idx', parts: [part('train', TRAIN), part('test', TEST)] };
}
const dataOf = (...sources: PublicSource[]): PublicData => ({
  version: '1',
  sums: { train: [sumOf(content.train)], test: [sumOf(content.test)] },
  sources,
});
const nameIn = (address: string) => address.slice(address.lastIndexOf('/') + 1);
const hostOf = (address: string) => new URL(address).hostname.split('.')[0];
/** Every host has every file, but for what the test says. */
const serving =
  (change: (host: string, name: string) => Reply | undefined) =>
  (address: string): Reply | undefined => {
    const name = nameIn(address);
    return change(hostOf(address), name) ?? (files[name] && { bytes: files[name] });
  };

function visit(reply: (url: string) => Reply | undefined, options: Partial<PublicHostsOptions> = {}) {
  const asked: string[] = [];
  const told: (Fetching | undefined)[] = [];
  const notices: Problem[] = [];
  const empty = (split: 'train' | 'val' | 'test') => ({
    split,
    count: 0,
    total: info.counts[split],
    pixels: new Uint8Array(info.counts[split] * SIZE),
    labels: new Uint8Array(info.counts[split]),
  });
  const splits = { train: empty('train'), val: empty('val'), test: empty('test') } as unknown as Splits;
  const elsewhere = publicHosts({
    fetch: fakeFetch(reply, asked),
    data: { tiny: dataOf(source('first'), source('second')) },
    notice: (problem) => notices.push(problem),
    restMs: 0,
    ...options,
  });
  const into = { place: intakeInto(splits, () => {}), fetching: (f: Fetching | undefined) => told.push(f) };
  const load = (signal?: AbortSignal) => elsewhere(info, into, signal);
  return { asked, told, notices, splits, load };
}
function expectAll({ train, val, test: held }: Splits) {
  expect([train.count, val.count, held.count]).toEqual([25, 5, 12]);
  expect([...train.labels, ...val.labels]).toEqual([...content.train.labels]);
  expect([...train.pixels, ...val.pixels]).toEqual([...content.train.pixels]);
  expect(held.labels).toEqual(content.test.labels);
  expect(held.pixels).toEqual(content.test.pixels);
}
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (e: WinnowError) => e,
  );
  expect(error?.problem, 'must be refused').toBeDefined();
  return error!.problem;
};

describe('a good host', () => {
  test('gives everything, and no other is asked', async () => {
    const { load, splits, asked, told } = visit(serving(() => undefined));
    expect(await load()).toBe(true);
    expectAll(splits);
    expect(asked.map(nameIn)).toEqual(Object.keys(files));
    expect(new Set(asked.map(hostOf))).toEqual(new Set(['first']));
    const total = Object.values(files).reduce((sum, f) => sum + f.length, 0);
    expect(told[0]).toEqual({ host: 'first', bytes: 0, total });
    const bytes = told.flatMap((f) => (f ? [f.bytes] : []));
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect(bytes.at(-1)).toBe(total);
    expect(told.at(-1), 'nothing is on its way any more').toBeUndefined();
  });

  test('that does not say how much there is: bytes are told without a total', async () => {
    const { load, told, splits } = visit(
      serving((_, name) => ({ bytes: files[name], sizeUnknown: true })),
      { data: { tiny: dataOf(source('first', unpinned)) } },
    );
    await load();
    expectAll(splits);
    expect(told.filter((f) => f && 'total' in f)).toEqual([]);
  });

  test('knows nothing of other data sets', async () => {
    const { load } = visit(() => undefined, { data: {} });
    expect(await load()).toBe(false);
  });
});

describe('the next host is asked', () => {
  const train = files['train-images.gz'];
  const flipped = train.map((b, i) => (i === 40 ? b ^ 1 : b));
  const swapped = gz(idx([TRAIN, 2, 3], content.train.pixels.toReversed()));
  test.each<[string, Reply, typeof pinned, string]>([
    ['404', { status: 404 }, pinned, 'HTTP 404'],
    ['403 of a host that finds the file too large', { status: 403 }, pinned, 'HTTP 403'],
    ['no connection', 'unreachable', pinned, 'Failed to fetch'],
    ['a connection that breaks', { bytes: train, breakAfter: 50 }, pinned, 'network error'],
    [
      'a body that ends early',
      { bytes: train.subarray(0, 60) },
      pinned,
      `60 bytes in place of ${train.length}`,
    ],
    [
      'one that is too long',
      { bytes: Buffer.concat([train, train]) },
      pinned,
      `more than ${train.length} bytes`,
    ],
    ['a bad sum', { bytes: flipped }, pinned, `sha256 ${sha256(flipped)} in place of ${sha256(train)}`],
    ['silence', { bytes: train, stallAfter: 20 }, pinned, 'nothing came for 1 s'],
    ['a cut gzip', { bytes: train.subarray(0, 60) }, unpinned, 'expected a gzip file, found a damaged one'],
    [
      'a web page',
      { bytes: new TextEncoder().encode('<html></html>') },
      unpinned,
      'expected an idx file of 30 x 2 x 3',
    ],
    [
      'other images in a file of which nothing is known',
      { bytes: swapped },
      unpinned,
      `train images 0 to 9999 have sha256 ${sha256(content.train.labels, content.train.pixels.toReversed())} in place of ${sumOf(content.train)}`,
    ],
  ])('after %s', async (_, reply, known, reason) => {
    const data = { tiny: dataOf(source('first', known), source('second', known)) };
    const broken = (host: string, name: string) =>
      host === 'first' && name === 'train-images.gz' ? reply : undefined;
    const one = visit(serving(broken), { data, stallMs: 60 });
    expect(await one.load()).toBe(true);
    expectAll(one.splits);
    expect(one.notices.filter((n) => n.code !== 'data.storage')).toEqual([]);
    // With no other host, the reason is told.
    const alone = visit(serving(broken), { data: { tiny: dataOf(source('first', known)) }, stallMs: 60 });
    const problem = await refusal(alone.load());
    expect(problem.message).toContain(`first (train-images.gz: ${reason}`);
    expect(alone.splits.train.count, 'nothing of it counts').toBe(0);
  });

  test('only for what is missing', async () => {
    const { load, splits, asked } = visit(
      serving((host, name) => (host === 'first' && name.startsWith('test') ? { status: 500 } : undefined)),
    );
    await load();
    expectAll(splits);
    expect(asked.filter((a) => hostOf(a) === 'second').map(nameIn)).toEqual([
      'test-images.gz',
      'test-labels.gz',
    ]);
  });

  test('and when all fail, one message names each with its reason and what to do', async () => {
    const { load } = visit((address) => (hostOf(address) === 'first' ? 'unreachable' : { status: 503 }));
    const problem = await refusal(load());
    expect(problem).toMatchObject({ code: 'data.hosts', path: 'data', values: { id: 'tiny', name: 'Tiny' } });
    expect(problem.message).toMatch(
      /^Tiny is not on this site, and no public host gave it: first \(train-images\.gz: Failed to fetch\); second \(train-images\.gz: HTTP 503\)\. Check the connection .*reload the page.*`npm run assets`/,
    );
  });

  test('hosts that have just failed are left in peace for a while', async () => {
    const { load, asked } = visit(() => 'unreachable', { restMs: 60_000 });
    const problem = await refusal(load());
    const before = asked.length;
    expect(await refusal(load())).toEqual(problem);
    expect(asked).toHaveLength(before);
  });
});

test.each(['before', 'in mid-stream'])(
  'giving up %s is Cancelled, and nothing more is asked',
  async (when) => {
    const stop = new AbortController();
    if (when === 'before') stop.abort();
    const { load, asked, splits } = visit((address) => {
      setTimeout(() => stop.abort(), 5);
      return { bytes: files[nameIn(address)], stallAfter: 20 };
    });
    await expect(load(stop.signal)).rejects.toBeInstanceOf(Cancelled);
    expect(asked).toHaveLength(when === 'before' ? 0 : 1);
    expect(splits.train.count).toBe(0);
  },
);

describe('other forms', () => {
  const png = (pixels: Uint8Array, width: number, height: number) =>
    encode({ width, height, channels: 1, data: pixels });

  test('PNG rows with JSON labels, which are fetched once for all parts', async () => {
    const json = new TextEncoder().encode(JSON.stringify([...content.train.labels]));
    const twice: Record<string, Uint8Array> = {
      'train.png': png(content.train.pixels, SIZE, TRAIN),
      'train.json': json,
      'test.png': png(content.test.pixels, SIZE, TEST),
      'test.json': new TextEncoder().encode(JSON.stringify([...content.test.labels])),
    };
    const part = (of: 'train' | 'test', count: number) => ({
      of,
      from: 0,
      count,
      files: [unpinned('png', `${of}.png`), unpinned('png', `${of}.json`)],
    });
    const parts = [part('train', TRAIN), part('test', TEST)];
    // One part is there twice, so that its labels are wanted twice.
    const data = { tiny: dataOf({ host: 'png', decoder: 'png-rows', parts: [parts[1], ...parts] }) };
    const { load, splits, asked } = visit((address) => ({ bytes: twice[nameIn(address)] }), { data });
    await load();
    expectAll(splits);
    expect(asked.map(nameIn).filter((n) => n === 'test.json')).toHaveLength(1);
  });

  const parquet = ({ labels, pixels }: typeof content.train, side: [number, number] = [3, 2]) =>
    new Uint8Array(
      parquetWriteBuffer({
        schema: [
          { name: 'root', num_children: 2 },
          { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
          { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
          { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
          { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
        ],
        columnData: [
          {
            name: 'image',
            data: Array.from(labels, (_, i) => ({
              bytes: png(pixels.subarray(i * SIZE, (i + 1) * SIZE), ...side),
              path: null,
            })),
          },
          { name: 'label', data: Array.from(labels, BigInt) },
        ],
        rowGroupSize: 7,
      }),
    );
  const hub = (of: 'train' | 'test', count: number) => ({
    of,
    from: 0,
    count,
    files: [unpinned('hub', `${of}.parquet`)],
  });
  const hubData = {
    tiny: dataOf({ host: 'hub', decoder: 'parquet', parts: [hub('train', TRAIN), hub('test', TEST)] }),
  };

  test('parquet with PNG images', async () => {
    const { load, splits } = visit(
      (address) => ({ bytes: parquet(address.includes('train') ? content.train : content.test) }),
      { data: hubData },
    );
    await load();
    expectAll(splits);
  });

  test.each<[string, Uint8Array, string]>([
    ['too few rows', parquet(content.test), 'expected 30 rows, found 12'],
    [
      'images of another size',
      parquet(content.train, [2, 3]),
      'expected images of 2 x 3 x 1, found 3 x 2 x 1 in row 0',
    ],
  ])('parquet with %s is refused', async (_, bytes, reason) => {
    const { load } = visit(() => ({ bytes }), { data: hubData });
    expect((await refusal(load())).message).toContain(`hub (train.parquet: ${reason}`);
  });
});

describe('what was fetched is kept', () => {
  const good = serving(() => undefined);
  const key = (of: 'train' | 'test', version = '1') => `tiny/${version}/${sumOf(content[of])}`;

  test('in the private file system, by data set, version and sha256; the next visit asks nobody', async () => {
    const disk = new FakeDisk();
    const first = visit(good, { storage: disk.storage });
    await first.load();
    expect([...disk.files().keys()].sort()).toEqual([key('train'), key('test')].sort());
    expect(first.notices).toEqual([]);
    const second = visit(good, { storage: disk.storage });
    await second.load();
    expectAll(second.splits);
    expect(second.asked).toEqual([]);
    expect(second.told).toEqual([]);
  });

  test('a block that was damaged since is fetched again', async () => {
    const disk = new FakeDisk();
    await visit(good, { storage: disk.storage }).load();
    disk.files().get(key('test'))!.bytes[3] ^= 1;
    const { load, splits, asked } = visit(good, { storage: disk.storage });
    await load();
    expectAll(splits);
    expect(asked.map(nameIn)).toEqual(['test-images.gz', 'test-labels.gz']);
    expect(sha256(disk.files().get(key('test'))!.bytes)).toBe(sumOf(content.test));
  });

  test('a tab that is closed before a block is whole leaves none', async () => {
    const disk = new FakeDisk();
    disk.crash = true;
    await visit(good, { storage: disk.storage }).load();
    expect(disk.files().size).toBeGreaterThan(0);
    expect([...disk.files().keys()].filter((name) => !name.endsWith('.part'))).toEqual([]);
    disk.crash = false;
    const { load, splits, asked } = visit(good, { storage: disk.storage });
    await load();
    expectAll(splits);
    expect(asked).toHaveLength(4);
    expect([...disk.files().keys()].sort(), 'and its remains are removed').toEqual(
      [key('train'), key('test')].sort(),
    );
  });

  test('what arrived before all hosts failed is there at the next visit', async () => {
    const disk = new FakeDisk();
    const broken = serving((_, name) => (name.startsWith('test') ? { status: 500 } : undefined));
    await refusal(visit(broken, { storage: disk.storage }).load());
    const { load, splits, asked } = visit(good, { storage: disk.storage });
    await load();
    expectAll(splits);
    expect(asked.map(nameIn)).toEqual(['test-images.gz', 'test-labels.gz']);
  });

  test('blocks of another version make room', async () => {
    const disk = new FakeDisk();
    await visit(good, { storage: disk.storage }).load();
    const data = { tiny: { ...dataOf(source('first')), version: '2' } };
    await visit(good, { storage: disk.storage, data }).load();
    expect([...disk.files().keys()].sort()).toEqual([key('train', '2'), key('test', '2')].sort());
  });

  test.each([0, TRAIN * (1 + SIZE) + 1])(
    'a full disk (%d bytes) is said once, and work goes on in memory',
    async (quota) => {
      const disk = new FakeDisk(quota);
      const { load, splits, notices } = visit(good, { storage: disk.storage });
      await load();
      expectAll(splits);
      expect(notices).toHaveLength(1);
      expect(notices[0]).toMatchObject({ code: 'data.storage', values: { name: 'Tiny' } });
      expect(notices[0].message).toContain('no room left for this site. Work goes on in memory');
      expect([...disk.files().keys()].some((name) => name.endsWith('.part'))).toBe(false);
    },
  );

  const forbidden = {
    getDirectory: () => Promise.reject(new DOMException('no', 'SecurityError')),
  } as unknown as StorageManager;

  test('in Cache Storage where the file system is forbidden', async () => {
    const caches = fakeCaches();
    const { load, notices } = visit(good, { storage: forbidden, caches });
    await load();
    expect(notices).toEqual([]);
    expect(caches.kept.size).toBe(2);
    const second = visit(good, { storage: forbidden, caches });
    await second.load();
    expectAll(second.splits);
    expect(second.asked).toEqual([]);
  });

  test.each<[string, Partial<PublicHostsOptions>, string]>([
    ['everything is forbidden', { storage: forbidden }, 'the browser forbids it'],
    ['there is nothing', {}, 'this browser has no storage for it'],
    [
      'the file system cannot be written to',
      {
        storage: {
          getDirectory: async () => {
            const { root } = new FakeDisk();
            const getFileHandle = async () => ({});
            const folder = { keys: root.keys.bind(root), getFileHandle, removeEntry: async () => {} };
            return Object.assign(folder, { getDirectoryHandle: async () => folder });
          },
        } as unknown as StorageManager,
      },
      'cannot write to its private file system',
    ],
  ])(
    'where %s that is said once, and memory keeps what arrived for another try',
    async (_, storages, reason) => {
      let ill = true;
      const { load, splits, notices, asked } = visit(
        serving((_host, name) => (ill && name.startsWith('test') ? { status: 500 } : undefined)),
        storages,
      );
      await refusal(load());
      ill = false;
      asked.length = 0;
      await load();
      expectAll(splits);
      expect(asked.map(nameIn)).toEqual(['test-images.gz', 'test-labels.gz']);
      expect(notices).toHaveLength(1);
      expect(notices[0].message).toContain(reason);
    },
  );
});

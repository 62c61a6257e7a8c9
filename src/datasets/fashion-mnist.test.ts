import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fashionMnist as recipe } from '../../scripts/data/fashion-mnist.mjs';
import { dataDir, fileReader } from '../cli/file-reader';
import { openDataset } from './open';

// Its source is a package of Debian's: not every machine that runs these tests has it.
const there = existsSync(`${dataDir('fashion-mnist')}/manifest.json`);

/** An idx file of bytes with these dimensions. */
const idx = (dims: number[], ...parts: Uint8Array[]) => {
  const header = Buffer.alloc(4 + 4 * dims.length);
  header.writeUInt32BE(0x0800 + dims.length);
  for (const [i, n] of dims.entries()) header.writeUInt32BE(n, 4 + 4 * i);
  return createHash('sha256')
    .update(Buffer.concat([header, ...parts]))
    .digest('hex');
};

describe.skipIf(!there)('Fashion-MNIST', () => {
  test('put together again, the splits are the original files', async () => {
    const data = openDataset('fashion-mnist', fileReader(dataDir('fashion-mnist')));
    await data.complete;
    const { train, val, test: held } = data;
    expect([train.count, val.count, held.count]).toEqual([55_000, 5_000, 10_000]);
    expect({
      'train-images-idx3-ubyte': idx([60_000, 28, 28], train.pixels, val.pixels),
      'train-labels-idx1-ubyte': idx([60_000], train.labels, val.labels),
      't10k-images-idx3-ubyte': idx([10_000, 28, 28], held.pixels),
      't10k-labels-idx1-ubyte': idx([10_000], held.labels),
    }).toEqual(recipe.sources);
  });
});

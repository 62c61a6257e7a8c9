import { gzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { parseOwn } from './parse';
import { splitOwn } from './split';
import type { OwnFile } from './types';

const bytes = (n: number, seed = 0) =>
  Uint8Array.from({ length: n }, (_, i) => ((i + seed) * 2654435761) >>> 24);
const file = (name: string, content: Uint8Array): OwnFile => ({ name, bytes: content });
function idx(dims: number[], values: Uint8Array, type = 8): Uint8Array {
  const out = new Uint8Array(4 + 4 * dims.length + values.length);
  out.set([0, 0, type, dims.length]);
  for (const [i, n] of dims.entries()) new DataView(out.buffer).setUint32(4 + 4 * i, n);
  out.set(values, 4 + 4 * dims.length);
  return out;
}
function npy(descr: string, shape: number[], values: Uint8Array, order = 'False'): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape.join(', ')},), }\n`;
  const out = new Uint8Array(10 + text.length + values.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length & 255, text.length >> 8]);
  out.set(new TextEncoder().encode(text), 10);
  out.set(values, 10 + text.length);
  return out;
}
const images = bytes(6 * 4 * 5);
const labels = Uint8Array.of(0, 1, 2, 0, 1, 2);

describe('own files are told by their bytes', () => {
  const whole = { shape: [4, 5, 1], count: 6, pixels: images, labels };
  it.each([
    ['idx', [file('a', idx([6, 4, 5], images)), file('b', idx([6], labels))]],
    ['idx, labels first', [file('a', idx([6], labels)), file('b', idx([6, 4, 5], images))]],
    ['idx.gz', [file('a.bin', gzipSync(idx([6, 4, 5], images))), file('b', gzipSync(idx([6], labels)))]],
    [
      'npz',
      [file('a', zipSync({ 'x.npy': npy('|u1', [6, 4, 5], images), 'y.npy': npy('|u1', [6], labels) }))],
    ],
    [
      'npz with wide labels in a column',
      [
        file(
          'a',
          zipSync({
            'x.npy': npy('|u1', [6, 4, 5, 1], images),
            'y.npy': npy(
              '<i8',
              [6, 1],
              Uint8Array.from({ length: 48 }, (_, i) => (i % 8 ? 0 : labels[i / 8])),
            ),
          }),
        ),
      ],
    ],
  ])('%s', (_, files) => {
    expect(parseOwn(files)).toEqual({ images: whole });
  });

  it('CIFAR-10 binary: planes become pixels, files are joined in order', () => {
    const record = (label: number, first: number) =>
      Uint8Array.from({ length: 3073 }, (_, i) =>
        i === 0 ? label : (first + Math.floor((i - 1) / 1024)) & 255,
      );
    const { images: all } = parseOwn([file('b1', record(9, 10)), file('b2', record(3, 20))]);
    expect([...all.labels]).toEqual([9, 3]);
    expect(all.shape).toEqual([32, 32, 3]);
    expect([...all.pixels.subarray(0, 6)]).toEqual([10, 11, 12, 10, 11, 12]);
    expect([...all.pixels.subarray(-3)]).toEqual([20, 21, 22]);
  });

  it('a CIFAR-10 image that begins like an idx header is still one', () => {
    const record = new Uint8Array(3073);
    record.set([0, 0, 8, 3]);
    expect(parseOwn([file('a', record)]).images).toMatchObject({ count: 1, shape: [32, 32, 3] });
    // And 3,065 labels in an idx file are as long as one image.
    const many = idx([3065], new Uint8Array(3065));
    expect(() => parseOwn([file('b', many)])).toThrow('found b 3065');
  });

  it('a test set named as such is kept apart', () => {
    const other = bytes(2 * 4 * 5, 999);
    const archive = zipSync({
      'x_train.npy': npy('|u1', [6, 4, 5], images),
      'y_train.npy': npy('|u1', [6], labels),
      'x_test.npy': npy('|u1', [2, 4, 5], other),
      'y_test.npy': npy('|u1', [2], Uint8Array.of(1, 0)),
    });
    const pool = parseOwn([file('digits.npz', archive)]);
    expect(pool.images.count).toBe(6);
    expect(pool.test).toMatchObject({ count: 2, pixels: other, labels: Uint8Array.of(1, 0) });
  });
});

describe('what does not fit is refused with what was expected and found', () => {
  const x = idx([6, 4, 5], images);
  it.each<[string, OwnFile[], string]>([
    [
      'a PNG',
      [file('a.idx', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1))],
      'a.idx: expected idx (also .gz), CIFAR-10 binary or NumPy .npz, found 5 bytes from 89 50 4e 47',
    ],
    ['an empty file', [file('a', new Uint8Array(0))], 'found nothing'],
    ['no file', [], 'expected idx'],
    ['a cut idx', [file('a', x.subarray(0, 100))], 'a: expected 136 bytes for 6 x 4 x 5, found 100 bytes'],
    [
      'an idx of floats',
      [file('a', idx([1], new Uint8Array(4), 13))],
      'a: expected an idx file of unsigned bytes, found 32-bit floats',
    ],
    ['images alone', [file('a', x)], 'a: expected one array of images and one of labels, found a 6 x 4 x 5'],
    [
      'too few labels',
      [file('a', x), file('b', idx([5], labels.subarray(0, 5)))],
      'b: expected 6 labels, found 5',
    ],
    [
      'two channels',
      [file('a', idx([3, 4, 5, 2], images)), file('b', idx([3], labels.subarray(0, 3)))],
      'found 3 x 4 x 5 x 2',
    ],
    ['broken gzip', [file('a', gzipSync(x).subarray(0, 30))], 'a: expected gzip, found a damaged one'],
    [
      'a zip without arrays',
      [file('a', zipSync({ 'cat.png': x }))],
      'a: expected a zip with .npy arrays, found cat.png',
    ],
    [
      'float images',
      [file('a', zipSync({ 'x.npy': npy('<f4', [6], new Uint8Array(24)) }))],
      'a/x.npy: expected little-endian integers (images as uint8), found type <f4',
    ],
    [
      'Fortran order',
      [file('a', zipSync({ 'x.npy': npy('|u1', [6, 4, 5], images, 'True') }))],
      'expected C order, found Fortran order',
    ],
    [
      'labels below zero',
      [file('a', zipSync({ 'y.npy': npy('<i2', [1], Uint8Array.of(255, 255)) }))],
      'a/y.npy: expected values from 0 to 255, found another at 0',
    ],
    ['a label above 9 in CIFAR', [file('a', new Uint8Array(3073).fill(10))], 'CIFAR-10 binary'],
  ])('%s', (_, files, message) => {
    expect(() => parseOwn(files)).toThrow(message);
    expect(() => parseOwn(files)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ path: 'data' }) }),
    );
  });
});

describe('splits of own images', () => {
  const n = 500;
  const size = 12;
  const pool = (order = (i: number) => i) => ({
    images: {
      shape: [2, 2, 3] as const,
      count: n,
      pixels: Uint8Array.from({ length: n * size }, (_, i) => {
        // Every fifth picture is a copy of the one before.
        const image = order(Math.floor(i / size));
        return ((image - (image % 5 === 4 ? 1 : 0)) * 7919 + (i % size) * 104729) >>> 3;
      }),
      labels: Uint8Array.from({ length: n }, (_, i) => order(i) % 10),
    },
  });
  const pictures = ({ pixels, count }: { pixels: Uint8Array; count: number }) =>
    Array.from({ length: count }, (_, i) => pixels.subarray(i * size, (i + 1) * size).join());

  it('hold every image once, about 80 / 10 / 10, and no picture twice', () => {
    const { train, val, test } = splitOwn(pool(), 1);
    expect(train.count + val.count + test.count).toBe(n);
    for (const part of [val, test]) expect(part.count).toBeGreaterThanOrEqual(50);
    expect(train.count).toBeGreaterThan(370);
    const [a, b, c] = [train, val, test].map((s) => new Set(pictures(s)));
    expect([...a].some((p) => b.has(p))).toBe(false);
    expect([...c].some((p) => a.has(p) || b.has(p))).toBe(false);
    expect([...pictures(train), ...pictures(val), ...pictures(test)].sort()).toEqual(
      pictures({ pixels: pool().images.pixels, count: n }).sort(),
    );
  });
  it('keep each label with its picture, whatever the order of the files; another seed splits otherwise', () => {
    const pairs = (s: { pixels: Uint8Array; labels: Uint8Array; count: number }) =>
      pictures(s)
        .map((p, i) => `${p}:${s.labels[i]}`)
        .sort();
    const here = splitOwn(pool(), 1);
    const reversed = splitOwn(
      pool((i) => n - 1 - i),
      1,
    );
    expect(pairs(reversed.test)).toEqual(pairs(here.test));
    expect(pairs(reversed.train)).toEqual(pairs(here.train));
    expect(pairs(splitOwn(pool(), 2).test)).not.toEqual(pairs(here.test));
  });
  it('refuse too few images, and a test set that is not apart', () => {
    const { images: all } = pool();
    expect(() => splitOwn({ images: { ...all, count: 99 } }, 1)).toThrow(
      'images: expected at least 100, found 99',
    );
    const copy = { ...all, count: 2, pixels: all.pixels.slice(0, 24), labels: all.labels.slice(0, 2) };
    expect(() => splitOwn({ images: all, test: copy }, 1)).toThrow(
      'test images: expected pictures that are not among the others, found 2 that are',
    );
  });
});

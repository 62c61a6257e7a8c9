import fc from 'fast-check';
import { encode } from 'fast-png';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { Cancelled, WinnowError } from '../../spec/problem';
import { makeOwn } from './make';
import { readOwn } from './read';
import {
  cifar,
  digits,
  file,
  folders,
  gzip,
  idx,
  noise,
  npy,
  png,
  quiet,
  tar,
  text,
  zip,
} from './testing/encoders';
import type { OwnFile } from './types';

const set = digits(120);
const { pixels, labels, n, side } = set;
const names = Array.from(labels, String);
const images = idx([n, side, side], pixels);
const wide = Uint8Array.from({ length: n * 8 }, (_, i) => (i % 8 ? 0 : labels[i / 8]));
/** Every image below the one before: what browser demos call a sprite. */
const rows = png(side * side, n, 1, pixels);
function grid(across: number): Uint8Array {
  const down = Math.ceil(n / across);
  const sheet = new Uint8Array(across * side * down * side);
  for (let i = 0; i < n; i++)
    for (let y = 0; y < side; y++) {
      const to = (Math.floor(i / across) * side + y) * across * side + (i % across) * side;
      sheet.set(pixels.subarray((i * side + y) * side, (i * side + y + 1) * side), to);
    }
  return png(across * side, down * side, 1, sheet);
}
const x_y = { 'x.npy': npy('|u1', [n, side, side], pixels), 'y.npy': npy('<i8', [n, 1], wide) };

describe('own files are told by their bytes', () => {
  it.each<[string, OwnFile[]]>([
    ['idx', [file('a', images), file('b', idx([n], labels))]],
    ['idx, labels first', [file('a', idx([n], labels)), file('b', images)]],
    ['idx.gz', [file('a.bin', gzip(images)), file('b', gzip(idx([n], labels)))]],
    ['idx in a zip', [file('a', zip({ 'a/x': images, 'a/y': idx([n], labels), '__MACOSX/z': text('?') }))]],
    ['npz with wide labels in a column', [file('a', zip(x_y))]],
    ['two npy', [file('x', x_y['x.npy']), file('y', x_y['y.npy'])]],
    ['sprite of rows, idx labels', [file('a', rows), file('b', idx([n], labels))]],
    ['sprite of rows, JSON labels', [file('a', rows), file('b', text(JSON.stringify([...labels])))]],
    ['sprite of tiles, a label a line', [file('a', grid(12)), file('b', text(`${names.join('\r\n')}\r\n`))]],
    [
      'sprite of tiles that do not fill the last row, CSV',
      [
        file('a', grid(11)),
        file('b', text(['file,label', ...names.map((l, i) => `${i}.png,"${l}"`)].join('\n'))),
      ],
    ],
    ['sprite and labels in a tar', [file('a', tar({ 'set/a': rows, 'set/b': text(names.join('\n')) }))]],
  ])('%s', async (_, files) => {
    const { parts } = await readOwn(files, quiet);
    expect(Object.keys(parts).filter((part) => parts[part as 'test'])).toEqual(['train']);
    expect(parts.train).toEqual({ shape: [side, side, 1], count: n, pixels, labels: names });
  });

  const colour = noise(4 * 3072, 5);
  it.each([false, true])('CIFAR binary, files joined by number (100 classes: %s)', async (coarse) => {
    const one = (i: number, label: number) =>
      cifar(colour.subarray(i * 3072, (i + 1) * 3072), [label], coarse);
    const archive = gzip(
      tar({
        './data/batch_10.bin': one(2, 7),
        './data/batch_2.bin': one(1, 3),
        './data/test_batch.bin': one(3, 1),
        './data/batch_1.bin': one(0, 9),
        './data/names.txt': text('a b c d e f g h i j'.split(' ').join('\n')),
        './data/readme.html': text('<html>'),
      }),
    );
    const pool = await readOwn([file('x.tar.gz', archive)], quiet);
    expect(pool.format).toBe('cifar');
    expect(pool.parts.train).toEqual({
      shape: [32, 32, 3],
      count: 3,
      pixels: colour.subarray(0, 3 * 3072),
      labels: ['9', '3', '7'],
    });
    expect(pool.parts.test).toMatchObject({ count: 1, labels: ['1'] });
    expect(pool.names?.length).toBe(coarse ? undefined : 10);
  });

  it('a CIFAR image that begins like an idx header is still one', async () => {
    const record = new Uint8Array(3073);
    record.set([0, 0, 8, 3]);
    expect((await readOwn([file('a', record)], quiet)).parts.train).toMatchObject({ shape: [32, 32, 3] });
    // And 3,065 labels in an idx file are as long as one image.
    const many = idx([3065], new Uint8Array(3065));
    await expect(readOwn([file('b', many)], quiet)).rejects.toThrow('found b 3065');
  });

  it('a zip of folders, a tar of them and the folder itself are the same images in the same order', async () => {
    const all = folders(set);
    const given = Object.entries(all).map(([path, bytes]) => {
      const parts = ['pets', ...path.split('/')];
      return file(`pets/${path}`, bytes, parts.slice(0, -1));
    });
    const inRoot = Object.fromEntries(Object.entries(all).map(([path, bytes]) => [`pets/${path}`, bytes]));
    const [a, b, c] = await Promise.all(
      [[file('z', zip(all))], [file('t', tar(inRoot))], given.reverse()].map((files) =>
        readOwn(files, quiet),
      ),
    );
    expect(a.format).toBe('folder');
    expect(a.parts.train.labels).toEqual(['a', 'b', 'c'].flatMap((name) => Array(40).fill(name)));
    const third = pixels.subarray(3 * 25, 4 * 25);
    expect(a.parts.train.pixels.subarray(25, 50)).toEqual(third);
    expect(b.parts.train).toEqual(a.parts.train);
    expect(c.parts.train).toEqual(a.parts.train);
  });

  it('grey, colour, palette and alpha come together; colour is kept where there is any', async () => {
    const palette = [
      [1, 2, 3],
      [9, 9, 9],
    ];
    const pictures = {
      'a/1.png': png(4, 4, 1, new Uint8Array(16).fill(7)),
      'a/2.png': png(
        4,
        4,
        4,
        Uint8Array.from({ length: 64 }, (_, i) => (i % 4 === 3 ? 255 : i % 4)),
      ),
      'b/1.png': encode({ width: 4, height: 4, channels: 1, depth: 8, data: new Uint8Array(16), palette }),
      'b/2.png': png(4, 4, 2, new Uint8Array(32)),
    };
    const { parts, notes } = await readOwn([file('z', zip(pictures))], quiet);
    expect(parts.train.shape).toEqual([4, 4, 3]);
    const firsts = [0, 1, 2, 3].map((i) => [...parts.train.pixels.subarray(i * 48, i * 48 + 3)]);
    expect(firsts).toEqual([
      [7, 7, 7],
      [0, 1, 2],
      [1, 2, 3],
      [255, 255, 255],
    ]);
    expect(notes).toEqual([{ code: 'transparent', values: { count: 1 } }]);
  });

  it('colour files without a coloured pixel are grey', async () => {
    const grey = (v: number) => png(4, 4, 3, new Uint8Array(48).fill(v));
    const { parts, notes } = await readOwn([file('z', zip({ 'a/1': grey(3), 'b/2': grey(200) }))], quiet);
    expect(parts.train).toMatchObject({ shape: [4, 4, 1], count: 2 });
    expect([...parts.train.pixels]).toEqual([...Array(16).fill(3), ...Array(16).fill(200)]);
    expect(notes).toEqual([{ code: 'grey', values: {} }]);
  });

  it('JPEG goes through the decoder that is handed in, and it is said', async () => {
    const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0);
    const decoder = { ...quiet, jpeg: async () => ({ width: 4, height: 4, pixels: noise(48) }) };
    const files = [file('z', zip({ 'a/1.jpg': jpeg, 'b/2.jpg': jpeg }))];
    const { parts, notes } = await readOwn(files, decoder);
    expect(parts.train).toMatchObject({ shape: [4, 4, 3], count: 2 });
    expect(notes).toEqual([{ code: 'jpeg', values: { count: 2 } }]);
    await expect(readOwn(files, quiet)).rejects.toThrow('z/a/1.jpg: JPEG can be decoded only by a browser');
  });

  const cells = Array.from({ length: n }, (_, i) =>
    png(side, side, 1, pixels.subarray(i * 25, (i + 1) * 25)),
  );
  const parquet = (from: number, to: number) =>
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
          { name: 'image', data: cells.slice(from, to).map((bytes) => ({ bytes, path: '' })) },
          { name: 'label', data: [...labels.subarray(from, to)].map(BigInt) },
        ],
        rowGroupSize: 50,
        kvMetadata: [
          {
            key: 'huggingface',
            value: JSON.stringify({ info: { features: { label: { names: ['zero', 'one', 'two'] } } } }),
          },
        ],
      }),
    );
  it('parquet, with the names of its classes', async () => {
    const files = [
      file('test-00000-of-00001.parquet', parquet(100, 120)),
      file('train-00001-of-00002.parquet', parquet(60, 100)),
      file('train-00000-of-00002.parquet', parquet(0, 60)),
    ];
    const pool = await readOwn(files, quiet);
    expect(pool).toMatchObject({ format: 'parquet', names: ['zero', 'one', 'two'] });
    expect(pool.parts.train).toEqual({
      shape: [side, side, 1],
      count: 100,
      pixels: pixels.subarray(0, 2500),
      labels: names.slice(0, 100),
    });
    expect(pool.parts.test?.pixels).toEqual(pixels.subarray(2500));
  });
});

describe('parts that files name are kept', () => {
  const other = digits(9, 5, 3);
  it('by the names of arrays, not by that of the archive', async () => {
    const archive = zip({
      'train_images.npy': npy('|u1', [n, side, side], pixels),
      'train_labels.npy': npy('|u1', [n], labels),
      'val_images.npy': npy('|u1', [9, side, side], other.pixels),
      'val_labels.npy': npy('|u1', [9], other.labels),
      'test_images.npy': npy('|u1', [9, side, side], other.pixels),
      'test_labels.npy': npy('|u1', [9], other.labels),
    });
    const { parts } = await readOwn([file('test.npz', archive)], quiet);
    expect([parts.train.count, parts.val?.count, parts.test?.count]).toEqual([n, 9, 9]);
  });
  it('by folders above or below those of the classes', async () => {
    const under = (prefix: string, all: Record<string, Uint8Array>) =>
      Object.fromEntries(Object.entries(all).map(([path, b]) => [`${prefix}/${path}`, b]));
    const above = { ...under('set/train', folders(set)), ...under('set/test', folders(other)) };
    const below = Object.fromEntries(
      Object.entries(above).map(([path, b]) => [path.replace(/set\/(\w+)\/(\w+)\//, 'set/$2/$1/'), b]),
    );
    for (const all of [above, below]) {
      const { parts } = await readOwn([file('z', zip(all))], quiet);
      expect([parts.train.count, parts.val, parts.test?.count]).toEqual([n, undefined, 9]);
    }
  });
  it('a test set alone is a pool like any other', async () => {
    const { parts } = await readOwn([file('t10k-x', images), file('t10k-y', idx([n], labels))], quiet);
    expect(parts.train.count).toBe(n);
    expect(parts.test).toBeUndefined();
  });
});

describe('what does not fit is refused with what was expected and found', () => {
  const small = png(4, 4, 1, noise(16));
  it.each<[string, OwnFile[], string, string]>([
    ['no file', [], 'none', 'no files were given'],
    ['an empty file', [file('a', new Uint8Array(0))], 'unknown', 'found 0 bytes'],
    ['an empty zip', [file('a', zip({}))], 'unknown', 'found 0 files'],
    ['a PDF', [file('a.idx', text('%PDF-1.7'))], 'unknown', 'a.idx: expected idx (also .gz)'],
    ['a pickle', [file('a', Uint8Array.of(0x80, 2, 0x7d, 0x71))], 'unknown', 'found Python pickle'],
    ['a page', [file('a.npz', text('<!doctype html>\n<p>'))], 'unknown', 'found “<!doctype html>”'],
    ['unknown bytes', [file('a', Uint8Array.of(1, 2, 3, 4, 5))], 'unknown', 'found 5 bytes (01 02 03 04 …)'],
    ['an experiment', [file('a', zip({ 'x/y.json': text('{"v":1}') }))], 'unknown', 'found “{"v":1}”'],
    [
      'a cut idx',
      [file('a', images.subarray(0, 100))],
      'length',
      'a: expected 3016 bytes for 120 x 5 x 5, found 100',
    ],
    ['an idx of floats', [file('a', idx([1], new Uint8Array(4), 13))], 'values', 'found 32-bit floats'],
    ['images alone', [file('a', images)], 'pair', 'found a 120 x 5 x 5'],
    [
      'too few labels',
      [file('a', images), file('b', idx([5], labels.subarray(0, 5)))],
      'labels',
      'b: expected 120 labels, one for every image, found 5',
    ],
    [
      'two channels',
      [file('a', idx([3, 4, 5, 2], noise(120))), file('b', idx([3], noise(3)))],
      'shape',
      'found 3 x 4 x 5 x 2',
    ],
    [
      'huge images',
      [file('a', idx([1, 257, 5], noise(1285))), file('b', idx([1], noise(1)))],
      'shape',
      'with 4 to 256 pixels a side, found 1 x 257 x 5',
    ],
    [
      'broken gzip',
      [file('a', gzip(images).subarray(0, 30))],
      'damaged',
      'a: expected gzip, found a damaged one',
    ],
    [
      'a broken zip',
      [file('a', zip(x_y).subarray(0, 900))],
      'damaged',
      'a: expected zip, found a damaged one',
    ],
    [
      'a broken tar',
      [file('a', tar({ x: images }).subarray(0, 1024))],
      'damaged',
      'a: expected tar, found a damaged one',
    ],
    ['archives in archives', [file('a', gzip(gzip(gzip(gzip(images)))))], 'nested', 'at most 3 deep'],
    [
      'float images',
      [file('a', zip({ 'x.npy': npy('<f4', [6], new Uint8Array(24)) }))],
      'values',
      'a/x.npy: expected little-endian integers (images as uint8), found <f4',
    ],
    ['Fortran order', [file('a', npy('|u1', [n, side, side], pixels, 'True'))], 'values', 'expected C order'],
    [
      'labels below zero',
      [file('a', npy('<i2', [1], Uint8Array.of(255, 255)))],
      'range',
      'a: expected values from 0 to 255, found another at 0',
    ],
    [
      'two formats',
      [file('a', new Uint8Array(3073)), file('b', images)],
      'mixed',
      'b: expected only files that belong to cifar, found IDX',
    ],
    [
      'an odd one beside',
      [file('a', zip(x_y)), file('b', text('hello'))],
      'mixed',
      'b: expected only files that belong to npz, found “hello”',
    ],
    ['a sprite alone', [file('a', rows)], 'folder', 'a: expected every image in a folder'],
    [
      'a sprite that cannot be cut',
      [file('a', png(26, 31, 1, noise(806))), file('b', text(names.join('\n')))],
      'sprite',
      'a: expected 120 square images, one a row or as tiles, found 31 x 26',
    ],
    ['labels that are no labels', [file('a', rows), file('b', text('[1, {}]'))], 'text', 'found {} (1)'],
    ['broken JSON', [file('a', rows), file('b', text('[1, 2'))], 'damaged', 'b: expected JSON'],
    [
      'images of two sizes',
      [file('z', zip({ 'a/1': small, 'a/2': small, 'b/3': png(4, 5, 1, noise(20)) }))],
      'size',
      'z/b/3 is 5 x 4 and z/a/1 is 4 x 4',
    ],
    [
      'an image too large',
      [file('z', zip({ 'a/1': png(300, 2, 1, noise(600)) }))],
      'side',
      'z/a/1: expected an image of 4 to 256 pixels a side, found 2 x 300',
    ],
    [
      'a damaged PNG',
      [file('z', zip({ 'a/1': small.map((b, i) => (i === 45 ? b ^ 1 : b)) }))],
      'decode',
      'z/a/1: expected a PNG, found a damaged one',
    ],
    [
      '16 bits',
      [
        file(
          'z',
          zip({ 'a/1': encode({ width: 4, height: 4, channels: 1, depth: 16, data: new Uint16Array(16) }) }),
        ),
      ],
      'decode',
      'at most 8 bits a sample',
    ],
    [
      'a PNG that claims to be huge',
      [file('z', zip({ 'a/1': small.map((b, i) => (i === 16 ? 0x7f : b)) }))],
      'side',
      'found 4 x 2130706436',
    ],
    [
      'few images',
      [file('z', zip({ 'a/1': small, 'b/2': small }))],
      'few',
      'expected at least 100 images, found 2',
    ],
    [
      'one class',
      [file('z', zip(folders(set, ['a', 'a', 'a'])))],
      'classes',
      'expected 2 to 255 classes, found 1',
    ],
    [
      'training and test that differ',
      [
        file('train-x', images),
        file('train-y', idx([n], labels)),
        file('test-x', idx([1, 4, 5], noise(20))),
        file('test-y', idx([1], noise(1))),
      ],
      'parts',
      'found 5 x 5 x 1 and 4 x 5 x 1',
    ],
    [
      'parquet without images',
      [
        file(
          'a',
          new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'x', data: [1, 2], type: 'INT32' }] })),
        ),
      ],
      'decode',
      'expected one column of encoded images, found x',
    ],
  ])('%s', async (_, files, code, message) => {
    const error = await makeOwn(files, quiet).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(WinnowError);
    const { problem } = error as WinnowError;
    expect(problem).toMatchObject({ code: `own.${code}`, path: 'data' });
    expect(problem.message).toContain(message);
    expect(problem.message).not.toContain('undefined');
  });

  it('a dropped folder may hold other things; they are counted', async () => {
    const all = {
      ...folders(set),
      'README.md': text('# Pets'),
      'a/x.psd': noise(9),
      'a/.DS_Store': noise(9),
    };
    const { notes } = await readOwn([file('z', zip(all))], quiet);
    expect(notes).toEqual([{ code: 'ignored', values: { count: 2, name: 'z/README.md' } }]);
  });
});

describe('whatever is dropped', () => {
  /** What the readers look for first, before bytes that are anything. */
  const starts = [
    [],
    [0, 0, 8, 3],
    [0x1f, 0x8b, 8],
    [0x50, 0x4b, 3, 4],
    [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10],
    [0x93, 78, 85, 77, 80, 89, 1, 0],
    [0x50, 0x41, 0x52, 0x31],
    [0xff, 0xd8, 0xff],
    [0x5b, 0x31, 0x2c],
  ];
  const whole = [
    images,
    gzip(images),
    zip(x_y),
    rows,
    tar({ 'a/1.png': rows }),
    cifar(noise(3072), [1]),
    x_y['x.npy'],
  ];
  const random = fc
    .tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 400 }))
    .map(([start, rest]) => Uint8Array.from([...start, ...rest]));
  const altered = fc
    .tuple(fc.constantFrom(...whole), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat())
    .map(([bytes, changes, cut]) => {
      const out = bytes.slice(0, cut % 3 ? bytes.length : cut % bytes.length);
      for (const [at, value] of changes) if (out.length) out[at % Math.min(out.length, 600)] = value;
      return out;
    });
  it('is read or refused, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(random, altered), { minLength: 1, maxLength: 3 }), async (all) => {
        const files = all.map((bytes, i) => file(`f${i}`, bytes, i % 2 ? ['x'] : []));
        await makeOwn(files, quiet).catch((error: unknown) => {
          if (!(error instanceof WinnowError) || error.problem.message.includes('undefined')) throw error;
        });
      }),
      { numRuns: 400 },
    );
  });
  it('can be given up', async () => {
    let turns = 0;
    const work = {
      ...quiet,
      turn: async () => {
        if (++turns > 2) throw new Cancelled();
      },
    };
    await expect(makeOwn([file('z', zip(folders(set)))], work)).rejects.toBeInstanceOf(Cancelled);
  });
});

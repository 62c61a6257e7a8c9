import { encode } from 'fast-png';
import type { SchemaElement } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { readParquet } from './parquet';
import { pngDecoder } from './png';
import { Unreadable } from './unreadable';

const noise = (n: number, seed = 1) =>
  Uint8Array.from({ length: n }, (_, i) => ((i + seed) * 2654435761) >>> 24);
const caught = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error as Unreadable;
  }
  return undefined;
};

describe('PNG', async () => {
  const decode = await pngDecoder();

  test.each([1, 3] as const)('8 bits, %i channel(s)', (channels) => {
    const pixels = noise(5 * 3 * channels);
    const png = encode({ width: 5, height: 3, channels, data: pixels });
    expect(decode(png)).toEqual({ width: 5, height: 3, channels, pixels });
  });

  test.each([2, 4] as const)('an alpha channel that says nothing is left out (%i channels)', (channels) => {
    const data = noise(6 * channels).map((v, i) => (i % channels === channels - 1 ? 255 : v));
    const { pixels, channels: left } = decode(encode({ width: 3, height: 2, channels, data }));
    expect(left).toBe(channels - 1);
    expect(pixels).toEqual(data.filter((_, i) => i % channels !== channels - 1));
  });

  test.each([
    [1, [0b10100000, 0b01000000], [255, 0, 255, 0, 255, 0]],
    [2, [0b00011000, 0b11100100], [0, 85, 170, 255, 170, 85]],
    [4, [0x0f, 0x10, 0x23, 0x40], [0, 255, 17, 34, 51, 68]],
  ] as const)('grey of %i bit(s) is spread over 0 to 255', (depth, packed, pixels) => {
    const png = encode({ width: 3, height: 2, channels: 1, depth, data: Uint8Array.from(packed) });
    expect(decode(png).pixels).toEqual(Uint8Array.from(pixels));
  });

  test('a palette', () => {
    const palette = [
      [1, 2, 3],
      [40, 50, 60],
    ];
    const png = encode({ width: 2, height: 1, channels: 1, depth: 8, data: Uint8Array.of(1, 0), palette });
    expect(decode(png)).toEqual({
      width: 2,
      height: 1,
      channels: 3,
      pixels: Uint8Array.of(40, 50, 60, 1, 2, 3),
    });
  });

  const png = () => encode({ width: 9, height: 9, channels: 1, data: noise(81) });
  test.each<[string, Uint8Array, string]>([
    ['another file', noise(100), 'expected a PNG, found something else'],
    ['an empty one', new Uint8Array(0), 'something else'],
    ['a cut one', png().subarray(0, 70), 'a damaged one'],
    ['a flipped bit', png().map((b, i) => (i === 60 ? b ^ 1 : b)), 'a damaged one'],
    ['16 bits', encode({ width: 1, height: 1, channels: 1, depth: 16, data: Uint16Array.of(1) }), 'found 16'],
    [
      'transparency',
      encode({ width: 1, height: 1, channels: 2, data: Uint8Array.of(1, 2) }),
      'a transparent one',
    ],
  ])('%s is refused', (_, bytes, message) => {
    const error = caught(() => decode(bytes));
    expect(error).toBeInstanceOf(Unreadable);
    expect(error!.message).toContain(message);
  });
});

describe('parquet', () => {
  const images = Array.from({ length: 25 }, (_, i) => noise(30 + i, i));
  const labels = images.map((_, i) => i % 10);
  const struct: SchemaElement[] = [
    { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
    { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
    { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  ];
  const structs = images.map((bytes, i) => ({ bytes, path: `${i}.png` }));
  const label: SchemaElement = { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' };
  const write = (schema: SchemaElement[], top: number, columnData: ColumnSource[]) =>
    new Uint8Array(
      parquetWriteBuffer({
        schema: [{ name: 'root', num_children: top }, ...schema],
        columnData,
        rowGroupSize: 10,
      }),
    );
  const file = write([...struct, label], 2, [
    { name: 'image', data: structs },
    { name: 'label', data: labels.map(BigInt) },
  ]);

  test('a struct of bytes and path, 64-bit labels, several row groups', async () => {
    const read = await readParquet(file);
    expect(read.labels).toEqual(labels);
    expect(read.encoded.map((b) => [...b])).toEqual(images.map((b) => [...b]));
  });

  test('a plain column of bytes under another name', async () => {
    const schema: SchemaElement[] = [
      { name: 'picture', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED' },
      { name: 'fine', type: 'INT32', repetition_type: 'REQUIRED' },
      { name: 'coarse', type: 'INT32', repetition_type: 'REQUIRED' },
    ];
    const other = write(schema, 3, [
      { name: 'picture', data: images },
      { name: 'fine', data: labels },
      { name: 'coarse', data: labels.map((l) => l >> 1) },
    ]);
    expect((await readParquet(other, { label: 'fine' })).labels).toEqual(labels);
    await expect(readParquet(other)).rejects.toThrow(
      'expected one column of integer labels, found picture, fine, coarse',
    );
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['another file', () => readParquet(noise(50)), 'expected a parquet file, found something else'],
    ['a cut one', () => readParquet(file.subarray(0, 300)), 'found something else'],
    [
      'a damaged footer',
      () => readParquet(file.map((b, i) => (i > 200 && i < file.length - 8 ? 0xff : b))),
      'one that cannot be read',
    ],
    [
      'a column that is not there',
      () => readParquet(file, { image: 'img' }),
      'a column img of encoded images',
    ],
    [
      'an image that is not there',
      () =>
        readParquet(
          write([...struct, label], 2, [
            { name: 'image', data: [structs[0], null] },
            { name: 'label', data: [1n, 2n] },
          ]),
        ),
      'expected an image in every row, found none in row 1',
    ],
  ])('%s is refused', async (_, read, message) => {
    await expect(read()).rejects.toBeInstanceOf(Unreadable);
    await expect(read()).rejects.toThrow(message);
  });
});

describe('PNG laid on a background', async () => {
  const decode = await pngDecoder(255);
  test('transparent pixels show it, half transparent ones are mixed with it', () => {
    const data = Uint8Array.of(0, 0, 10, 255, 100, 51);
    const grey = decode(encode({ width: 3, height: 1, channels: 2, data }));
    expect(grey).toEqual({
      width: 3,
      height: 1,
      channels: 1,
      pixels: Uint8Array.of(255, 10, 224),
      blended: true,
    });
  });
  test('an opaque one is as it was', () => {
    const data = Uint8Array.of(1, 2, 3, 255);
    expect(decode(encode({ width: 1, height: 1, channels: 4, data }))).toEqual({
      width: 1,
      height: 1,
      channels: 3,
      pixels: Uint8Array.of(1, 2, 3),
    });
  });
});

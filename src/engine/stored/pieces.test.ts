import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../crc32';
import { pack, packedBytes, unpack } from './bits';
import { fromHalf, toHalf } from './f16';
import { hashedValues, xxh32 } from './hashed';
import { presence } from './presence';
import { bitmapOf, csrOf, gapCounts, gapFields, scan } from './scan';
import { deflated, planStream, readStream, writeStream } from './stream';
import { bitsOf, noise } from './testing/states';

describe('bits', () => {
  it('are those of the numbers written out lowest first', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16 }),
        fc.array(fc.nat(65_535), { maxLength: 40 }),
        (bits, list) => {
          const symbols = Uint16Array.from(list, (x) => x % 2 ** bits);
          const out = new Uint8Array(packedBytes(symbols.length, bits));
          pack(out, bits <= 8 ? Uint8Array.from(symbols) : symbols, bits);
          const plain = [...symbols].flatMap((x) => Array.from({ length: bits }, (_, k) => (x >> k) & 1));
          plain.forEach((bit, i) => {
            expect((out[i >> 3] >> (i & 7)) & 1).toBe(bit);
          });
          expect([...unpack(out, symbols.length, bits)]).toEqual([...symbols]);
        },
      ),
    );
  });
});

describe('half floats', () => {
  /** The value of a pattern by the definition of the format. */
  const meaning = (half: number): number => {
    const [sign, exponent, mantissa] = [half >>> 15 ? -1 : 1, (half >>> 10) & 31, half & 1023];
    if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
  };
  it('all 65,536 of them have their value, and come back', () => {
    const view = new DataView(new ArrayBuffer(4));
    for (let half = 0; half < 65_536; half++) {
      const pattern = fromHalf(half);
      view.setUint32(0, pattern);
      if (!Object.is(view.getFloat32(0), meaning(half)))
        expect([half, view.getFloat32(0)]).toEqual([half, meaning(half)]);
      if (toHalf(pattern) !== half) expect([half, toHalf(pattern)]).toEqual([half, half]);
    }
  });
  it('are refused to every float that is none', () => {
    const all = new Set<number>();
    for (let half = 0; half < 65_536; half++) all.add(fromHalf(half));
    const near = fc
      .nat(65_535)
      .chain((half) => fc.integer({ min: -2, max: 2 }).map((k) => (fromHalf(half) + k) >>> 0));
    fc.assert(
      fc.property(fc.oneof(fc.nat(0xffffffff), near), (pattern) => {
        expect(toHalf(pattern) >= 0).toBe(all.has(pattern));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('hashed weights', () => {
  it('xxh32 has the value of the reference implementation', () => {
    // Of the ASCII text "abcd".
    expect(xxh32(0x64636261, 0)).toBe(0xa3643705);
  });
  it('are buckets with signs: in equal shares, the same for the same seed only', () => {
    const buckets = Float32Array.of(1, 2, 3, 4);
    const values = hashedValues(40_000, 7, buckets);
    const shares = new Map<number, number>();
    for (const w of values) shares.set(w, (shares.get(w) ?? 0) + 1);
    expect([...shares.keys()].sort((a, b) => a - b)).toEqual([-4, -3, -2, -1, 1, 2, 3, 4]);
    // Eight standard deviations of a share of an eighth are below 550.
    for (const share of shares.values()) expect(Math.abs(share - 5000)).toBeLessThan(550);
    expect(hashedValues(40_000, 7, buckets)).toEqual(values);
    expect(hashedValues(40_000, 8, buckets)).not.toEqual(values);
    expect(bitsOf(hashedValues(50, 1, new Float32Array(1))).every((b) => b === 0 || b === 0x80000000)).toBe(
      true,
    );
  });
});

describe('indices', () => {
  const tensors = fc.integer({ min: 1, max: 9 }).chain((columns) =>
    fc.record({
      columns: fc.constant(columns),
      list: fc
        .array(fc.tuple(fc.nat(300), fc.nat(3)), { minLength: 1, maxLength: 12 })
        .map((runs) => runs.flatMap(([zeros, ones]) => [...Array(zeros).fill(0), ...Array(ones).fill(5)]))
        .map((cells) => [...cells, ...Array((columns - (cells.length % columns)) % columns).fill(0)])
        .filter((cells) => cells.length > 0),
    }),
  );
  it('bitmap, gaps of every width and CSR tell the same entries, and are counted right', () => {
    fc.assert(
      fc.property(tensors, ({ columns, list }) => {
        const patterns = Uint32Array.from(list);
        const wanted = Uint8Array.from(list, (x) => (x === 0 ? 0 : 1));
        const stored = list.filter((x) => x !== 0).length;
        const found = scan(patterns, columns);
        expect(found.stored).toBe(stored);
        const tally = (symbols: ArrayLike<number>, size: number) => {
          const counts = new Uint32Array(size);
          for (let i = 0; i < symbols.length; i++) counts[symbols[i]]++;
          return counts;
        };
        const bitmap = bitmapOf(patterns);
        expect(found.bitmap).toEqual(tally(bitmap, 256));
        expect(presence.bitmap(bitmap, list.length, stored)).toEqual(wanted);
        for (const bits of [4, 5, 6, 7, 8]) {
          const counts = gapCounts(found, bits);
          const fields = gapFields(
            patterns,
            counts.reduce((a, b) => a + b, 0),
            bits,
          );
          expect(counts).toEqual(tally(fields, 2 ** bits));
          expect(presence.relative(fields, bits, list.length, stored)).toEqual(wanted);
        }
        const { lengths, places } = csrOf(patterns, columns, stored);
        expect(found.rows).toEqual(tally(lengths, columns + 1));
        expect(found.columns).toEqual(tally(places, columns));
        expect(presence.csr(lengths, places, columns, stored)).toEqual(wanted);
      }),
    );
  });
  it('are refused where they leave the tensor or count wrongly', () => {
    expect(presence.bitmap(Uint8Array.of(7), 8, 2)).toBeUndefined();
    expect(presence.relative(Uint8Array.of(3, 3), 4, 7, 2)).toBeUndefined();
    expect(presence.relative(Uint8Array.of(3, 3), 4, 8, 1)).toBeUndefined();
    expect(presence.csr(Uint8Array.of(2), Uint8Array.of(1, 1), 4, 2)).toBeUndefined();
    expect(presence.csr(Uint8Array.of(1), Uint8Array.of(4), 4, 1)).toBeUndefined();
    expect(presence.csr(Uint8Array.of(3), Uint8Array.of(1, 2), 4, 2)).toBeUndefined();
  });
});

describe('streams', () => {
  it('come back however they are written', () => {
    const next = noise(5);
    for (const bits of [1, 3, 8, 12, 16, 32]) {
      for (const [kind, make] of Object.entries<() => number>({
        noise: () => Math.floor(next() * 2 ** bits),
        skewed: () => Math.floor(next() ** 9 * 2 ** bits),
        same: () => 1,
      })) {
        const count = kind === 'noise' ? 1000 : 20_000;
        const array = bits <= 8 ? Uint8Array : bits <= 16 ? Uint16Array : Uint32Array;
        const symbols = array.from(Array.from({ length: count }, make));
        const counts = new Uint32Array(256);
        if (bits <= 8) for (const s of symbols) counts[s]++;
        const plain = planStream(count, bits, bits <= 8 ? counts : undefined);
        for (const stream of [plain, deflated(plain, () => symbols)]) {
          const out = new Uint8Array(stream.table + stream.bytes);
          expect(writeStream(out, stream, () => symbols)).toHaveLength(0);
          const { coding, bytes, table } = stream;
          const back = readStream(
            { coding, count, bits, bytes, table },
            out.slice(0, table),
            out.slice(table),
          );
          expect(back).toEqual(symbols);
        }
      }
    }
  });
  it('are deflated where runs repeat, and not where they are noise', () => {
    const next = noise(6);
    const random = Uint8Array.from({ length: 30_000 }, () => Math.floor(next() * 16));
    const repeated = Uint8Array.from({ length: 30_000 }, (_, i) => random[i % 97]);
    const plan = (symbols: Uint8Array) => {
      const counts = new Uint32Array(16);
      for (const s of symbols) counts[s]++;
      return deflated(planStream(symbols.length, 4, counts), () => symbols);
    };
    expect(plan(random).coding).toBe('raw');
    expect(plan(repeated)).toMatchObject({ coding: 'deflate' });
    expect(plan(repeated).bytes).toBeLessThan(600);
  });
});

it('crc32 has the check value of the standard, in whatever pieces', () => {
  const text = new TextEncoder().encode('123456789');
  expect(crc32(text)).toBe('cbf43926');
  for (let cut = 0; cut <= 9; cut++) expect(crc32(text.slice(0, cut), text.slice(cut))).toBe('cbf43926');
});

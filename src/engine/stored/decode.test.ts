/** Files that are not what was written. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factorize } from '../../methods/factorize';
import { graphArch, smallArch, trainedState } from '../../methods/fixtures';
import { WinnowError } from '../../spec/problem';
import { crc32 } from '../crc32';
import { methodContext } from '../state';
import { decode } from './decode';
import { encode } from './encode';
import { checksumAt, noChecksum } from './header';
import { normalKernel, pruned, quantized, randomMask, single } from './testing/states';

const spec = { bits: 3, scheme: 'affine', granularity: 'channel' } as const;
const thin = factorize.apply(
  pruned(graphArch, 0.5),
  { rank: 2, by: 'rank', energy: 0.9, layers: ['fc1'] },
  methodContext(graphArch, { init: 1, order: 1, method: 1 }, 0),
);
const large = normalKernel(6000, 1);
const rounded = large.map((x) => Math.fround(Math.round(x * 40) / 41));
const repeated = large.map((x, i) => (i % 50 < 19 ? x : 0));
/** Between them every coding, and most forms. */
const files = [
  quantized(pruned(smallArch, 0.7), spec),
  quantized(thin, spec),
  trainedState(graphArch),
  single(rounded, 10, randomMask(6000, 0.1, 2)),
  single(repeated, 50),
  single(large, 250, randomMask(6000, 0.002, 3)),
  single(large, 10, randomMask(6000, 0.5, 4), { ...spec, bits: 1 }),
].map((state) => encode(state).file);
const [file] = files;

/** With the checksum that its content has. */
function resealed(bytes: Uint8Array): Uint8Array {
  const out = bytes.slice();
  const zeros = new TextEncoder().encode(noChecksum);
  if (out.length < checksumAt + 8) return out;
  out.set(zeros, checksumAt);
  out.set(new TextEncoder().encode(crc32(out)), checksumAt);
  return out;
}
// biome-ignore lint/suspicious/noExplicitAny: JSON that is to be spoilt.
type Json = any;

/** The file with another header, its length and, unless told, its checksum made right. */
function withHeader(change: (header: Json) => unknown, of = file, seal = resealed): Uint8Array {
  const length = Number(new DataView(of.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(of.slice(8, 8 + length)));
  const made = change(header) ?? header;
  const text = new TextEncoder().encode(typeof made === 'string' ? made : JSON.stringify(made));
  const out = new Uint8Array(8 + text.length + of.length - 8 - length);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  out.set(of.subarray(8 + length), 8 + text.length);
  return seal(out);
}
const asItIs = (bytes: Uint8Array) => bytes;
const inMeta = (key: 'arch' | 'manifest', change: (value: Json) => unknown, of = file) =>
  withHeader((header) => {
    const value = JSON.parse(header.__metadata__[key]);
    header.__metadata__[key] = JSON.stringify(change(value) ?? value);
  }, of);
const refusal = (bytes: Uint8Array): WinnowError => {
  try {
    decode(bytes, 'net.winnow');
  } catch (error) {
    if (error instanceof WinnowError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

describe('refuses, by name', () => {
  it('a file cut at any length', () => {
    for (let n = 0; n < file.length; n += 7) {
      expect(refusal(file.slice(0, n)).message).toMatch(/^net\.winnow is (cut short|not a Winnow file)/);
    }
    const { problem } = refusal(file.slice(0, file.length - 1));
    expect(problem).toMatchObject({
      code: 'stored.short',
      values: { name: 'net.winnow', expected: file.length, found: file.length - 1 },
    });
  });
  it('a file with any one bit changed', () => {
    const which = fc.nat({ max: files.length - 1 });
    fc.assert(
      fc.property(which, fc.nat(), fc.nat({ max: 7 }), (k, at, bit) => {
        const bad = files[k].slice();
        bad[at % bad.length] ^= 1 << bit;
        expect(refusal(bad).message).toMatch(/^net\.winnow (is|was) /);
      }),
      { numRuns: 500 },
    );
    const bad = file.slice();
    bad[bad.length - 1] ^= 1;
    expect(refusal(bad).problem.code).toBe('stored.altered');
  });
  it('what is no Winnow file at all, and one that goes on too long', () => {
    expect(refusal(new Uint8Array(100).fill(65)).problem.code).toBe('stored.foreign');
    expect(refusal(new Uint8Array(0)).problem.code).toBe('stored.short');
    expect(refusal(Uint8Array.from([...file, 0])).problem.code).toBe('stored.short');
    const tensor = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
    const other = withHeader(() => ({ 'fc/kernel': tensor }), file, asItIs);
    expect(refusal(other).problem.code).toBe('stored.foreign');
  });
  it('other versions, naming both', () => {
    const newer = withHeader((h) => {
      h.__metadata__.winnow = '3';
    });
    expect(refusal(newer).message).toBe(
      'net.winnow was written in version 3 of the format; version 2 is expected',
    );
    const old = { crc32: '00000000', winnow: 1, input: [1, 1, 1], layers: [], tensors: [] };
    const first = withHeader(() => old, file, asItIs);
    expect(refusal(first).problem).toMatchObject({
      code: 'stored.version',
      values: { found: '1', known: '2' },
    });
  });
});

describe('headers that lie', () => {
  const deep = '['.repeat(200_000);
  it.each<[string, () => Uint8Array]>([
    [
      'a huge length of the header',
      () => Uint8Array.from([255, 255, 255, 255, 255, 255, 255, 127, ...file.slice(8)]),
    ],
    ['JSON nested deep', () => withHeader(() => `{"__metadata__":${deep}`)],
    [
      'metadata nested deep',
      () =>
        withHeader((h) => {
          h.__metadata__.arch = deep;
        }),
    ],
    [
      'no metadata',
      () =>
        withHeader((h) => {
          h.__metadata__ = null;
        }),
    ],
    [
      'a wrong type',
      () =>
        withHeader((h) => {
          h.biases.shape = 'many';
        }),
    ],
    [
      'a place outside the file',
      () =>
        withHeader((h) => {
          h.biases.data_offsets = [0, 2 ** 31];
        }),
    ],
    [
      'a negative place',
      () =>
        withHeader((h) => {
          h.biases.data_offsets = [-8, 8];
        }),
    ],
    [
      'a tensor too many',
      () =>
        withHeader((h) => {
          h.more = {
            dtype: 'U8',
            shape: [0],
            data_offsets: [h['out/kernel'].data_offsets[1], h['out/kernel'].data_offsets[1]],
          };
        }),
    ],
    [
      'a tensor called __proto__',
      () => withHeader((h) => JSON.stringify(h).replace('"biases"', '"__proto__"')),
    ],
    [
      'a layer of 2^16 by 2^16 units',
      () =>
        inMeta('arch', (a) => {
          for (const l of a.layers) if (l.units) l.units = 65_536;
        }),
    ],
    [
      'a layer of no units',
      () =>
        inMeta('arch', (a) => {
          a.layers.at(-1).units = 0;
        }),
    ],
    [
      'a layer of an unknown kind',
      () =>
        inMeta('arch', (a) => {
          a.layers[0].kind = 'attention';
        }),
    ],
    [
      'a layer fed by a later one',
      () =>
        inMeta('arch', (a) => {
          a.layers[0].from = a.layers[2].name;
        }),
    ],
    [
      'a filter larger than the image',
      () =>
        inMeta('arch', (a) => {
          a.layers[0].kernel = 4000;
        }),
    ],
    [
      'no layers',
      () =>
        inMeta('arch', (a) => {
          a.layers = [];
        }),
    ],
    [
      'an entry for a tensor that is not there',
      () =>
        inMeta('manifest', (m) => {
          m.tensors['fc9/kernel'] = m.tensors['fc1/kernel'];
        }),
    ],
    [
      'more entries than the tensor has',
      () =>
        inMeta('manifest', (m) => {
          m.tensors['fc1/kernel'].stored = 2 ** 31;
        }),
    ],
    [
      'more fields than the tensor has entries',
      () =>
        inMeta('manifest', (m) => {
          m.tensors['fc1/kernel'].fields = 2 ** 32;
        }),
    ],
    [
      'bits that the form does not have',
      () =>
        inMeta('manifest', (m) => {
          m.tensors['fc1/kernel'].bits = 32;
        }),
    ],
    [
      'a form that is none',
      () =>
        inMeta('manifest', (m) => {
          m.tensors['fc1/kernel'].form = 'csr-hashed';
        }),
    ],
    [
      'a pair that is none',
      () =>
        inMeta('manifest', (m) => {
          m.pairs = ['out'];
        }),
    ],
  ])('%s', (_, make) => {
    const { problem, message } = refusal(make());
    expect(message).toMatch(/^net\.winnow (is|was) /);
    expect(problem.code).toMatch(/^stored\./);
    expect(message.length).toBeLessThan(400);
  });
  it('and the unchanged header, resealed, is read', () => {
    expect(decode(withHeader(() => undefined)).tensors).toEqual(decode(file).tensors);
  });
});

describe('whatever is done to a file, with its checksum repaired', () => {
  const expectCalm = (bytes: Uint8Array) => {
    try {
      decode(bytes, 'net.winnow');
    } catch (error) {
      if (!(error instanceof WinnowError)) throw error;
      expect(error.message).toMatch(/^net\.winnow (is|was) /);
    }
  };
  const which = fc.nat({ max: files.length - 1 });
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 });
  it('bytes changed anywhere: it is read or refused, nothing else', () => {
    fc.assert(
      fc.property(which, edits, (k, list) => {
        const bad = files[k].slice();
        for (const [at, value] of list) bad[at % bad.length] = value;
        expectCalm(resealed(bad));
      }),
      { numRuns: 1500 },
    );
  });
  it('bytes of the payload changed', () => {
    fc.assert(
      fc.property(which, edits, (k, list) => {
        const bad = files[k].slice();
        const from = 8 + Number(new DataView(bad.buffer).getBigUint64(0, true));
        for (const [at, value] of list) bad[from + (at % (bad.length - from))] = value;
        expectCalm(resealed(bad));
      }),
      { numRuns: 1500 },
    );
  });
  it('numbers of the manifest changed', () => {
    fc.assert(
      fc.property(
        which,
        fc.nat(),
        fc.oneof(fc.nat(20), fc.nat(2 ** 31), fc.integer(), fc.double()),
        (k, at, to) => {
          const bad = inMeta(
            'manifest',
            (manifest) => {
              const numbers = [...JSON.stringify(manifest).matchAll(/(?<=[[:,])\d+/g)];
              if (numbers.length === 0) return manifest;
              const { index, 0: old } = numbers[at % numbers.length];
              const text = JSON.stringify(manifest);
              return JSON.parse(
                `${text.slice(0, index)}${JSON.stringify(to)}${text.slice(index + old.length)}`,
              );
            },
            files[k],
          );
          expectCalm(bad);
        },
      ),
      { numRuns: 500 },
    );
  });
  it('cut anywhere', () => {
    fc.assert(
      fc.property(which, fc.nat(), (k, at) => expectCalm(resealed(files[k].slice(0, at % files[k].length)))),
    );
  });
});

it('reads from the middle of a larger buffer', () => {
  const wide = new Uint8Array(file.length + 3);
  wide.set(file, 3);
  expect(decode(wide.subarray(3))).toEqual(decode(file));
});

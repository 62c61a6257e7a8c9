/** Records of finished trainings: what comes out is what went in, to the last bit, or nothing. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelById } from '../../models/registry';
import { tensorsOf } from '../../models/tensors';
import type { Arch, NetState, Tensors } from '../../models/types';
import { crc32 } from '../crc32';
import type { BareRow } from '../trained';
import { pack, unpack } from './pack';
import { packStart, packState, packTold, startId, unpackStart, unpackState, unpackTold } from './records';
import { packMask, packTensor, unpackMask, unpackTensor } from './tensors';

const bits = (values: Float32Array) => [...new Uint32Array(values.slice().buffer)];
const exact = (tensors: Tensors = {}) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, values]) => [name, crc32(new Uint8Array(values.slice().buffer))]),
  );

/** Any 32 bits, zero more often than others, also NaN with a payload and -0. */
const pattern = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  fc.nat(0xffffffff),
  fc.constantFrom(0x80000000, 0x7fc00000, 0x7f800001, 0xffc12345, 0x7f800000),
);
const tensor = fc
  .array(pattern, { maxLength: 200 })
  .map((all) => new Float32Array(Uint32Array.from(all).buffer));

describe('tensors', () => {
  it('come back bit for bit, whatever is zero in them', () => {
    fc.assert(
      fc.property(tensor, (values) => {
        const packed = unpack(pack(packTensor(values))) as ReturnType<typeof packTensor>;
        expect(bits(unpackTensor(packed))).toEqual(bits(values));
      }),
    );
  });
  it.each([0, 1, 7, 8, 9, 1023])('all pruned and none pruned, %s weights', (n) => {
    for (const value of [0, 1.5, Number.NaN]) {
      const values = new Float32Array(n).fill(value);
      expect(bits(unpackTensor(packTensor(values)))).toEqual(bits(values));
    }
  });
  it('takes a view of a larger buffer for what it shows', () => {
    const view = new Float32Array([9, 0, 0, -0, 3, 9]).subarray(1, 5);
    expect(bits(unpackTensor(packTensor(view)))).toEqual([0, 0, 0x80000000, bits(new Float32Array([3]))[0]]);
  });
  it('masks do not depend on what they cover', () => {
    const mask = fc.array(fc.constantFrom(0, 1), { maxLength: 99 }).map((all) => Uint8Array.from(all));
    fc.assert(
      fc.property(mask, tensor, (found, values) => {
        expect([...unpackMask(packMask(found, values), values)]).toEqual([...found]);
        const covered = Float32Array.from(found, (m) => m * 0.25);
        expect(packMask(found, covered)).toBe('pattern');
        expect([...unpackMask('pattern', covered)]).toEqual([...found]);
      }),
    );
    const odd = Uint8Array.of(0, 3, 1);
    expect([...unpackMask(packMask(odd), undefined)]).toEqual([...odd]);
  });
  it('takes little room where little is left', () => {
    const sparse = Float32Array.from({ length: 20_000 }, (_, i) => (i % 28 === 0 ? i + 1 : 0));
    // Values alone: 4 bytes for each of 1 in 28.
    expect(pack(packTensor(sparse)).length).toBeLessThan((20_000 / 28) * 4 + 20_000 / 8);
  });
});

const random = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
function stateOf(arch: Arch, seed: number): NetState {
  const next = random(seed);
  const draw = () =>
    Object.fromEntries(
      tensorsOf(arch).map(({ name, length }) => [name, Float32Array.from({ length }, () => next() - 0.5)]),
    );
  const [tensors, start, final] = [draw(), draw(), draw()];
  const masks: Record<string, Uint8Array> = {};
  const held: Record<string, Uint8Array> = {};
  for (const name of Object.keys(tensors).filter((n) => n.endsWith('/kernel'))) {
    masks[name] = Uint8Array.from(tensors[name], () => (next() < 0.3 ? 1 : 0));
    held[name] = Uint8Array.from(masks[name], (m) => (m === 1 && next() < 0.2 ? 1 : 0));
    tensors[name] = tensors[name].map((w, i) => w * masks[name][i]);
  }
  const [first] = Object.keys(masks);
  return {
    ...{ arch, tensors, masks, start, held, trainings: 3, steps: 700, removed: 12 },
    final: { ...final, [first]: tensors[first] },
    quant: { [first]: { bits: 4, scheme: 'affine', granularity: 'channel' } },
  };
}

describe('states', () => {
  it.each(['mlp-9', 'resnet-8', 'mobilenet-tiny'])('%s', (id) => {
    const before = stateOf(modelById(id).build([8, 8, 1], 10), 5);
    const startBytes = packStart(before.start);
    const { state, start } = unpackState(packState(before, startId(startBytes)));
    expect(start).toBe(startId(startBytes));
    expect(exact(unpackStart(startBytes))).toEqual(exact(before.start));
    expect(exact(state.tensors)).toEqual(exact(before.tensors));
    expect(exact(state.final)).toEqual(exact(before.final));
    const { tensors: _, final: __, start: ___, ...rest } = before;
    const { tensors: a, final: b, ...found } = state;
    const listed = ({ masks, held, ...more }: Pick<NetState, 'masks' | 'held'>) => ({
      ...more,
      bits: [masks, held].map((all) => Object.entries(all ?? {}).map(([name, m]) => [name, m.join('')])),
    });
    expect(listed(found)).toEqual(listed(rest));
    // What ended as it is, is there once.
    const [first] = Object.keys(before.masks);
    expect(state.final?.[first]).toBe(state.tensors[first]);
  });
  it('names equal starts alike, and others not', () => {
    const of = (seed: number) =>
      startId(packStart(stateOf(modelById('mlp-9').build([8, 8, 1], 10), seed).start));
    expect(of(1)).toBe(of(1));
    expect(of(1)).not.toBe(of(2));
  });
  it('knows only what is there', () => {
    const {
      held: _,
      final: __,
      removed: ___,
      ...plain
    } = stateOf(modelById('mlp-9').build([8, 8, 1], 10), 2);
    expect(Object.keys(unpackState(packState(plain, '')).state).sort()).toEqual(
      Object.keys(plain)
        .filter((key) => key !== 'start')
        .sort(),
    );
  });
});

const row = fc.record({
  step: fc.nat(50_000),
  metric: fc.constantFrom('val.loss', 'train.loss', 'stop.accuracy', 'density'),
  value: fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY)),
  unit: fc.constantFrom('nats', 'fraction'),
  basis: fc.constantFrom('measured', 'computed'),
  device: fc.string(),
}) as fc.Arbitrary<BareRow>;
const layered = fc.oneof(
  row,
  row.map((r): BareRow => ({ ...r, layer: 'fc1' })),
);
const told = {
  rows: [],
  measured: { test: { split: 'test', correct: 5, count: 6, device: 'CPU' } },
} as const;

describe('what is told', () => {
  it('comes back exactly', () => {
    fc.assert(
      fc.property(fc.array(layered, { maxLength: 40 }), (rows) => {
        const history = {
          ...{ steps: [0, 10], edges: [1e-7, 0.1 + 0.2] },
          layers: [{ layer: 'fc1', zeros: [0, 3], counts: [Uint32Array.of(1, 2), Uint32Array.of(4, 5)] }],
        };
        const back = unpackTold(packTold({ ...told, rows, history }));
        expect(back).toEqual({ ...told, rows, history });
        for (const [i, { value }] of back.rows.entries()) expect(Object.is(value, rows[i].value)).toBe(true);
      }),
    );
  });
  it('is refused where a byte was changed or cut off', () => {
    const bytes = packTold({ ...told, rows: [] });
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = bytes.slice();
        damaged[at] ^= change;
        expect(() => unpackTold(damaged)).toThrow();
        expect(() => unpackTold(bytes.slice(0, at))).toThrow();
      }),
    );
  });
  it('is refused where it is something else', () => {
    expect(() => unpackState(packTold({ ...told, rows: [] }))).toThrow('not a record of state');
    expect(() => unpackTold(pack({ v: 0, is: 'told' }))).toThrow('not a record of told');
    expect(() => unpackTold(new Uint8Array(3))).toThrow('damaged');
    expect(() => unpackTold(new Uint8Array(300))).toThrow('damaged');
  });
});

/** Points between two small networks, against what their formulas say. */
import { describe, expect, it } from 'vitest';
import { batchnorm, conv, dense, globalpool, maxpool, network } from '../../models/build';
import type { Arch, NetState } from '../../models/types';
import { Cancelled } from '../../spec/problem';
import { lineAlphas } from '../../studies/line';
import { lineAt } from '../../studies/types';
import { state, tinyData } from '../crew/testing/tiny';
import { openBackend } from '../device';
import type { Bench } from '../interpreter';
import { evaluate } from '../measure';
import { normals, stream } from '../rng';
import { initialState } from '../state';
import { tinyBench } from '../testing/bench';
import type { BackendId } from '../types';
import golden from './goldens/norms.json';
import { knownLine, type LineKeys, linePoints, type PlacedRows } from './line';
import { mixed } from './mix';
import { normBatches, openNorms } from './norms';
import { plainNorms } from './reference';

const line = (points: number) => ({ from: 'a', to: 'b', points });
const turn = async () => {};
const KEYS: LineKeys = ['key a', 'key b'];
async function points(bench: Bench, n: number, ends: readonly [NetState, NetState], keys = KEYS) {
  const all: PlacedRows[] = [];
  for await (const point of linePoints(bench, line(n), keys, ends, turn)) all.push(point);
  return all;
}
const value = ({ rows }: PlacedRows, metric: string) => rows.find((r) => r.metric === metric)?.value;

/** A convolution and two norms, one behind the other, on the tiny images. */
const normed: Arch = network(
  [4, 4, 1],
  [
    conv('c1', { filters: 3, kernel: 2, activation: 'linear' }),
    batchnorm('n1', 'relu'),
    maxpool('p1', 2, 1),
    conv('c2', { filters: 2, kernel: 1, activation: 'linear' }),
    batchnorm('n2', 'relu'),
    globalpool('g'),
    dense('out', 3, 'linear'),
  ],
);
const drawn = (seed: number): NetState => {
  const from = initialState(normed, { init: seed, order: 0, method: 0 }, 0);
  const tensors = Object.entries(from.tensors).map(([name, t]) => {
    const noise = normals(stream(seed, name), t.length, 0.3);
    return [name, t.map((w, i) => Math.abs(w) + noise[i])];
  });
  return { ...from, tensors: Object.fromEntries(tensors) };
};

describe('a mixed state', () => {
  it('is the ends at 0 and 1, and each weight in between', () => {
    const [a, b] = [state(0), state(1)];
    expect(mixed(a, b, 0).tensors).toEqual(a.tensors);
    expect(mixed(a, b, 1).tensors).toEqual(b.tensors);
    const quarter = mixed(a, b, 0.25).tensors;
    for (const [name, t] of Object.entries(quarter))
      expect([...t]).toEqual(
        [...t].map((_, i) => Math.fround(0.75 * a.tensors[name][i] + 0.25 * b.tensors[name][i])),
      );
  });
  it('says in what two networks cannot be mixed; a mask of ones is none', () => {
    const [a, b] = [state(0), state(1)];
    const mask = (zeros: number) => ({ 'fc1/kernel': new Uint8Array(192).fill(1).fill(0, 0, zeros) });
    const differ = (name: string) =>
      expect.objectContaining({ problem: expect.objectContaining({ values: { name } }) });
    expect(() => mixed({ ...a, masks: mask(3) }, { ...b, masks: mask(4) }, 0.5)).toThrow(
      differ('fc1/kernel'),
    );
    expect(() => mixed(a, { ...b, masks: mask(1) }, 0.5)).toThrow(differ('fc1/kernel'));
    expect(() => mixed(a, { ...b, held: mask(1) }, 0.5)).toThrow(differ('fc1/kernel'));
    const quant = { 'out/kernel': { bits: 4, scheme: 'affine', granularity: 'tensor' } } as const;
    expect(() => mixed(a, { ...b, quant }, 0.5)).toThrow(differ('out/kernel'));
    expect(() => mixed(a, drawn(1), 0.5)).toThrow(differ('fc1/kernel'));
    expect(mixed({ ...a, masks: mask(0) }, b, 0).tensors).toEqual(a.tensors);
    expect(mixed({ ...a, masks: mask(5) }, { ...b, masks: mask(5) }, 0).masks).toEqual(mask(5));
  });
});

describe('a line', () => {
  it('is flat between a network and itself', async () => {
    const all = await points(await tinyBench(), 5, [state(0), state(0)]);
    expect(all.map(({ at }) => at)).toEqual([0, 0.25, 0.5, 0.75, 1].map(lineAt));
    for (const { rows } of all) expect(rows).toEqual(all[0].rows);
  });
  it('goes from what the one says of the images to what the other says', async () => {
    const bench = await tinyBench();
    const ends = [state(0), state(1)] as const;
    const all = await points(bench, 3, ends);
    for (const [i, alpha] of lineAlphas(3).entries()) {
      const here = mixed(...ends, alpha);
      const [test, val] = [bench.data.test, bench.data.val];
      const of = (split: typeof test | typeof val) => evaluate(bench.looking, here, split, 60, turn);
      const [onTest, onVal] = [await of(test), await of(val)];
      expect(value(all[i], 'test.accuracy')).toBe(onTest.correct / 60);
      expect(value(all[i], 'val.accuracy')).toBe(onVal.correct / 60);
      expect(value(all[i], 'val.loss')).toBe(onVal.loss / 60);
    }
    // Otherwise nothing would be seen of alpha.
    expect(value(all[1], 'val.loss')).not.toBe(value(all[0], 'val.loss'));
  });
  it('has, in the middle of two networks of one weight each, the loss of their mean', async () => {
    // Logits of an image are (w x, 0, 0) with x the first pixel: the loss is log(exp(wx) + 2) - (wx if the label is 0).
    const linear: Arch = network([4, 4, 1], [dense('out', 3, 'linear')]);
    const one = (w: number): NetState => {
      const from = initialState(linear, { init: 0, order: 0, method: 0 }, 0);
      const kernel = new Float32Array(48);
      kernel[0] = w;
      return { ...from, tensors: { ...from.tensors, 'out/kernel': kernel } };
    };
    const all = await points(await tinyBench(), 3, [one(2), one(-6)]);
    const { val } = tinyData();
    const losses = Array.from(val.labels, (label, i) => {
      const z = (-2 * val.pixels[16 * i]) / 255;
      return Math.log(Math.exp(z) + 2) - (label === 0 ? z : 0);
    });
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    expect(value(all[1], 'val.loss')).toBeCloseTo(mean, 6);
  });
  it('is measured once, point by point, and can be given up on the way', async () => {
    const bench = await tinyBench();
    const ends = [state(0), state(1)] as const;
    const some: PlacedRows[] = [];
    const until = async () => {
      if (some.length === 2) throw new Cancelled();
    };
    const stopped = async () => {
      for await (const point of linePoints(bench, line(4), KEYS, ends, until)) some.push(point);
    };
    await expect(stopped()).rejects.toThrow(Cancelled);
    expect(await knownLine(bench.results, line(4), KEYS)).toBeUndefined();
    const never = { ...bench, looking: undefined as never };
    const firsts: PlacedRows[] = [];
    const rest = async () => {
      for await (const point of linePoints(never, line(4), KEYS, ends, turn)) firsts.push(point);
    };
    await expect(rest()).rejects.toThrow();
    expect(firsts).toEqual(some);
    const all = await points(bench, 4, ends);
    expect(all.slice(0, 2)).toEqual(some);
    expect(await knownLine(bench.results, line(4), KEYS)).toEqual(all);
    expect(await knownLine(bench.results, line(4), ['key a', 'another'])).toBeUndefined();
    expect(await points(never, 4, ends)).toEqual(all);
  });
});

const BACKENDS: BackendId[] = ['reference', 'simd', 'cpu'];
describe.each(BACKENDS)('statistics of norms on %s', (id) => {
  const { train } = tinyData();
  it('are those that plain loops find, whatever they were before', async () => {
    const backend = await openBackend(id);
    const batches = normBatches(train.total, 7, 4);
    const norms = await openNorms(backend, normed, train, batches);
    for (const seed of [1, 2]) {
      const from = drawn(seed);
      const plain = plainNorms(from, train, batches);
      const { tensors } = await norms.measured(from, turn);
      expect(Object.keys(plain)).toEqual(['n1/mean', 'n1/variance', 'n2/mean', 'n2/variance']);
      for (const [name, t] of Object.entries(tensors)) {
        if (!plain[name]) expect(t).toEqual(from.tensors[name]);
        else for (const [i, v] of t.entries()) expect(v, `${name} ${i}`).toBeCloseTo(plain[name][i], 5);
      }
    }
    norms.dispose();
    backend.dispose();
  });
});
it('statistics of norms are PyTorch’s update_bn', () => {
  const start = initialState(normed, { init: 0, order: 0, method: 0 }, 0);
  const given = Object.entries(golden.tensors).map(([name, t]) => [name, Float32Array.from(t)]);
  const from = { ...start, tensors: { ...start.tensors, ...Object.fromEntries(given) } };
  const examples = { ...tinyData().train, pixels: Uint8Array.from(golden.pixels) };
  const batches = golden.batches.map((batch) => Uint32Array.from(batch));
  const found = plainNorms(from, examples, batches);
  for (const [name, wanted] of Object.entries(golden.after))
    for (const [i, v] of wanted.entries()) expect(found[name][i], `${name} ${i}`).toBeCloseTo(v, 5);
});

it('a line between networks with norms measures them at its ends too', async () => {
  const bench = await tinyBench('simd');
  const [a, b] = [drawn(1), drawn(2)];
  const all = await points(bench, 3, [a, b]);
  const norms = await openNorms(bench.looking.backend, normed, bench.data.train);
  for (const [i, alpha] of [0, 0.5, 1].entries()) {
    const here = await norms.measured(mixed(a, b, alpha), turn);
    const { loss } = await evaluate(bench.looking, here, bench.data.val, 60, turn);
    expect(value(all[i], 'val.loss')).toBe(loss / 60);
  }
  const asIs = await evaluate(bench.looking, a, bench.data.val, 60, turn);
  expect(value(all[0], 'val.loss')).not.toBe(asIs.loss / 60);
  norms.dispose();
});

it('batches are disjoint, and as many as there are images for', () => {
  const all = normBatches(300);
  expect(all.map(({ length }) => length)).toEqual([64, 64, 64, 64]);
  expect(new Set(all.flatMap((b) => [...b])).size).toBe(256);
  expect(normBatches(60_000)).toHaveLength(32);
  expect(normBatches(5).map((b) => [...b].sort())).toEqual([[0, 1, 2, 3, 4]]);
  expect(normBatches(300)).toEqual(all);
});

import { describe, expect, it } from 'vitest';
import golden from '../../goldens/int8.json';
import type { Machine } from '../../machine';
import { referenceMachine } from '../../reference/machine';
import { bench, noise } from '../../testing/bench';
import { checkSuite } from '../../testing/check';
import { FLAVOURS, openMachine } from '../../testing/machines';
import { difference, runCase } from '../../testing/run';
import { MOST_INPUTS } from '../coded';
import { denseResult } from '../testing/check';
import { codedSource } from '../testing/coded';
import { hasNaN } from '../testing/suite';
import type { PackSource } from '../types';
import { int8 } from './form';
import { quantizeRow } from './reference';
import { int8Suite } from './suite';

describe('int8', () => {
  checkSuite(int8Suite);

  it('is near the dense result of the effective weights', () => {
    const tests = int8Suite.filter((t) => !hasNaN(t) && !/ x (tiny|huge|with infinity)$/.test(t.label));
    expect(tests.length).toBeGreaterThan(200);
    for (const test of tests) {
      const got = runCase(referenceMachine(), test).written.y;
      // Half a step of 127 per input, against sums that may be as small as one product.
      expect(difference(got, denseResult(test), 0.05), test.label).toBeUndefined();
    }
  });

  it('cannot hold weights without codes, nor rows that overflow its sums', () => {
    const source = (inn: number, bits?: number): PackSource => ({
      shape: { in: inn, out: 1 },
      values: new Float32Array(inn),
      ...(bits && {
        codes: {
          bits,
          codes: new Uint8Array(inn),
          scales: Float32Array.of(1),
          zeros: Uint8Array.of(0),
        },
      }),
    });
    expect(int8.pack(source(5))).toBeUndefined();
    expect(int8.pack(source(5, 8))).toBeDefined();
    expect(int8.pack(source(MOST_INPUTS, 8))).toBeDefined();
    expect(int8.pack(source(MOST_INPUTS + 1, 8))).toBeUndefined();
  });
});

/** y of rows of x and a bias on a machine. */
function forward(machine: Machine, source: PackSource, xs: Float32Array, biases: Float32Array): Float32Array {
  const { shape } = source;
  const rows = xs.length / shape.in;
  const b = bench(machine);
  const places = Object.fromEntries(
    Object.entries(int8.pack(source)!).map(([name, v]) => [name, b.put(new Uint8Array(v.buffer))]),
  );
  const [x, bias, y] = [b.put(xs), b.put(biases), b.room(rows * shape.out)];
  machine.setScratch(b.room(Math.ceil(int8.scratch(machine, shape, rows) / 4)));
  int8.forward(machine, shape, x, places, bias, y, rows, false);
  return b.take(y, rows * shape.out);
}

describe.each(FLAVOURS)('int8 on %s', (flavour) => {
  it('gives a row the same bits among many', async () => {
    const machine = await openMachine(flavour);
    const { source } = codedSource({ in: 21, out: 10 }, { bits: 8 });
    const x = noise(230 * 21, 3).map((v, i) => (Math.floor(i / 21) % 11 < 6 ? Math.abs(v) : v));
    const bias = noise(10, 4);
    const all = forward(machine, source, x, bias);
    for (let i = 0; i < 230; i++) {
      const one = forward(machine, source, x.slice(i * 21, (i + 1) * 21), bias);
      expect(one).toEqual(all.slice(i * 10, (i + 1) * 10));
    }
  });

  it.each([
    [255, 0],
    [0, 255],
  ])('has room for the largest sums, code %d with zero point %d', async (code, zero) => {
    const machine = await openMachine(flavour);
    const n = MOST_INPUTS;
    const codes = { bits: 8, codes: new Uint8Array(n).fill(code), scales: Float32Array.of(1) };
    const values = new Float32Array(n).fill(code - zero);
    const source = { shape: { in: n, out: 1 }, values, codes: { ...codes, zeros: Uint8Array.of(zero) } };
    for (const sign of [1, -1]) {
      // The scale of the row is 1, so the result is the sum.
      const y = forward(machine, source, new Float32Array(n).fill(127 * sign), new Float32Array(1));
      expect(y[0]).toBe(Math.fround(sign * n * 127 * (code - zero)));
    }
  });
});

/** What `machine` makes of a golden case. */
function computed(machine: Machine, c: (typeof golden.cases)[number]): Float32Array {
  const shape = { in: c.inn, out: c.out };
  const [codes, zeros, scales] = [
    Uint8Array.from(c.codes),
    Uint8Array.from(c.zeros),
    Float32Array.from(c.scales),
  ];
  const values = Float32Array.from(codes, (code, i) => scales[i % c.out] * (code - zeros[i % c.out]));
  const source = { shape, values, codes: { bits: c.bits, codes, scales, zeros } };
  return forward(machine, source, Float32Array.from(c.x), Float32Array.from(c.bias));
}

describe(`int8 as ${golden.source}`, () => {
  for (const c of golden.cases) {
    const name = `${c.rows} rows, ${c.inn} -> ${c.out}, ${c.bits} bits`;
    it(`${name}: codes of rows`, () => {
      for (let i = 0; i < c.rows; i++) {
        const { codes } = quantizeRow(Float32Array.from(c.x.slice(i * c.inn, (i + 1) * c.inn)));
        expect([...codes]).toEqual(c.xcodes.slice(i * c.inn, (i + 1) * c.inn));
      }
    });
    it(`${name}: plain reference`, () => {
      expect([...computed(referenceMachine(), c)]).toEqual([...Float32Array.from(c.y)]);
    });
    it.each(FLAVOURS)(`${name}: %s`, async (flavour) => {
      expect([...computed(await openMachine(flavour), c)]).toEqual([...Float32Array.from(c.y)]);
    });
  }
});

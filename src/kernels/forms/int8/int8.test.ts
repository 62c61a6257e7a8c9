import { describe, expect, it } from 'vitest';
import golden from '../../goldens/int8.json';
import type { Machine } from '../../machine';
import { referenceMachine } from '../../reference/machine';
import { bench } from '../../testing/bench';
import { checkSuite } from '../../testing/check';
import { FLAVOURS, openMachine } from '../../testing/machines';
import { difference, runCase } from '../../testing/run';
import { MOST_INPUTS } from '../coded';
import { denseResult } from '../testing/check';
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

/** What `machine` makes of a golden case. */
function computed(machine: Machine, c: (typeof golden.cases)[number]): Float32Array {
  const shape = { in: c.inn, out: c.out };
  const [codes, zeros, scales] = [
    Uint8Array.from(c.codes),
    Uint8Array.from(c.zeros),
    Float32Array.from(c.scales),
  ];
  const values = Float32Array.from(codes, (code, i) => scales[i % c.out] * (code - zeros[i % c.out]));
  const packed = int8.pack({ shape, values, codes: { bits: c.bits, codes, scales, zeros } })!;
  const b = bench(machine);
  const places = Object.fromEntries(
    Object.entries(packed).map(([name, v]) => [name, b.put(new Uint8Array(v.buffer))]),
  );
  const [x, bias, y] = [
    b.put(Float32Array.from(c.x)),
    b.put(Float32Array.from(c.bias)),
    b.room(c.rows * c.out),
  ];
  machine.setScratch(b.room(Math.ceil(int8.scratch(machine, shape, c.rows) / 4)));
  int8.forward(machine, shape, x, places, bias, y, c.rows, false);
  return b.take(y, c.rows * c.out);
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

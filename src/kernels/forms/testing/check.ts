/** Turns a suite of a form into tests: on every executor against the plain reference, and that against denseForward. */
import { describe, expect, it } from 'vitest';
import { referenceMachine } from '../../reference/machine';
import type { Flavour } from '../../simd/load';
import { bench, noise } from '../../testing/bench';
import { checkSuite } from '../../testing/check';
import { openMachine } from '../../testing/machines';
import { difference, runCase } from '../../testing/run';
import type { Form } from '../types';
import { type FormCase, hasNaN, sparseKernel } from './suite';

/** What the plain reference makes of the effective weights. */
export function denseResult(test: FormCase): Float32Array {
  const { source, rows, relu } = test.shape;
  const { x, bias } = test.operands;
  const machine = referenceMachine();
  const b = bench(machine);
  const [xAt, w] = [b.put(x.data as Float32Array), b.put(source.values)];
  const biasAt = bias ? b.put(bias.data as Float32Array) : 0;
  const y = b.room(rows * source.shape.out);
  machine.denseForward(source.shape, xAt, w, biasAt, y, rows, relu);
  return b.take(y, rows * source.shape.out);
}

/** @param tolerance from the dense result, as a share of its largest magnitude; default that of each case */
export function checkForm(form: Form, suite: readonly FormCase[], tolerance?: number): void {
  describe(form.id, () => {
    checkSuite(suite);
    describe('as denseForward of the effective weights', () => {
      for (const test of suite.filter((t) => !hasNaN(t))) {
        it(test.label, () => {
          const got = runCase(referenceMachine(), test).written.y;
          expect(difference(got, denseResult(test), tolerance ?? test.tolerance)).toBeUndefined();
        });
      }
    });
  });
}

/** A row of x gives the same bits in every batch, few inputs or many. */
export async function sameBits(form: Form, flavour: Flavour): Promise<void> {
  const machine = await openMachine(flavour);
  for (const shape of [
    { in: 61, out: 19 },
    { in: 1300, out: 10 },
  ]) {
    const packed = form.pack({ shape, values: sparseKernel(shape, 0.8) })!;
    const first = (rows: number) => {
      const b = bench(machine);
      const places = Object.fromEntries(Object.entries(packed).map(([name, v]) => [name, b.put(v)]));
      const [x, bias] = [b.put(noise(60 * shape.in, 1)), b.put(noise(shape.out, 2))];
      const y = b.room(rows * shape.out);
      machine.setScratch(b.room(Math.ceil(form.scratch(machine, shape, rows) / 4)));
      form.forward(machine, shape, x, places, bias, y, rows, true);
      return b.take(y, shape.out);
    };
    const want = first(60);
    for (const rows of [1, 2, 3, 5, 8, 9, 17]) expect(first(rows)).toEqual(want);
  }
}

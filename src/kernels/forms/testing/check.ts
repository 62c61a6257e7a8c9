/** Turns a suite of a form into tests: on every executor against the plain reference, and that against denseForward. */
import { describe, expect, it } from 'vitest';
import { referenceMachine } from '../../reference/machine';
import { bench } from '../../testing/bench';
import { checkSuite } from '../../testing/check';
import { difference, runCase } from '../../testing/run';
import type { Form } from '../types';
import { type FormCase, hasNaN } from './suite';

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

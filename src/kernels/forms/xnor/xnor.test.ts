import { describe, expect, it } from 'vitest';
import { referenceMachine } from '../../reference/machine';
import { noise } from '../../testing/bench';
import { checkSuite } from '../../testing/check';
import { runCase } from '../../testing/run';
import { denseResult } from '../testing/check';
import { codedSource } from '../testing/coded';
import { xnor } from './form';
import { xnorSuite } from './suite';

describe('xnor', () => {
  checkSuite(xnorSuite);

  it('is the dense result where all of a row has one magnitude', () => {
    const plain = xnorSuite.filter((test) => /33 -> 9/.test(test.label) && !/NaN|zeros/.test(test.label));
    expect(plain.length).toBeGreaterThan(5);
    for (const test of plain) {
      const x = (test.operands.x.data as Float32Array).map((v) => (v >= 0 ? 0.75 : -0.75));
      const flat = { ...test, operands: { ...test.operands, x: { data: x } } };
      const [got, want] = [runCase(referenceMachine(), flat).written.y, denseResult(flat)];
      got.forEach((v, i) => {
        expect(v).toBeCloseTo(want[i], 5);
      });
    }
  });

  it('has no sign for pruned weights and takes one bit only', () => {
    const shape = { in: 40, out: 3 };
    expect(xnor.pack(codedSource(shape, { bits: 1 }).source)).toBeDefined();
    expect(xnor.pack(codedSource(shape, { bits: 1, pruned: 0.1 }).source)).toBeUndefined();
    expect(xnor.pack(codedSource(shape, { bits: 2 }).source)).toBeUndefined();
    expect(xnor.pack({ shape, values: noise(120, 1) })).toBeUndefined();
  });
});

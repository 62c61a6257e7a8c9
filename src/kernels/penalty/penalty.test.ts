import { describe, expect, it } from 'vitest';
import type { Machine } from '../machine';
import { referenceMachine } from '../reference/machine';
import { bench, noise } from '../testing/bench';
import { checkSuite } from '../testing/check';
import { FLAVOURS, openMachine } from '../testing/machines';
import { penaltySuite } from './suite';

checkSuite(penaltySuite);

const fast = await Promise.all(FLAVOURS.map(async (f) => [f, await openMachine(f)] as [string, Machine]));
const machines: [string, Machine][] = [['reference', referenceMachine()], ...fast];

describe.each(machines)('%s', (_name, machine) => {
  it('soft threshold: by hand, zeros are +0, what equals the threshold goes', () => {
    const b = bench(machine);
    const w = b.put(Float32Array.of(1, -1, 0.25, -0.25, 0.125, -0.5, -0));
    machine.softThreshold(w, 7, 0.25);
    const got = [...b.take(w, 7)];
    expect(got).toEqual([0.75, -0.75, 0, 0, 0, -0.25, 0]);
    expect(got.some((x) => Object.is(x, -0))).toBe(false);
  });
  it('soft threshold minimizes (x - w)^2 / 2 + t |x| over x', () => {
    const [b, t] = [bench(machine), 0.3];
    const before = noise(40, 9);
    const at = b.put(before);
    machine.softThreshold(at, 40, t);
    const cost = (x: number, w: number) => (x - w) ** 2 / 2 + t * Math.abs(x);
    b.take(at, 40).forEach((x, i) => {
      for (const d of [-0.01, 0.01]) expect(cost(x, before[i])).toBeLessThan(cost(x + d, before[i]));
    });
  });
  it('columns: one of length 5 loses t sqrt(rows) of it, in its own direction', () => {
    const b = bench(machine);
    // Columns (3, 4) and (0.3, 0.4), t sqrt(2) = 1.
    const w = b.put(Float32Array.of(3, 0.3, 4, 0.4));
    machine.shrinkColumns(w, 2, 2, Math.SQRT1_2);
    const got = b.take(w, 4);
    [2.4, 0, 3.2, 0].forEach((x, i) => {
      expect(got[i]).toBeCloseTo(x, 6);
    });
    expect(got[1]).toBe(0);
  });
  it('the gradient of |w| has size `strength` and pulls towards zero; a zero stays where it is', () => {
    const b = bench(machine);
    const [g, w] = [b.put(Float32Array.of(1, 1, 1, 1)), b.put(Float32Array.of(2, -1e-30, 0, -0))];
    machine.l1Gradient(g, w, 4, 0.5);
    expect([...b.take(g, 4)]).toEqual([1.5, 0.5, 1, 1]);
  });
});

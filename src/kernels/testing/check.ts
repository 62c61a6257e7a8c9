/** Turns a suite into tests: every SIMD build against the plain reference, and against itself. */
import { describe, expect, it } from 'vitest';
import { referenceMachine } from '../reference/machine';
import { FLAVOURS, openMachine } from './machines';
import { differences, runCase } from './run';
import type { OpCase } from './suite';

const machines = await Promise.all(FLAVOURS.map(async (f) => [f, await openMachine(f)] as const));

export function checkSuite(suite: readonly OpCase[]): void {
  const labels = suite.map(({ op, label }) => `${op}: ${label}`);
  it('has a name for every case', () => expect(new Set(labels).size).toBe(suite.length));
  it.each(suite)('reference: $op: $label', (test) => {
    expect(runCase(referenceMachine(), test).trespasses).toEqual([]);
  });
  describe.each(machines)('%s', (_flavour, machine) => {
    it.each(suite)('$op: $label', (test) => {
      const got = runCase(machine, test);
      expect(got.trespasses).toEqual([]);
      expect(differences(test, got, runCase(referenceMachine(), test))).toEqual([]);
      // Elsewhere in memory and after other work: the same bits.
      expect(runCase(machine, test, 16)).toEqual(got);
    });
  });
}

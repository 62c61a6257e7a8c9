/** Turns a suite into tests: every SIMD build against the plain reference, and against itself. */
import { describe, expect, it } from 'vitest';
import { referenceMachine } from '../reference/machine';
import { FLAVOURS, openMachine } from './machines';
import { differences, identical, type Results, runCase } from './run';
import type { OpCase } from './suite';

const machines = await Promise.all(FLAVOURS.map(async (f) => [f, await openMachine(f)] as const));

export function checkSuite(suite: readonly OpCase[]): void {
  const name = ({ op, label }: OpCase) => `${op}: ${label}`;
  // The reference is slow, so each case is computed once.
  const computed = new Map<OpCase, Results>();
  const wanted = (test: OpCase): Results => {
    const results = computed.get(test) ?? runCase(referenceMachine(), test);
    computed.set(test, results);
    return results;
  };
  it('has a name for every case', () => expect(new Set(suite.map(name)).size).toBe(suite.length));
  describe('reference', () => {
    for (const test of suite) it(name(test), () => expect(wanted(test).trespasses).toEqual([]));
  });
  describe.each(machines)('%s', (_flavour, machine) => {
    for (const test of suite) {
      it(name(test), () => {
        const got = runCase(machine, test);
        expect(got.trespasses).toEqual([]);
        expect(differences(test, got, wanted(test))).toEqual([]);
        // Elsewhere in memory and after other work: the same bits.
        expect(identical(runCase(machine, test, 16), got)).toBe(true);
      });
    }
  });
}

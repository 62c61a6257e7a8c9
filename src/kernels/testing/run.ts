/** Runs a case on a machine, and compares results. No test library: browsers use it, too. */
import type { Machine } from '../machine';
import type { Ptr } from '../memory';
import type { OpCase, Operand, Scalars, Values } from './suite';

export interface Results {
  /** The operands that the op wrote, by name. */
  written: Record<string, Values>;
  scalars: Scalars;
  /** What it wrote to and should not have: names of operands, `behind` a name for the room after it. */
  trespasses: string[];
}
/** Ops may read this far beyond a buffer, and must leave it as it is. */
const SLACK = 64;
const JUNK = 0x7e;

/** @param shift extra bytes before the first operand, a multiple of 16: results must not depend on it */
export function runCase(machine: Machine, test: OpCase, shift = 0): Results {
  let next = Math.ceil(machine.base / 64) * 64 + shift;
  const room = (bytes: number): Ptr => {
    const at = next;
    next = Math.ceil((next + bytes + SLACK) / 16) * 16;
    machine.reserve(next);
    machine.bytes.fill(JUNK, at, next);
    return at;
  };
  const names = Object.keys(test.operands);
  const at = Object.fromEntries(names.map((name) => [name, room(test.operands[name].data.byteLength)]));
  for (const name of names) machine.bytes.set(bytesOf(test.operands[name].data), at[name]);
  const scalars = test.onMachine(machine, at, room) ?? {};
  const read = (name: string, from = 0, bytes = test.operands[name].data.byteLength) =>
    machine.bytes.slice(at[name] + from, at[name] + from + bytes);
  const trespasses = names.filter((name) => {
    const { data, out } = test.operands[name];
    return !out && !sameBytes(read(name), bytesOf(data));
  });
  for (const name of names) {
    if (read(name, test.operands[name].data.byteLength, SLACK).some((v) => v !== JUNK)) {
      trespasses.push(`behind ${name}`);
    }
  }
  const outputs = names.filter((name) => test.operands[name].out);
  const written = Object.fromEntries(
    outputs.map((name) => [name, valuesOf(read(name), test.operands[name])] as const),
  );
  return { written, scalars, trespasses };
}

/** What is wrong with the results, each as a sentence; empty when they agree. */
export function differences(test: OpCase, got: Omit<Results, 'trespasses'>, want: Results): string[] {
  const found: string[] = [];
  for (const [name, values] of Object.entries(want.written)) {
    const problem = difference(got.written[name], values, test.tolerance);
    if (problem) found.push(`${name}${problem}`);
  }
  for (const [name, value] of Object.entries(want.scalars)) {
    const problem = difference([got.scalars[name]], [value], test.tolerance);
    if (problem) found.push(`${name}${problem}`);
  }
  return found;
}

/** The first value that is off by more than `tolerance` of the largest, or undefined. */
export function difference(
  got: ArrayLike<number> | undefined,
  want: ArrayLike<number>,
  tolerance: number,
): string | undefined {
  if (got?.length !== want.length) return ` has ${got?.length ?? 'no'} values instead of ${want.length}`;
  let top = 0;
  for (let i = 0; i < want.length; i++) if (Number.isFinite(want[i])) top = Math.max(top, Math.abs(want[i]));
  for (let i = 0; i < want.length; i++) {
    if (got[i] === want[i] || Object.is(got[i], want[i])) continue;
    if (tolerance > 0 && Math.abs(got[i] - want[i]) <= tolerance * top) continue;
    return `[${i}] is ${got[i]} instead of ${want[i]} (tolerance ${tolerance} of ${top})`;
  }
}

/** Whether two runs gave the same bits. */
export const identical = (a: Results, b: Results): boolean =>
  Object.keys(a.written).every((name) => sameBytes(bytesOf(a.written[name]), bytesOf(b.written[name]))) &&
  Object.keys(a.scalars).every((name) => Object.is(a.scalars[name], b.scalars[name]));

const bytesOf = (data: Values): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((v, i) => v === b[i]);

function valuesOf(bytes: Uint8Array, { data }: Operand): Values {
  if (data instanceof Float32Array) return new Float32Array(bytes.buffer);
  return data instanceof Uint32Array ? new Uint32Array(bytes.buffer) : bytes;
}

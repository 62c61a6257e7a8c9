/**
 * What a suite is made of: the cases of one op as data, so that every executor can be held against the plain
 * reference by the same numbers: machines through `onMachine` (run.ts), compiled kernels by operand name.
 */
import type { Machine } from '../machine';
import type { Ptr } from '../memory';

export type Values = Float32Array | Uint8Array | Uint32Array;

export interface Operand {
  /** Content before the op runs; of an operand that is only written, junk that must not show in the result. */
  data: Values;
  /** The op writes it. Everything else must be left as it was. */
  out?: true;
}
/** Gives up to `bytes` of working room, for packed weights and scratch. */
export type Room = (bytes: number) => Ptr;
/** Numbers that an op returns rather than writes, by name. */
export type Scalars = Record<string, number>;

/** `Op` is a name in `Machine`; `Shape` holds all that is not an operand: sizes, batch, relu, rates. */
export interface OpCase<Op extends keyof Machine = keyof Machine, Shape = unknown> {
  op: Op;
  label: string;
  shape: Shape;
  /** By the names of the contract's arguments. An op that works in place has one operand for both. */
  operands: Record<string, Operand>;
  onMachine(m: Machine, at: Record<string, Ptr>, room: Room): Scalars | undefined;
  /**
   * Largest difference from the reference that an output may have, as a share of the output's largest finite
   * magnitude. 0: the same numbers. NaN must be where the reference has NaN, infinities too; -0 is as good as 0.
   */
  tolerance: number;
}
/** What float sums of moderate length, in any order, stay within. */
export const ROUNDING = 2e-6;

/** An operand that is read only. */
export const given = (data: Values): Operand => ({ data });
/** An operand read and written. */
export const changed = (data: Values): Operand => ({ data, out: true });
/** An operand of n floats that is written only. */
export const made = (n: number): Operand => ({ data: new Float32Array(n).fill(1e30), out: true });
/** The same of whole numbers. */
export const madeWhole = (n: number): Operand => ({ data: new Uint32Array(n).fill(0xdeadbeef), out: true });

/** `values` with every `every`-th from `from` on replaced. */
export const planted = (values: Float32Array, from: number, every: number, value: number): Float32Array =>
  values.map((v, i) => (i >= from && (i - from) % every === 0 ? value : v));

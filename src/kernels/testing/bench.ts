/** Runs one op on one machine: puts arrays into its memory, calls the op, reads the result. */
import type { Machine } from '../machine';
import type { Ptr } from '../memory';
import type { Values } from './suite';

export interface Bench {
  machine: Machine;
  put(values: Values): Ptr;
  /** Room for n floats, filled with a value that no op may leave behind or read. */
  room(n: number): Ptr;
  take(at: Ptr, n: number): Float32Array;
}
const JUNK = 1e30;
/** Ops may read this far beyond a buffer. */
const SLACK = 64;

/** A fresh bench: everything put before is given up. */
export function bench(machine: Machine): Bench {
  let next = Math.ceil(machine.base / 64) * 64;
  const place = (bytes: number): Ptr => {
    const at = next;
    next = Math.ceil((next + bytes + SLACK) / 64) * 64;
    machine.reserve(next);
    machine.floats.fill(JUNK, at / 4, next / 4);
    return at;
  };
  return {
    machine,
    put(values) {
      const at = place(values.byteLength);
      if (values instanceof Float32Array) machine.floats.set(values, at / 4);
      else machine.bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
      return at;
    },
    room: (n) => place(n * 4),
    take: (at, n) => machine.floats.slice(at / 4, at / 4 + n),
  };
}

/** Uniform in [-1, 1), the same for every seed everywhere. */
export function noise(n: number, seed: number): Float32Array {
  let state = (seed * 2654435761) >>> 0;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
/** Of the same noise, all but about `density` of the values are zero. */
export const sparse = (n: number, seed: number, density: number): Float32Array =>
  noise(n, seed).map((v, i) => ((i * 7919 + seed * 104729) % 1000 < density * 1000 ? v : 0));

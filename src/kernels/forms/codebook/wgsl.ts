/** Shared values on the GPU: four outputs' indices are a word. */
import type { DenseShape } from '../../dense/contract';
import { productStep } from '../product';
import type { GpuCall, GpuVariant } from '../types';

export function codebookVariants(s: DenseShape, bits: 4 | 8, call: GpuCall): GpuVariant[] {
  const name = `indices${bits}`;
  const each = bits === 4 ? 2 : 1;
  const steps = Math.ceil(s.in / each);
  const value = (shift: number) => `table[(word >> ${shift}u) & ${2 ** bits - 1}u]`;
  const values = (shift: number) =>
    `vec4<f32>(${[0, 8, 16, 24].map((lane) => value(lane + shift)).join(', ')})`;
  const step = productStep({
    label: `codebook ${s.in}-${s.out}`,
    shape: s,
    call,
    bindings: [
      ['x', 'f32', 'read'],
      ['table', 'f32', 'read'],
      [name, 'u32', 'read'],
    ],
    sums: 'vec4<f32>',
    steps,
    unpack: `let word = ${name}[(o4 / 4u * ${steps}u + k) * 4u + o4 % 4u];
    ${Array.from({ length: each }, (_, j) => `let w${j} = ${values(4 * j)};`).join(' ')}`,
    add(sum, row) {
      const at = `${row} * ${s.in}u + ${each}u * k`;
      if (each === 1) return `${sum} += x[${at}] * w0;`;
      const second = `x[${at} + 1u]`;
      // The other half of the last odd input is anything.
      const last = s.in % 2 ? `select(0.0, ${second}, 2u * k + 1u < ${s.in}u)` : second;
      return `${sum} += x[${at}] * w0 + ${last} * w1;`;
    },
    finish: (sum) => sum,
  });
  return [{ label: `${bits} bits`, scratch: {}, steps: [step] }];
}

/** N:M sparsity on the GPU. */
import type { DenseShape } from '../../dense/contract';
import type { GpuCall, GpuVariant } from '../types';
import { type VectorWalk, vectorVariants } from '../vectors';
import { indexBits, type Pattern, slotsOf } from './contract';

function walkOf(s: DenseShape, pattern: Pattern): VectorWalk {
  const { n, m } = pattern;
  const slots = slotsOf(s.in, pattern);
  const bits = indexBits(m);
  const word = bits === 2 ? 'indices[b / 4u] >> (8u * (b % 4u))' : 'indices[b]';
  const lane = (i: number) => `let k${i} = base + ((word >> ${i * bits}u) & ${2 ** bits - 1}u);`;
  return {
    label: `${n}:${m}`,
    packed: [
      ['values', 'vec4<f32>', 'read'],
      ['indices', 'u32', 'read'],
    ],
    setup: `let g = p;
  let first = p * ${slots}u;
  let last = first + ${slots}u;`,
    step: `let word = ${word};
    let base = (b - p * ${slots}u) / ${n}u * ${m}u;
    ${[0, 1, 2, 3].map(lane).join('\n    ')}
    let w = values[b];`,
    inputs: ['k0', 'k1', 'k2', 'k3'],
  };
}

export const nmVariants = (s: DenseShape, pattern: Pattern, call: GpuCall): GpuVariant[] =>
  vectorVariants(walkOf(s, pattern), s, call);

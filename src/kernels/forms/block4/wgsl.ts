/** 4x1 blocks on the GPU. */
import type { DenseShape } from '../../dense/contract';
import type { Buffers, GpuCall, GpuVariant } from '../types';
import { type VectorWalk, vectorVariants } from '../vectors';

const walk: VectorWalk = {
  label: '4x1 blocks',
  packed: [
    ['order', 'u32', 'read'],
    ['starts', 'u32', 'read'],
    ['columns', 'u32', 'read'],
    ['values', 'vec4<f32>', 'read'],
  ],
  setup: `let g = order[p];
  let first = starts[p];
  let last = starts[p + 1u];`,
  step: `let k = (columns[b / 2u] >> (16u * (b % 2u))) & 0xffffu;
    let w = values[b];`,
  inputs: ['k'],
};

export const block4Variants = (s: DenseShape, _packed: Buffers, call: GpuCall): GpuVariant[] =>
  vectorVariants(walk, s, call);

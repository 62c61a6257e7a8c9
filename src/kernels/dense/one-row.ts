/** A dense layer of one row on the GPU: what the tiles of matrix products leave a card idle with. */
import type { GpuVariant } from '../forms/types';
import { type VectorWalk, vectorVariants } from '../forms/vectors';
import { element, four, vectors } from '../webgpu/kernel';
import type { DenseShape } from './contract';

/** Bindings x, `kernel` [in, out], y and, if there is one, bias. */
export function denseOneRow(s: DenseShape, biased: boolean, relu: boolean): GpuVariant[] {
  const vec = vectors(s.out);
  const walk: VectorWalk = {
    label: 'dense',
    packed: [['kernel', element(vec), 'read']],
    setup: `let g = p;
  let first = 0u;
  let last = ${s.in}u;`,
    // Where outputs do not fill the last vector it holds weights of the next input, whose sums are not put anywhere.
    step: `let w = ${four('kernel', vec, `b * ${s.out}u + 4u * g`)};`,
    inputs: ['b'],
  };
  const features = { f16: false, packedDot: false };
  return vectorVariants(walk, s, { images: 1, perImage: 1, biased, relu, features });
}

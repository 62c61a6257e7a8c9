/** Mean gradient of the loss by every weight. */

import type { Machine } from '../../kernels/machine';
import type { Ptr } from '../../kernels/memory';
import type { Tensors } from '../../models/types';
import { convShape, depthwiseShape } from '../backends/layout';
import type { Plan, Slot } from '../backends/plan';
import type { Back, Chunk, Gauge, GaugeOf } from './types';

const FLOAT = 4;

/** Sums of chunks by kernel, in double precision: chunks are short enough for single. */
export class Sums {
  readonly #sums: { readonly slot: Slot; readonly sum: Float64Array }[];
  constructor(plan: Plan) {
    this.#sums = plan.stages.flatMap(({ kernel }) =>
      kernel ? [{ slot: kernel, sum: new Float64Array(kernel.length) }] : [],
    );
  }
  /** Adds what lies at `at`, one float per weight of the kernel; `how` it counts: as it is, its size, its square. */
  add(slot: Slot, { floats }: Machine, at: Ptr, how: 'plain' | 'size' | 'square' = 'plain'): void {
    const { sum } = this.#sums.find((s) => s.slot.name === slot.name)!;
    const from = at / FLOAT;
    if (how === 'plain') for (let i = 0; i < sum.length; i++) sum[i] += floats[from + i];
    else if (how === 'size') for (let i = 0; i < sum.length; i++) sum[i] += Math.abs(floats[from + i]);
    else for (let i = 0; i < sum.length; i++) sum[i] += floats[from + i] * floats[from + i];
  }
  mean(images: number): Tensors {
    const mean = (sum: Float64Array) => Float32Array.from(sum, (s) => s / images);
    return Object.fromEntries(this.#sums.map(({ slot, sum }) => [slot.name, mean(sum)]));
  }
}

/** Gradient of the kernel, summed over `images` images of the stage's input and gradient, to `dw`. */
export function kernelGradient(
  machine: Machine,
  { stage: { layer } }: Pick<Back, 'stage'>,
  x: Ptr,
  dy: Ptr,
  dw: Ptr,
  images: number,
): void {
  if (layer.kind === 'dense') machine.denseBackwardWeights(layer, x, dy, dw, images);
  else if (layer.kind === 'conv') machine.convBackwardWeights(convShape(layer), x, dy, dw, images);
  else if (layer.kind === 'depthwise') {
    machine.depthwiseBackwardWeights(depthwiseShape(layer), x, dy, dw, images);
  }
}

/** Mean over the images of dL_i/dw. */
export const gradient: GaugeOf<'gradient'> = (plan): Gauge<Tensors> => {
  const sums = new Sums(plan);
  return {
    add(chunk) {
      chunk.backward((back) => {
        const { kernel } = back.stage;
        if (!kernel) return;
        kernelGradient(chunk.machine, back, back.x, back.dy, chunk.gradients, chunk.count);
        sums.add(kernel, chunk.machine, chunk.gradients);
      });
    },
    result: (images) => sums.mean(images),
  };
};

/**
 * Mean over the images of f(dL_i/dw), f being the size or the square, image by image.
 *
 * A dense layer's gradient is a product, x_a * delta_b, and so f of it is f(x_a) * f(delta_b): one product of matrices
 * for the whole chunk. A convolution adds up positions first and f comes after, so that every image has its turn.
 */
export const perImage =
  (how: 'size' | 'square') =>
  (plan: Plan): Gauge<Tensors> => {
    const sums = new Sums(plan);
    const add = (chunk: Chunk, back: Back, kernel: Slot) =>
      back.stage.layer.kind === 'dense'
        ? addDense(sums, chunk, back, kernel, how)
        : addImages(sums, chunk, back, kernel, how);
    return {
      add(chunk) {
        chunk.backward((back) => {
          if (back.stage.kernel) add(chunk, back, back.stage.kernel);
        });
      },
      result: (images) => sums.mean(images),
    };
  };

function addDense(sums: Sums, chunk: Chunk, back: Back, kernel: Slot, how: 'size' | 'square'): void {
  const { machine, count, gradients } = chunk;
  const { inSize, outSize } = back.stage;
  const [x, dy] = chunk.scratch(count * inSize, count * outSize);
  const { floats } = machine;
  const copy = (from: Ptr, to: Ptr, n: number) => {
    const [a, b] = [from / FLOAT, to / FLOAT];
    if (how === 'size') for (let i = 0; i < n; i++) floats[b + i] = Math.abs(floats[a + i]);
    else for (let i = 0; i < n; i++) floats[b + i] = floats[a + i] * floats[a + i];
  };
  copy(back.x, x, count * inSize);
  copy(back.dy, dy, count * outSize);
  kernelGradient(machine, back, x, dy, gradients, count);
  sums.add(kernel, machine, gradients);
}

function addImages(sums: Sums, chunk: Chunk, back: Back, kernel: Slot, how: 'size' | 'square'): void {
  const { machine, count, gradients } = chunk;
  const { inSize, outSize } = back.stage;
  // Kernels want their operands aligned.
  const [x, dy] = chunk.scratch(inSize, outSize);
  const { bytes } = machine;
  const copy = (from: Ptr, to: Ptr, size: number, i: number) =>
    bytes.copyWithin(to, from + i * size * FLOAT, from + (i + 1) * size * FLOAT);
  for (let i = 0; i < count; i++) {
    copy(back.x, x, inSize, i);
    copy(back.dy, dy, outSize, i);
    kernelGradient(machine, back, x, dy, gradients, 1);
    sums.add(kernel, machine, gradients, how);
  }
}

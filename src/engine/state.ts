/** Where a network begins, and what of it is executed. */
import { executed } from '../methods/fake-quant';
import type { MethodContext } from '../methods/types';
import { biasName, channels, kernelName, kernelShape, kernelSize, weightLayers } from '../models/build';
import type { Arch, NetState, Tensors, WeightLayer, Weights } from '../models/types';
import type { Seeds } from '../spec/types';
import { normals, stream } from './rng';

/** The untrained network: Glorot normal kernels from `seeds.init`, zero biases, nothing masked or quantized. */
export function initialState(arch: Arch, seeds: Seeds, replicate: number): NetState {
  const tensors = draw(arch, (name) => stream(seeds.init, 'init', replicate, name));
  return { arch, tensors, masks: {}, quant: {}, start: tensors, trainings: 0, steps: 0 };
}

/**
 * Fresh tensors from the same distribution, from `seeds.method`: different for every `draw` and from the
 * initial ones.
 */
export const redraw = (arch: Arch, seeds: Seeds, replicate: number, number: number): Tensors =>
  draw(arch, (name) => stream(seeds.method, 'redraw', replicate, number, name));

/** What a method may ask for while it acts on a network of this architecture. */
export const methodContext = (arch: Arch, seeds: Seeds, replicate: number): MethodContext => ({
  redraw: (number) => redraw(arch, seeds, replicate, number),
});

/** Tensors as executed: kernels masked and quantized, biases as they are. Shared where nothing changes. */
export function effective(arch: Arch, weights: Weights): Tensors {
  const out: Record<string, Float32Array> = { ...weights.tensors };
  for (const layer of weightLayers(arch)) out[kernelName(layer)] = executed(weights, layer).values;
  return out;
}

/** Standard deviation sqrt(2 / (fan in + fan out)); fans of a convolution count its kernel area. */
export function glorot(layer: WeightLayer): number {
  const shape = kernelShape(layer);
  const [fanIn, fanOut] = shape.slice(-2);
  const area = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  return Math.sqrt(2 / (area * (fanIn + fanOut)));
}

function draw(arch: Arch, rng: (name: string) => ReturnType<typeof stream>): Tensors {
  const tensors: Record<string, Float32Array> = {};
  for (const layer of weightLayers(arch)) {
    const name = kernelName(layer);
    tensors[name] = normals(rng(name), kernelSize(layer), glorot(layer));
    if (layer.bias) tensors[biasName(layer)] = new Float32Array(channels(layer));
  }
  return tensors;
}

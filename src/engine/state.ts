/** Where a network begins, and what of it is executed. */
import { executed } from '../methods/fake-quant';
import type { MethodContext, Note } from '../methods/types';
import { kernelName, kernelShape, weightLayers } from '../models/build';
import { NORM_START, type TensorInfo, tensorsOf } from '../models/tensors';
import type { Arch, NetState, Tensors, WeightLayer, Weights } from '../models/types';
import type { Seeds } from '../spec/types';
import { heldNetwork } from './network-file';
import { normals, stream, uniform } from './rng';

/**
 * The untrained network: Glorot normal kernels from `seeds.init`, zero biases, norms that only normalise, nothing
 * masked or quantized.
 */
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

/**
 * What a method may ask for while it acts on a network of this architecture.
 * @param evidence what was measured of the state it acts on; absent: nothing was
 */
export const methodContext = (
  arch: Arch,
  seeds: Seeds,
  replicate: number,
  evidence: MethodContext['evidence'] = nothing,
  note: (note: Note) => void = () => {},
): MethodContext => ({
  redraw: (number, of = arch) => redraw(of, seeds, replicate, number),
  file: heldNetwork,
  uniform(n, ...names) {
    const next = uniform(stream(seeds.method, 'uniform', replicate, ...names));
    return Float32Array.from({ length: n }, next);
  },
  evidence,
  note,
});
const nothing = (kind: string): never => {
  throw new Error(`${kind} was not asked for`);
};

/** Tensors as executed: kernels masked and quantized, biases and norms as they are. Shared where nothing changes. */
export function effective(arch: Arch, weights: Weights): Tensors {
  const out: Record<string, Float32Array> = { ...weights.tensors };
  for (const layer of weightLayers(arch)) out[kernelName(layer)] = executed(weights, layer).values;
  return out;
}

/**
 * Standard deviation sqrt(2 / (fan in + fan out)). Fans of a convolution count its kernel area; each filter of a
 * depthwise one reads and feeds a single channel.
 */
export function glorot(layer: WeightLayer): number {
  if (layer.kind === 'depthwise') return Math.sqrt(2 / (2 * layer.kernel ** 2));
  const shape = kernelShape(layer);
  const [fanIn, fanOut] = shape.slice(-2);
  const area = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  return Math.sqrt(2 / (area * (fanIn + fanOut)));
}

function draw(arch: Arch, rng: (name: string) => ReturnType<typeof stream>): Tensors {
  const start = (tensor: TensorInfo): Float32Array => {
    const { name, length, role } = tensor;
    if (role === 'kernel') return normals(rng(name), length, glorot(tensor.layer));
    return new Float32Array(length).fill(role === 'bias' ? 0 : NORM_START[role]);
  };
  return Object.fromEntries(tensorsOf(arch).map((tensor) => [tensor.name, start(tensor)]));
}

/** Networks for tests: small, of every layer kind, with weights that have nothing to do with ours. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import {
  add,
  batchnorm,
  conv,
  dense,
  depthwise,
  globalpool,
  kernelName,
  kernelShape,
  kernelSize,
  maxpool,
  network,
  weightLayers,
} from '../models/build';
import { modelById } from '../models/registry';
import { tensorsOf } from '../models/tensors';
import type { Arch, NetState, Size, Tensors, WeightLayer } from '../models/types';
import type { EvidenceOf, UnitActivity } from './evidence';
import type { MethodContext, Note } from './types';

export const smallArch = network(
  [8, 8, 1],
  [
    conv('conv1', { filters: 3, kernel: 3 }),
    maxpool('pool1', 2),
    dense('fc1', 12),
    dense('out', 5, 'linear'),
  ],
);
export const lenet = modelById('lenet-300-100').build([28, 28, 1], 10);

/**
 * Every kind of layer with parameters, an addition and two readers of one value; with the last layer dense.
 * @param filters of the convolution, which all but the dense layers keep
 */
export const graphOf = (input: Size, filters: number, units: number, classes: number): Arch =>
  network(input, [
    conv('conv1', { filters, kernel: 3, padding: 'same', bias: false, activation: 'linear' }),
    batchnorm('bn1'),
    depthwise('dw', { kernel: 3, padding: 'same', activation: 'linear' }),
    batchnorm('bn2', 'linear'),
    add('sum', 'bn1'),
    globalpool('pool'),
    dense('fc1', units),
    dense('out', classes, 'linear'),
  ]);
export const graphArch = graphOf([8, 8, 2], 4, 6, 5);

/** Uniform in [-1, 1), biases and norms too; variances are made positive. */
export function randomTensors(arch: Arch, seed: number): Tensors {
  const rng = xoroshiro128plus(seed);
  const fill = (n: number) => Float32Array.from({ length: n }, () => uniformFloat64(rng) * 2 - 1);
  return Object.fromEntries(
    tensorsOf(arch).map(({ name, length, role }) => {
      const values = fill(length);
      return [name, role === 'variance' ? values.map((v) => Math.abs(v) + 0.1) : values];
    }),
  );
}

/** A network that has been trained: its weights are not where it began. */
export function trainedState(arch: Arch = smallArch, seed = 1): NetState {
  const tensors = randomTensors(arch, seed);
  const start = randomTensors(arch, seed + 1000);
  return { arch, tensors, masks: {}, quant: {}, start, final: tensors, trainings: 1, steps: 100 };
}

/** Made-up evidence of every kind that fits the network, different for every seed; made when first asked for. */
export function evidenceFor(arch: Arch, seed = 7): EvidenceOf {
  const layers = weightLayers(arch);
  const kernels = layers.map(kernelName);
  const of = (tensors: Tensors) => Object.fromEntries(kernels.map((name) => [name, tensors[name]]));
  const gradient = of(randomTensors(arch, seed));
  const map = (f: (g: number, name: string, i: number) => number) =>
    Object.fromEntries(kernels.map((name) => [name, gradient[name].map((g, i) => f(g, name, i))]));
  // As of images that do not agree: the mean of sizes and of squares is more than that of the mean.
  const spread = of(randomTensors(arch, seed + 1));
  return {
    gradient,
    gradientSize: map((g, name, i) => Math.abs(g) + 0.5 * Math.abs(spread[name][i])),
    gradientSquare: map((g, name, i) => (Math.abs(g) + 0.5 * Math.abs(spread[name][i])) ** 2),
    get units() {
      return Object.fromEntries(layers.map((layer, i) => [layer.name, activity(layer, seed + 10 * i)]));
    },
    get inputs() {
      return Object.fromEntries(
        layers.map((layer, i) => {
          const size = kernelSize(layer) / unitsOf(layer) + 1;
          const groups = layer.kind === 'depthwise' ? unitsOf(layer) : 1;
          const each = Array.from({ length: groups }, (_, g) => [...moments(size, seed + 20 * i + g, true)]);
          return [layer.name, { size, groups, matrix: Float64Array.from(each.flat()) }];
        }),
      );
    },
    get curvature() {
      const size = layers.reduce((sum, layer) => sum + kernelSize(layer), 0);
      return { kernels, size, matrix: moments(size, seed + 30, false) };
    },
  };
}
const unitsOf = (layer: WeightLayer): number => kernelShape(layer).at(-1)!;
function activity(layer: WeightLayer, seed: number): UnitActivity {
  const draw = (n: number) => {
    const rng = xoroshiro128plus(seed + n);
    return Float32Array.from({ length: unitsOf(layer) }, () => uniformFloat64(rng));
  };
  return { zeros: draw(1), taylor: draw(2) };
}
/** Mean of x xᵀ over as many vectors as it takes for full rank. `one`: their last entry is always 1. */
function moments(size: number, seed: number, one: boolean): Float64Array {
  const rng = xoroshiro128plus(seed);
  const matrix = new Float64Array(size * size);
  const count = size + 8;
  for (let n = 0; n < count; n++) {
    const x = Float64Array.from({ length: size }, () => uniformFloat64(rng) * 2 - 1);
    if (one) x[size - 1] = 1;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) matrix[i * size + j] += (x[i] * x[j]) / count;
  }
  return matrix;
}

/** A context that knows this from data; what methods tell is added to `notes`. */
export const contextWith = (
  evidence: Partial<EvidenceOf>,
  arch: Arch = smallArch,
  notes: Note[] = [],
): MethodContext => ({
  ...context(arch),
  evidence: (kind) => {
    const known = evidence[kind];
    if (known === undefined) throw new Error(`no ${kind} in this context`);
    return known;
  },
  note: (note) => void notes.push(note),
});

/** A context that knows nothing from data. */
export const context = (arch: Arch = smallArch): MethodContext => ({
  redraw: (draw, of = arch) => randomTensors(of, 2000 + draw),
  file: () => ({ arch, tensors: randomTensors(arch, 3000), masks: {}, quant: {} }),
  uniform(n, ...names) {
    const rng = xoroshiro128plus([...names.join()].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) | 0, n));
    return Float32Array.from({ length: n }, () => uniformFloat64(rng));
  },
  evidence: (kind) => {
    throw new Error(`no ${kind} in this context`);
  },
  note: () => {},
});

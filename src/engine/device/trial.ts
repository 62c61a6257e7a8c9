/**
 * Tiny networks, data and jobs for comparing backends: the start-up self-test of a GPU and the tests.
 * Everything comes from a fixed generator, so all backends get the same bits.
 */
import type { Examples, TrainExamples } from '../../datasets/types';
import {
  add,
  avgpool,
  batchnorm,
  channels,
  conv,
  dense,
  depthwise,
  from,
  globalpool,
  kernelName,
  kernelSize,
  maxpool,
  network,
  weightLayers,
} from '../../models/build';
import { tensorsOf } from '../../models/tensors';
import type { Arch, Tensors, Weights } from '../../models/types';
import type { Backend, EvalResult, OptimizerSpec, TrainJob } from '../types';

type Size = readonly [number, number, number];

/** Uniform in [0, 1), a linear congruential generator: quality does not matter here, sameness does. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** 14 x 14 - 32 - 10. */
export const tinyMlp = (): Arch => network([14, 14, 1], [dense('fc1', 32), dense('fc2', 10, 'linear')]);
/** 8 x 8 - conv 4@3x3 same - pool 2 - conv 5@3x3 valid - 10. */
export const tinyCnn = (): Arch =>
  network(
    [8, 8, 1],
    [
      conv('conv1', { filters: 4, kernel: 3, padding: 'same' }),
      maxpool('pool1', 2),
      conv('conv2', { filters: 5, kernel: 3 }),
      dense('fc', 10, 'linear'),
    ],
  );

/** Every kind of layer; values with two and with three readers; a relu whose gradient several kernels share. */
export const tinyGraph = (): Arch =>
  network(
    [8, 8, 3],
    [
      conv('conv1', { filters: 4, kernel: 3, padding: 'same', bias: false, activation: 'linear' }),
      batchnorm('bn1'),
      depthwise('dw', { kernel: 3, padding: 'same' }),
      add('sum1', 'bn1', 'linear'),
      from('bn1', conv('side', { filters: 4, kernel: 1 })),
      add('sum2', 'sum1'),
      avgpool('avg', 2),
      // No bias: the norm behind it would leave nothing of its gradient but rounding, which Adam makes a step of.
      conv('conv2', { filters: 5, kernel: 3, padding: 'same', bias: false }),
      maxpool('max', 2),
      batchnorm('bn2', 'linear'),
      globalpool('mean'),
      dense('fc1', 8),
      dense('out', 10, 'linear'),
    ],
  );

/** Kernels uniform about as wide as Glorot's; biases and norms not where they start, so that they are tested too. */
export function tinyWeights(arch: Arch, seed = 1): Tensors {
  const draw = uniform(seed);
  const fill = (n: number, width: number, centre = 0) =>
    Float32Array.from({ length: n }, () => centre + (draw() * 2 - 1) * width);
  return Object.fromEntries(
    tensorsOf(arch).map(({ name, length, role, layer }) => {
      if (role === 'kernel')
        return [name, fill(length, Math.sqrt(6 / (length / channels(layer) + channels(layer))))];
      const large = role === 'gamma' || role === 'variance';
      return [name, large ? fill(length, 0.3, 1) : fill(length, 0.05)];
    }),
  );
}
/** Every kernel loses about this fraction. */
export function tinyMasks(arch: Arch, fraction: number, seed = 2): Record<string, Uint8Array> {
  const draw = uniform(seed);
  return Object.fromEntries(
    weightLayers(arch).map((layer) => [
      kernelName(layer),
      Uint8Array.from({ length: kernelSize(layer) }, () => (draw() < fraction ? 0 : 1)),
    ]),
  );
}
/** Bright and dark pixels with a class-dependent patch, so that there is something to learn. */
export function tinyExamples(shape: Size, count: number, seed = 3): TrainExamples {
  const draw = uniform(seed);
  const size = shape[0] * shape[1] * shape[2];
  const pixels = Uint8Array.from({ length: count * size }, () => Math.floor(draw() * 128));
  const labels = Uint8Array.from({ length: count }, () => Math.floor(draw() * 10));
  labels.forEach((label, i) => {
    for (let k = 0; k < 5; k++) pixels[i * size + ((label * 6 + k) % size)] += 120;
  });
  return { split: 'train', count, total: count, pixels, labels, shape, scale: 1 / 255, shift: -0.1 };
}

export interface Outcome {
  tensors: Tensors;
  losses: Float32Array;
  evaluation: EvalResult;
}
/** Loads, trains a few steps, evaluates on all examples; leaves nothing behind. */
export async function trainTiny(
  backend: Backend,
  arch: Arch,
  weights: Weights,
  optimizer: OptimizerSpec,
  steps = 3,
  batch = 8,
  more: Pick<TrainJob, 'moves' | 'soft'> = {},
): Promise<Outcome> {
  const examples = tinyExamples(arch.input, 64);
  const net = await backend.open(arch);
  try {
    await net.load(weights);
    const indices = (step: number) =>
      Uint32Array.from({ length: batch }, (_, i) => (step * batch + i * 5) % 64);
    const training = net.train({ examples, batch, optimizer, indices, ...more });
    const losses = await training.run(steps);
    training.dispose();
    const evaluation = await net.evaluate(examples as Examples, 0, examples.count);
    return { tensors: await net.read(), losses, evaluation };
  } finally {
    net.dispose();
  }
}
/**
 * Largest difference relative to the largest value of each tensor; Infinity where one has what the other has not, or
 * NaN. What rounding may do to a sum depends on its terms, not on how small it comes out.
 */
export function relativeDistance(a: Tensors, b: Tensors): number {
  if (Object.keys(a).sort().join() !== Object.keys(b).sort().join()) return Number.POSITIVE_INFINITY;
  const each = Object.keys(a).map((name) => {
    const top = b[name].reduce((most, v) => Math.max(most, Math.abs(v)), Number.MIN_VALUE);
    return distance({ x: a[name] }, { x: b[name] }) / top;
  });
  return Math.max(0, ...each);
}
/** Largest absolute difference over all tensors; Infinity where one has what the other has not, or NaN. */
export function distance(a: Tensors, b: Tensors): number {
  if (Object.keys(a).sort().join() !== Object.keys(b).sort().join()) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (const name of Object.keys(a)) {
    if (a[name].length !== b[name].length) return Number.POSITIVE_INFINITY;
    a[name].forEach((value, i) => {
      const d = Math.abs(value - b[name][i]);
      worst = Math.max(worst, Number.isNaN(d) ? Number.POSITIVE_INFINITY : d);
    });
  }
  return worst;
}

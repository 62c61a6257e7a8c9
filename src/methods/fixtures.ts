/** Networks for tests: small, of every layer kind, with weights that have nothing to do with ours. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { add, batchnorm, conv, dense, depthwise, globalpool, maxpool, network } from '../models/build';
import { modelById } from '../models/registry';
import { tensorsOf } from '../models/tensors';
import type { Arch, NetState, Tensors } from '../models/types';
import type { MethodContext } from './types';

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

/** Every kind of layer with parameters, an addition and two readers of one value; with the last layer dense. */
export const graphArch = network(
  [8, 8, 2],
  [
    conv('conv1', { filters: 4, kernel: 3, padding: 'same', bias: false, activation: 'linear' }),
    batchnorm('bn1'),
    depthwise('dw', { kernel: 3, padding: 'same', activation: 'linear' }),
    batchnorm('bn2', 'linear'),
    add('sum', 'bn1'),
    globalpool('pool'),
    dense('fc1', 6),
    dense('out', 5, 'linear'),
  ],
);

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
export const trainedState = (arch: Arch = smallArch, seed = 1): NetState => ({
  arch,
  tensors: randomTensors(arch, seed),
  masks: {},
  quant: {},
  start: randomTensors(arch, seed + 1000),
  trainings: 1,
  steps: 100,
});

export const context = (arch: Arch = smallArch): MethodContext => ({
  redraw: (draw) => randomTensors(arch, 2000 + draw),
  file: () => ({ arch, tensors: randomTensors(arch, 3000), masks: {}, quant: {} }),
  uniform(n, ...names) {
    const rng = xoroshiro128plus([...names.join()].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) | 0, n));
    return Float32Array.from({ length: n }, () => uniformFloat64(rng));
  },
  evidence: (kind) => {
    throw new Error(`no ${kind} in this context`);
  },
});

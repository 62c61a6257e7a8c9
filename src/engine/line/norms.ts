/**
 * Running statistics of batch norms for weights that no training has gone through. The trap (Frankle et al. 2020): mixed
 * statistics of two networks are those of neither, nor of the one between them, and its error would be that of a network
 * that nobody means.
 */
import type { TrainExamples } from '../../datasets/types';
import { normNames } from '../../models/build';
import type { Arch, BatchNormLayer, NetState, Tensors } from '../../models/types';
import { permutation, stream } from '../rng';
import type { Backend, TrainJob } from '../types';

/** As many as a training takes at a time: statistics of norms are those of batches. */
export const NORM_BATCH = 64;
/** Batches looked at. */
export const NORM_BATCHES = 32;

export const normsOf = ({ layers }: Arch): BatchNormLayer[] =>
  layers.filter((layer): layer is BatchNormLayer => layer.kind === 'batchnorm');

/** The images of each batch: always the same ones, drawn from all. */
export function normBatches(n: number, batch = NORM_BATCH, batches = NORM_BATCHES): Uint32Array[] {
  const size = Math.min(batch, n);
  const order = permutation(n, stream(0, 'norms', n));
  const count = Math.min(batches, Math.floor(n / size));
  return Array.from({ length: count }, (_, i) => order.subarray(i * size, (i + 1) * size));
}

export interface Norms {
  /** The state with new running statistics; itself where it has no norms. @param turn as openNorms has it */
  measured(state: NetState, turn: () => Promise<void>): Promise<NetState>;
  dispose(): void;
}
/**
 * Measures running statistics of networks of this architecture: the mean over batches of each batch's mean and unbiased
 * variance, every norm normalising with its batch's own, as PyTorch's update_bn does. Executed as training steps of
 * learning rate 0 whose newest batch is all that the running statistics remember. `turn` is awaited between batches and
 * throws to give up. To be disposed of.
 */
export async function openNorms(
  backend: Backend,
  arch: Arch,
  examples: TrainExamples,
  batches = normBatches(examples.total),
): Promise<Norms> {
  const norms = normsOf(arch);
  if (norms.length === 0) return { measured: async (state) => state, dispose() {} };
  const network = await backend.open(forgetful(arch));
  const job: TrainJob = {
    ...{ examples, batch: batches[0].length, indices: (step) => batches[step] },
    optimizer: { kind: 'sgd', lr: 0, momentum: 0, nesterov: false },
  };
  const measured: Norms['measured'] = async (state, turn) => {
    await network.load(state);
    const training = network.train(job);
    const sums = new Map<string, Float64Array>();
    try {
      for (let step = 0; step < batches.length; step++) {
        await turn();
        await training.run(1);
        addTo(sums, norms, await network.read());
      }
    } finally {
      training.dispose();
    }
    return { ...state, tensors: { ...state.tensors, ...averages(sums, batches.length) } };
  };
  return { measured, dispose: () => network.dispose() };
}
const forgetful = (arch: Arch): Arch => ({
  ...arch,
  layers: arch.layers.map((layer) => (layer.kind === 'batchnorm' ? { ...layer, momentum: 1 } : layer)),
});

function addTo(sums: Map<string, Float64Array>, norms: readonly BatchNormLayer[], tensors: Tensors): void {
  for (const { mean, variance } of norms.map(normNames))
    for (const name of [mean, variance]) {
      const sum = sums.get(name) ?? new Float64Array(tensors[name].length);
      sums.set(name, sum);
      tensors[name].forEach((value, i) => {
        sum[i] += value;
      });
    }
}
const averages = (sums: ReadonlyMap<string, Float64Array>, count: number): Tensors =>
  Object.fromEntries([...sums].map(([name, sum]) => [name, Float32Array.from(sum, (s) => s / count)]));

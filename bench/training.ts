/** A training of one of the networks that are timed, on our own executors. */
import { dataDir, fileReader } from '../src/cli/file-reader';
import { openDataset } from '../src/datasets/open';
import type { TrainExamples } from '../src/datasets/types';
import type { Backend, Training } from '../src/engine/types';
import { biasName, channels, kernelName, kernelSize, normNames, weightLayers } from '../src/models/build';
import type { Arch, Weights } from '../src/models/types';
import type { Timed } from './networks';

const POOL = 1200;
const random = (n: number, top: number) => Uint8Array.from({ length: n }, () => Math.random() * top);

/** He-uniform kernels, zero biases, norms that change nothing. */
export function freshWeights(arch: Arch): Weights {
  const tensors: Record<string, Float32Array> = {};
  for (const layer of weightLayers(arch)) {
    const n = kernelSize(layer);
    const width = 2 * Math.sqrt((6 * channels(layer)) / n);
    tensors[kernelName(layer)] = Float32Array.from({ length: n }, () => (Math.random() - 0.5) * width);
    tensors[biasName(layer)] = new Float32Array(channels(layer));
  }
  for (const layer of arch.layers) {
    if (layer.kind !== 'batchnorm') continue;
    const { gamma, beta, mean, variance } = normNames(layer);
    const c = layer.out[2];
    for (const name of [gamma, variance]) tensors[name] = new Float32Array(c).fill(1);
    for (const name of [beta, mean]) tensors[name] = new Float32Array(c);
  }
  return { tensors, masks: {}, quant: {} };
}

/** Of the data set, or noise where its shards were never made (`npm run assets`), which is said. */
export async function examplesFor({ arch, data }: Timed): Promise<TrainExamples> {
  if (data !== 'noise') {
    const set = openDataset(data, fileReader(dataDir(data)));
    try {
      await set.ready;
      return set.train;
    } catch (error) {
      console.warn(`Noise instead of ${data}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const size = arch.input[0] * arch.input[1] * arch.input[2];
  return {
    split: 'train',
    count: POOL,
    total: POOL,
    pixels: random(POOL * size, 256),
    labels: random(POOL, 10),
    shape: arch.input,
    scale: 1 / 255,
    shift: 0,
  };
}

/** Adam; the batch of a step is drawn at random. Noise gets new labels all the time, as in pytorch.py. */
export async function startTraining(backend: Backend, timed: Timed): Promise<Training> {
  const { arch, batch, lr } = timed;
  const examples = await examplesFor(timed);
  const net = await backend.open(arch);
  await net.load(freshWeights(arch));
  const { count } = examples;
  return net.train({
    examples,
    batch,
    optimizer: { kind: 'adam', lr, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    indices: () => {
      const picked = Uint32Array.from({ length: batch }, () => Math.random() * count);
      if (examples.count === POOL) for (const i of picked) examples.labels[i] = Math.random() * 10;
      return picked;
    },
  });
}

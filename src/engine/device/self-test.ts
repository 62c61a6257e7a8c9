/** Can this backend be trusted, and how fast is it? Both asked of the backend itself, at start-up. */
import { lenet300 } from '../../models/lenet-300-100';
import type { Arch } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import type { Backend, OptimizerSpec } from '../types';
import { distance, tinyCnn, tinyExamples, tinyGraph, tinyMasks, tinyWeights, trainTiny } from './trial';

const TOLERANCE = 1e-3;
const ADAM: OptimizerSpec = { kind: 'adam', lr: 1.2e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const MOMENTUM: OptimizerSpec = { kind: 'sgd', lr: 0.1, momentum: 0.9, nesterov: false };

/**
 * Three masked training steps and an evaluation of two tiny networks, which have every kind of layer between them,
 * against the plain reference. GPU drivers have been seen to compute wrong numbers without a word.
 * @throws WinnowError `backend.wrong` when weights or loss differ by more than 1e-3.
 */
export async function selfTest(backend: Backend, reference: Backend): Promise<void> {
  for (const arch of [tinyCnn(), tinyGraph()]) {
    const off = await difference(arch, backend, reference);
    // Not `off > TOLERANCE`, which a NaN would pass.
    if (!(off <= TOLERANCE)) throw wrong(backend, off);
  }
}
async function difference(arch: Arch, backend: Backend, reference: Backend): Promise<number> {
  const weights = { tensors: tinyWeights(arch), masks: tinyMasks(arch, 0.5), quant: {} };
  const want = await trainTiny(reference, arch, weights, MOMENTUM);
  const got = await trainTiny(backend, arch, weights, MOMENTUM);
  const lossOff = Math.abs(got.evaluation.loss - want.evaluation.loss) / want.evaluation.count;
  return Math.max(distance(got.tensors, want.tensors), lossOff);
}
const wrong = ({ id, device }: Backend, off: number) =>
  new WinnowError({
    code: 'backend.wrong',
    path: 'backend',
    message: `${device} computes wrong results: off by ${off} in the self-test, at most ${TOLERANCE} is allowed`,
    values: { backend: id, off, allowed: TOLERANCE },
  });

/** Milliseconds per training step of LeNet-300-100 at batch 60 with Adam, after a warm-up. */
export async function timeTraining(backend: Backend, steps = 10, warmUp = 2): Promise<number> {
  const arch = lenet300.build([28, 28, 1], 10);
  const batch = 60;
  const examples = tinyExamples(arch.input, 256);
  const net = await backend.open(arch);
  try {
    await net.load({ tensors: tinyWeights(arch), masks: {}, quant: {} });
    const indices = (step: number) => Uint32Array.from({ length: batch }, (_, i) => (step * batch + i) % 256);
    const training = net.train({ examples, batch, optimizer: ADAM, indices });
    await training.run(warmUp);
    const start = performance.now();
    await training.run(steps);
    const elapsed = performance.now() - start;
    training.dispose();
    return elapsed / steps;
  } finally {
    net.dispose();
  }
}

/** What a training holds does not grow with its steps. */
import { describe, expect, it, vi } from 'vitest';
import { openMachine } from '../../kernels/testing/machines';
import { dense, network } from '../../models/build';
import { tinyExamples, tinyMasks, tinyMlp, tinyWeights } from '../device/trial';
import { tinyMoves, tinySoft, zoo } from '../device/zoo';
import type { Network, OptimizerSpec, TrainJob } from '../types';
import { PlanNetwork } from './network';
import { openTfjs } from './tfjs';

const ADAM: OptimizerSpec = {
  kind: 'adamw',
  lr: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
};
/** Small, since the plain JavaScript backend is slow; batch norms need two. */
const BATCH = 2;

async function started(net: Network, more: Partial<TrainJob> = {}) {
  const { arch } = net;
  await net.load({ tensors: tinyWeights(arch), masks: tinyMasks(arch, 0.5), quant: {} });
  const examples = tinyExamples(arch.input, 64);
  const indices = (t: number) => Uint32Array.from({ length: BATCH }, (_, i) => (t * BATCH + i * 5) % 64);
  return net.train({ examples, batch: BATCH, optimizer: ADAM, indices, ...more });
}

describe('10,000 steps hold what 100 hold', { timeout: 300_000 }, () => {
  it('simd: bytes of memory, and where things lie in it', async () => {
    const machine = await openMachine('simd');
    const net = new PlanNetwork(tinyMlp(), machine, () => {});
    const training = await started(net);
    await training.run(100);
    const bytes = machine.bytes.length;
    const [reserve, lay] = [vi.spyOn(machine, 'reserve'), vi.spyOn(machine, 'setScratch')];
    const losses = await training.run(9_900);
    expect(losses).toHaveLength(9_900);
    expect(machine.bytes.length).toBe(bytes);
    // Neither grown nor laid out anew.
    expect(reserve).not.toHaveBeenCalled();
    expect(lay).not.toHaveBeenCalled();
    net.dispose();
  });

  it('tfjs cpu: tensors and their bytes', async () => {
    const backend = await openTfjs('cpu');
    // What is held depends on the operations of a step, not on how large they are.
    const net = await backend.open(network([1, 3, 1], [dense('fc1', 4), dense('out', 10, 'linear')]));
    const training = await started(net);
    await training.run(100);
    const held = backend.memory();
    expect(held.tensors).toBeGreaterThan(0);
    for (let i = 0; i < 99; i++) await training.run(100);
    expect(backend.memory()).toEqual(held);
    backend.dispose();
  });
});

describe.each(['cpu', 'wasm'] as const)(
  'tfjs %s: 100 steps hold what 10 hold',
  { timeout: 300_000 },
  (id) => {
    it.each(Object.entries(zoo))('%s, with moves and soft labels', async (_name, make) => {
      const backend = await openTfjs(id);
      const before = backend.memory();
      const net = await backend.open(make());
      const training = await started(net, { moves: tinyMoves(BATCH), soft: tinySoft() });
      const counts = [];
      for (const steps of [10, 90]) {
        await training.run(steps);
        await training.save!();
        counts.push(backend.memory());
      }
      expect(counts[0].tensors).toBeGreaterThan(before.tensors);
      expect(counts[1]).toEqual(counts[0]);
      net.dispose();
      expect(backend.memory()).toEqual(before);
      backend.dispose();
    });
  },
);

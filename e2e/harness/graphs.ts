/** Whole trainings of a network with every kind of layer: against SIMD, in stacks, over pages, stopped and taken up. */

import { compilePlan } from '../../src/engine/backends/plan';
import { openSimd } from '../../src/engine/backends/simd';
import { openWebgpu } from '../../src/engine/backends/webgpu';
import { DeviceData } from '../../src/engine/backends/webgpu/data';
import { StackArenas } from '../../src/engine/backends/webgpu/parameters';
import { Workspace } from '../../src/engine/backends/webgpu/workspace';
import {
  distance,
  tinyExamples,
  tinyGraph,
  tinyMasks,
  tinyWeights,
  uniform,
} from '../../src/engine/device/trial';
import type { Backend, Network, OptimizerSpec, OptimizerState, TrainJob } from '../../src/engine/types';
import { MOVE_BYTES } from '../../src/kernels/gather/contract';
import { batchnorm, conv, dense, maxpool, network } from '../../src/models/build';
import { modelById, models } from '../../src/models/registry';
import type { Arch, Quants, Tensors, Weights } from '../../src/models/types';
import { withBench } from './bench';

/** Less to compile, where it is not the layers that matter. */
const tinyNorm = (): Arch =>
  network(
    [8, 8, 3],
    [
      conv('conv', { filters: 4, kernel: 3, padding: 'same', bias: false, activation: 'linear' }),
      batchnorm('bn'),
      maxpool('pool', 2),
      dense('out', 10, 'linear'),
    ],
  );

const ADAM = { lr: 2e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const OPTIMIZERS: Record<string, OptimizerSpec> = {
  adam: { kind: 'adam', ...ADAM },
  'adam, weight decay': { kind: 'adam', ...ADAM, weightDecay: 0.02 },
  adamw: { kind: 'adamw', ...ADAM, weightDecay: 0.1 },
  sgd: { kind: 'sgd', lr: 0.1, momentum: 0, nesterov: false },
  nesterov: { kind: 'sgd', lr: 0.05, momentum: 0.9, nesterov: true },
  'momentum, weight decay': { kind: 'sgd', lr: 0.05, momentum: 0.9, nesterov: false, weightDecay: 0.05 },
};
const BATCH = 8;
const COUNT = 64;
type More = Partial<Pick<TrainJob, 'moves' | 'soft' | 'examples'>> & {
  masked?: boolean;
  /** About a quarter of all weights. */
  held?: boolean;
  quant?: Quants;
};

const moves = (step: number): Int8Array => {
  const draw = uniform(step + 7);
  return Int8Array.from({ length: BATCH * MOVE_BYTES }, (_, i) =>
    i % 4 === 0 ? Math.floor(draw() * 2) : i % 4 === 3 ? 0 : Math.floor(draw() * 5) - 2,
  );
};
const teacher = () => {
  const draw = uniform(99);
  return Float32Array.from({ length: COUNT * 10 }, () => draw() * 8 - 4);
};

interface Outcome {
  losses: number[];
  tensors: Tensors;
  evaluation: { correct: number; loss: number };
}
const indicesFrom = (seed: number, count: number) => (step: number) =>
  Uint32Array.from({ length: BATCH }, (_, i) => (seed * 3 + step * BATCH + i * 5) % count);

function weightsOf(arch: Arch, { masked, held, quant = {} }: More, seed = 1): Weights {
  const masks = masked ? tinyMasks(arch, 0.4, seed) : {};
  const weights = { tensors: tinyWeights(arch, seed), masks, quant };
  if (!held) return weights;
  const some = Object.entries(tinyMasks(arch, 0.25, seed + 9));
  const flags = (name: string, free: Uint8Array) =>
    free.map((f, i) => (f === 1 || masks[name]?.[i] === 0 ? 0 : 1));
  return { ...weights, held: Object.fromEntries(some.map(([name, free]) => [name, flags(name, free)])) };
}
/** Held weights that are no longer what they were, to the last bit, and how many there are. */
function strayed(got: Tensors, { tensors, held = {} }: Weights): { strayed: number; held: number } {
  const all = Object.entries(held).flatMap(([name, flags]) =>
    [...flags.keys()].filter((i) => flags[i] === 1).map((i) => Object.is(got[name][i], tensors[name][i])),
  );
  return { strayed: all.filter((same) => !same).length, held: all.length };
}
async function run(
  net: Network,
  optimizer: OptimizerSpec,
  more: More,
  steps: number[],
  seed = 1,
): Promise<Outcome> {
  await net.load(weightsOf(net.arch, more, seed));
  const examples = more.examples ?? tinyExamples(net.arch.input, COUNT);
  const indices = indicesFrom(seed, examples.count);
  const { moves, soft } = more;
  const training = net.train({ examples, batch: BATCH, optimizer, indices, moves, soft });
  const losses: number[] = [];
  for (const n of steps) losses.push(...(await training.run(n)));
  training.dispose();
  const { correct, loss } = await net.evaluate(examples, 0, examples.count);
  return { losses, tensors: await net.read(), evaluation: { correct, loss } };
}
const lossDistance = (a: number[], b: number[]) =>
  a.length === b.length ? Math.max(...a.map((v, i) => Math.abs(v - b[i]))) : Number.POSITIVE_INFINITY;
const compare = (got: Outcome, want: Outcome, start: Tensors) => ({
  off: distance(got.tensors, want.tensors),
  moved: distance(want.tensors, start),
  lossOff: lossDistance(got.losses, want.losses),
  evalOff: Math.abs(got.evaluation.loss - want.evaluation.loss) / COUNT,
  correct: [got.evaluation.correct, want.evaluation.correct] as const,
});
const sameBits = (a: Outcome, b: Outcome): boolean =>
  JSON.stringify(a.losses) === JSON.stringify(b.losses) &&
  Object.keys(a.tensors).every((name) => a.tensors[name].every((v, i) => Object.is(v, b.tensors[name][i])));

const together = async <T>(
  work: (ours: Awaited<ReturnType<typeof openWebgpu>>, simd: Backend) => Promise<T>,
) => {
  const [ours, simd] = [await openWebgpu(), await openSimd()];
  try {
    return await work(ours, simd);
  } finally {
    ours.dispose();
    simd.dispose();
  }
};

export const graphHarness = {
  /** A few steps by every optimizer, masked, quantized, augmented and taught, on ours and on SIMD. */
  graphs: () =>
    together(async (ours, simd) => {
      const arch = tinyGraph();
      const cases: Record<string, [OptimizerSpec, More]> = {};
      for (const [name, optimizer] of Object.entries(OPTIMIZERS)) cases[name] = [optimizer, {}];
      const bits = { bits: 4, scheme: 'affine', granularity: 'channel' } as const;
      const quant = { 'conv2/kernel': bits, 'dw/kernel': bits, 'fc1/kernel': bits };
      cases.masked = [OPTIMIZERS.adamw, { masked: true }];
      cases.held = [OPTIMIZERS['momentum, weight decay'], { masked: true, held: true }];
      cases['held and quantized'] = [OPTIMIZERS.adamw, { masked: true, held: true, quant }];
      cases['masked and quantized'] = [OPTIMIZERS.nesterov, { masked: true, quant }];
      cases.augmented = [OPTIMIZERS.sgd, { moves }];
      cases.taught = [OPTIMIZERS.adam, { soft: { logits: teacher(), hard: 0.3, temperature: 3 } }];
      const [a, b] = [await ours.open(arch), await simd.open(arch)];
      const found: Record<string, ReturnType<typeof compare> & ReturnType<typeof strayed>> = {};
      for (const [name, [optimizer, more]] of Object.entries(cases)) {
        const got = await run(a, optimizer, more, [2, 2]);
        const want = await run(b, optimizer, more, [4]);
        const start = weightsOf(arch, more);
        found[name] = { ...compare(got, want, start.tensors), ...strayed(got.tensors, start) };
      }
      return found;
    }),
  /** Three networks side by side, each with its own weights, masks and batches, both ways and one by one. */
  async stacked() {
    const arch = tinyGraph();
    const seeds = [1, 2, 3];
    const optimizer = OPTIMIZERS.adamw;
    const more = { masked: true, held: true };
    const outcomes: Record<string, Outcome[]> = {};
    const dispatches: Record<string, number> = {};
    for (const way of ['stacked', 'turns'] as const) {
      const backend = await openWebgpu({ way });
      const nets = await backend.together.open(arch, seeds.length);
      outcomes[way] = await Promise.all(
        nets.map((net, i) => run(net, optimizer, more, [[5], [2, 3], [1, 4]][i], seeds[i])),
      );
      dispatches[way] = nets[0].dispatchesPerStep;
      backend.dispose();
    }
    const backend = await openWebgpu();
    const net = await backend.open(arch);
    const alone: Outcome[] = [];
    for (const seed of seeds) alone.push(await run(net, optimizer, more, [5], seed));
    backend.dispose();
    return {
      stacked: alone.map((want, i) => sameBits(outcomes.stacked[i], want)),
      turns: alone.map((want, i) => sameBits(outcomes.turns[i], want)),
      different: !sameBits(alone[0], alone[1]) && !sameBits(alone[1], alone[2]),
      dispatches,
    };
  },
  /** One of three is stopped early; the others go on as if nothing had happened, and memory is given back. */
  async deserted() {
    const arch = tinyNorm();
    const backend = await openWebgpu({ way: 'stacked' });
    const optimizer = OPTIMIZERS.nesterov;
    const nets = await backend.together.open(arch, 3);
    const examples = tinyExamples(arch.input, COUNT);
    const [first, ...others] = nets;
    await first.load(weightsOf(arch, {}, 9));
    const training = first.train({ examples, batch: BATCH, optimizer, indices: indicesFrom(9, COUNT) });
    const going = Promise.all(others.map((net, i) => run(net, optimizer, { examples }, [2, 4, 3], i + 1)));
    await training.run(3);
    const cut = training.run(100).then(
      () => 'resolved',
      (error: { problem?: { code: string } }) => error.problem?.code,
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    training.dispose();
    const finished = await going;
    const outcome = await cut;
    const again = await run(first, optimizer, { examples }, [9], 1);
    for (const net of nets) net.dispose();
    const held = backend.stats();
    backend.dispose();
    return { outcome, same: sameBits(again, finished[0]), held: held.buffers };
  },
  /** A data set that does not fit into one buffer of the device. */
  async pages() {
    const arch = tinyNorm();
    const examples = tinyExamples(arch.input, 512);
    const [low, high] = [await openWebgpu({ limit: 40_000 }), await openWebgpu()];
    const outcomes: Outcome[] = [];
    const steps: number[] = [];
    for (const backend of [low, high]) {
      const net = await backend.open(arch);
      outcomes.push(await run(net, OPTIMIZERS.adam, { examples }, [4]));
      steps.push(net.dispatchesPerStep);
      backend.dispose();
    }
    return {
      same: sameBits(outcomes[0], outcomes[1]),
      dispatches: steps,
      evaluations: outcomes.map((o) => o.evaluation),
    };
  },
  /** Stopped after some steps and taken up by a new training, on the same executor and on SIMD. */
  resumed: () =>
    together(async (ours, simd) => {
      const arch = tinyGraph();
      const examples = tinyExamples(arch.input, COUNT);
      const found: Record<string, { same: boolean; elsewhere: number }> = {};
      for (const name of ['adam', 'nesterov', 'sgd']) {
        const optimizer = OPTIMIZERS[name];
        const job = { examples, batch: BATCH, optimizer, indices: indicesFrom(1, COUNT) };
        const net = await ours.open(arch);
        const whole = await run(net, optimizer, { examples }, [7]);
        await net.load(weightsOf(arch, {}));
        const first = net.train(job);
        const losses = [...(await first.run(4))];
        const state = (await first.save!()) as OptimizerState;
        const tensors = await net.read();
        first.dispose();
        const ends: Tensors[] = [];
        for (const backend of [ours, simd]) {
          const next = await backend.open(arch);
          await next.load({ tensors, masks: {}, quant: {} });
          const training = next.train(job);
          await training.restore!(state);
          const more = await training.run(3);
          if (backend === ours) losses.push(...more);
          training.dispose();
          ends.push(await next.read());
          next.dispose();
        }
        net.dispose();
        const { evaluation } = whole;
        found[name] = {
          same: sameBits({ losses, tensors: ends[0], evaluation }, whole),
          elsewhere: distance(ends[1], whole.tensors),
        };
      }
      return found;
    }),
  /** What is held after some steps and after many more. */
  async held() {
    const arch = tinyNorm();
    const backend = await openWebgpu();
    const net = await backend.open(arch);
    await net.load(weightsOf(arch, {}));
    const examples = tinyExamples(arch.input, COUNT);
    const training = net.train({
      examples,
      batch: BATCH,
      optimizer: OPTIMIZERS.adam,
      indices: indicesFrom(1, COUNT),
    });
    const after = async (steps: number) => {
      await training.run(steps);
      const { buffers, bytes, pipelines } = backend.stats();
      return { buffers, bytes, pipelines };
    };
    const [early, late] = [await after(20), await after(180)];
    backend.dispose();
    return { early, late };
  },
  /**
   * Milliseconds per step of each of several networks, trained alone, in turns and stacked, contestants taking turns.
   * For the benchmark.
   */
  async together(id: string, count: number, steps: number, rounds: number) {
    const arch = modelById(id).build([28, 28, 1], 10);
    const examples = tinyExamples(arch.input, 256);
    const contestants = [];
    for (const way of ['alone', 'turns', 'stacked'] as const) {
      const backend = await openWebgpu(way === 'alone' ? {} : { way });
      const nets = way === 'alone' ? [await backend.open(arch)] : await backend.together.open(arch, count);
      const trainings = [];
      for (const [i, net] of nets.entries()) {
        await net.load(weightsOf(arch, {}, i + 1));
        const indices = (t: number) => Uint32Array.from({ length: 60 }, (_, k) => (t * 60 + k * 5 + i) % 256);
        trainings.push(net.train({ examples, batch: 60, optimizer: OPTIMIZERS.adam, indices }));
      }
      contestants.push({ way, backend, trainings, ms: [] as number[] });
    }
    for (let round = 0; round <= rounds; round++) {
      for (const { trainings, ms } of contestants) {
        const start = performance.now();
        await Promise.all(trainings.map((t) => t.run(steps)));
        // The first round compiles.
        if (round > 0) ms.push((performance.now() - start) / steps / trainings.length);
      }
    }
    for (const { backend } of contestants) backend.dispose();
    return Object.fromEntries(contestants.map(({ way, ms }) => [way, ms]));
  },
  /** Dispatches of one training step with Adam, by network; nothing is compiled or run. */
  dispatches: () =>
    withBench(async ({ gpu }) => {
      const found: Record<string, number> = {};
      for (const model of models) {
        const arch = model.build(model.id.startsWith('lenet') ? [28, 28, 1] : [32, 32, 3], 10);
        const examples = tinyExamples(arch.input, 16);
        const arenas = new StackArenas(gpu, compilePlan(arch), 1);
        const data = new DeviceData(gpu, examples);
        const indices = indicesFrom(1, 16);
        const job = { examples, batch: 16, optimizer: OPTIMIZERS.adam, indices };
        const workspace = await Workspace.make(arenas, job, {}, data);
        found[model.id] = workspace.dispatches;
        workspace.free();
        data.free();
        arenas.free();
      }
      return found;
    }),
};

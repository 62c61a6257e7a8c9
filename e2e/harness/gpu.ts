/** Our WebGPU executor, op by op and in whole trainings, against the plain reference and the SIMD path. */

import { openSimd } from '../../src/engine/backends/simd';
import { openWebgpu } from '../../src/engine/backends/webgpu';
import { openDevice } from '../../src/engine/device/gpu';
import { openNotes } from '../../src/engine/device/notes';
import {
  distance,
  tinyExamples,
  tinyMasks,
  tinyMlp,
  tinyWeights,
  uniform,
} from '../../src/engine/device/trial';
import type { Backend, OptimizerSpec } from '../../src/engine/types';
import { denseForward } from '../../src/kernels/dense/wgsl';
import { quantRanges, quantWeights } from '../../src/kernels/fake-quant/wgsl';
import type { FormId } from '../../src/kernels/forms/types';
import { VARIANTS, type VariantId } from '../../src/kernels/webgpu/gemm';
import { Gpu } from '../../src/kernels/webgpu/gpu';
import type { Kernel } from '../../src/kernels/webgpu/kernel';
import { fakeQuant } from '../../src/methods/fake-quant';
import { PENALTIES, type PenaltyKind } from '../../src/methods/regime';
import { kernelNames } from '../../src/models/build';
import { lenet300 } from '../../src/models/lenet-300-100';
import type { QuantSpec, Tensors } from '../../src/models/types';
import { type Bench, withBench } from './bench';
import { runForms } from './forms';
import { fusions } from './fusions';
import { runSuites } from './suites';

export const ADAM: OptimizerSpec = { kind: 'adam', lr: 1.2e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
export const NESTEROV: OptimizerSpec = { kind: 'sgd', lr: 0.1, momentum: 0.9, nesterov: true };

/** Largest difference relative to the largest value; NaN must be where NaN is. */
function off(got: ArrayLike<number>, want: ArrayLike<number>): number {
  if (got.length !== want.length || want.length === 0) return Number.POSITIVE_INFINITY;
  let worst = 0;
  let scale = 1;
  for (let i = 0; i < want.length; i++) {
    if (Number.isFinite(want[i])) scale = Math.max(scale, Math.abs(want[i]));
  }
  for (let i = 0; i < want.length; i++) {
    if (Number.isNaN(want[i]) && Number.isNaN(got[i])) continue;
    const d = Math.abs(got[i] - want[i]);
    worst = Math.max(worst, Number.isNaN(d) ? Number.POSITIVE_INFINITY : d);
  }
  return worst / scale;
}

const random = (seed: number, n: number, zeros = 0.2) => {
  const draw = uniform(seed);
  return Float32Array.from({ length: n }, () => (draw() < zeros ? 0 : draw() * 2 - 1));
};
type Offs = Record<string, number>;

async function quantOff(bench: Bench, shape: number[], spec: QuantSpec, prune: boolean): Promise<Offs> {
  const length = shape.reduce((a, b) => a * b, 1);
  const offset = 8;
  const kernel = random(3, length, 0.1);
  const mask = Uint8Array.from({ length }, (_, i) => (prune && i % 3 === 0 ? 0 : 1));
  kernel.forEach((_, i) => {
    if (!mask[i]) kernel[i] = 0;
  });
  const want = fakeQuant(kernel, shape, spec, prune ? mask : undefined);
  const [w, kept] = [new Float32Array(offset + length).fill(9), new Float32Array(offset + length).fill(1)];
  w.set(kernel, offset);
  kept.set(mask, offset);
  const ranges = spec.granularity === 'channel' ? shape[shape.length - 1] : 1;
  const q = { offset, length, ranges, bits: spec.bits, scheme: spec.scheme };
  const got = await bench.run({ w, kept, ranges: ranges * 2, effective: offset + length }, [
    [quantRanges(q), ['w', 'kept', 'ranges']],
    [quantWeights(q), ['w', 'kept', 'ranges', 'effective']],
  ]);
  return { values: off(got.effective.slice(offset), want) };
}

const QUANT: QuantSpec[] = (['affine', 'symmetric'] as const).flatMap((scheme) =>
  (['tensor', 'channel'] as const).flatMap((granularity) =>
    [1, 4].map((bits) => ({ bits, scheme, granularity })),
  ),
);

/** Imported when asked for: a test looks whether TensorFlow.js was loaded unasked. */
export const openTfjsWebgpu = async () => (await import('../../src/engine/backends/tfjs')).openTfjs('webgpu');

/** What a training gave, to be compared or to be the same bit by bit. */
interface Trained {
  losses: Float32Array;
  tensors: Tensors;
}
async function trainLenet(backend: Backend, steps: number, runs: number, batch = 60): Promise<Trained> {
  const arch = lenet300.build([28, 28, 1], 10);
  const examples = tinyExamples(arch.input, 128);
  const net = await backend.open(arch);
  try {
    await net.load({ tensors: tinyWeights(arch), masks: tinyMasks(arch, 0.3), quant: {} });
    const indices = (t: number) => Uint32Array.from({ length: batch }, (_, i) => (t * 17 + i * 5) % 128);
    const training = net.train({ examples, batch, optimizer: ADAM, indices });
    const losses: number[] = [];
    for (let run = 0; run < runs; run++) losses.push(...(await training.run(steps)));
    const tensors = await net.read();
    training.dispose();
    return { losses: Float32Array.from(losses), tensors };
  } finally {
    net.dispose();
  }
}
const fingerprint = ({ losses, tensors }: Trained) =>
  [losses, ...Object.values(tensors)].map((t) => {
    let hash = 2166136261;
    for (const word of new Uint32Array(t.buffer, t.byteOffset, t.length))
      hash = Math.imul(hash ^ word, 16777619);
    return hash >>> 0;
  });

export const gpuHarness = {
  variantIds: () => Object.keys(VARIANTS) as VariantId[],
  /** The op suites on the kernels; products by that variant. Not all sizes for every one: each is a shader to compile. */
  suites: (wanted: 'products' | 'others', variant: VariantId, stride: number) =>
    withBench((bench) => runSuites(bench, wanted, variant, stride)),
  forms: (id: FormId, stride: number) => withBench((bench) => runForms(bench, id, stride)),
  /** Kernels that add others' gradients to their own and take that of a relu. */
  fusions: () => withBench(fusions),
  /** Largest relative difference of effective weights to the reference. */
  quants: (): Promise<Record<string, Offs>> =>
    withBench(async (bench) => {
      const all: Record<string, Offs> = {};
      for (const spec of QUANT) {
        for (const shape of [
          [7, 13],
          [3, 3, 5, 3],
        ]) {
          const what = `quant ${spec.bits} ${spec.scheme} ${spec.granularity} ${shape.join('x')}`;
          for (const prune of [false, true])
            all[what + (prune ? ' pruned' : '')] = await quantOff(bench, shape, spec, prune);
        }
      }
      return all;
    }),
  /** LeNet-300-100 on ours and on SIMD; ours twice, for its bits. */
  async lenet(variant?: VariantId) {
    const [ours, simd] = [await openWebgpu({ variant }), await openSimd()];
    const got = await trainLenet(ours, 1, 2);
    const again = await trainLenet(ours, 2, 1);
    const want = await trainLenet(simd, 2, 1);
    ours.dispose();
    simd.dispose();
    return {
      off: distance(got.tensors, want.tensors),
      lossOff: off(got.losses, want.losses),
      losses: [...got.losses],
      bits: [fingerprint(got), fingerprint(again)],
    };
  },
  /** Trainings with penalties, and one that is pruned on its way, on ours and on SIMD. */
  async sparse() {
    const arch = tinyMlp();
    const examples = tinyExamples(arch.input, 16);
    const kernels = kernelNames(arch);
    const run = async (backend: Backend, kind?: PenaltyKind, adam = false) => {
      const net = await backend.open(arch);
      await net.load({ tensors: tinyWeights(arch), masks: {}, quant: {} });
      const training = net.train({
        ...{
          examples,
          batch: 4,
          indices: (t) => Uint32Array.from({ length: 4 }, (_, i) => (t * 3 + i) % 16),
        },
        optimizer: adam ? ADAM : { kind: 'sgd', lr: 0.1, momentum: 0.9, nesterov: false },
        ...(kind && { penalty: { kind, lambda: 0.3, kernels } }),
      });
      await training.run(3);
      if (!kind) await training.mask(tinyMasks(arch, 0.5));
      await training.run(2);
      const [tensors, state] = [await net.read(), await training.save!()];
      net.dispose();
      return { tensors, moments: state.moments };
    };
    const [ours, simd] = [await openWebgpu(), await openSimd()];
    const zeros = (t: Tensors) => kernels.reduce((n, k) => n + t[k].filter((w) => w === 0).length, 0);
    const found: Record<string, { off: number; zeros: [number, number]; momentZeros: [number, number] }> = {};
    for (const kind of [...PENALTIES, undefined]) {
      for (const adam of [false, true]) {
        const [got, want] = [await run(ours, kind, adam), await run(simd, kind, adam)];
        found[`${kind ?? 'pruned on the way'} ${adam ? 'adam' : 'sgd'}`] = {
          off: distance(got.tensors, want.tensors),
          zeros: [zeros(got.tensors), zeros(want.tensors)],
          momentZeros: [zeros(got.moments[0]), zeros(want.moments[0])],
        };
      }
    }
    ours.dispose();
    simd.dispose();
    return found;
  },
  /** Dispatches of a step and what the device holds, as the steps go by and after everything is disposed of. */
  async resources() {
    const backend = await openWebgpu();
    const arch = lenet300.build([28, 28, 1], 10);
    const small = tinyMlp();
    const examples = tinyExamples(arch.input, 16);
    const net = await backend.open(arch);
    await net.load({ tensors: tinyWeights(arch), masks: {}, quant: {} });
    const batch = 4;
    const indices = (t: number) => Uint32Array.from({ length: batch }, (_, i) => (t + i) % 16);
    const training = net.train({ examples, batch, optimizer: ADAM, indices });
    await training.run(1);
    const before = backend.stats();
    await training.run(3);
    const after = backend.stats();
    training.dispose();
    net.dispose();
    // Two small networks, one after the other, with their own data: nothing but what is cached stays.
    const held: number[] = [];
    const data = tinyExamples(small.input, 16);
    for (let i = 0; i < 3; i++) {
      const other = await backend.open(small);
      await other.load({ tensors: tinyWeights(small), masks: {}, quant: {} });
      const t = other.train({ examples: data, batch, optimizer: NESTEROV, indices });
      await t.run(2);
      await other.evaluate(data, 0, 16);
      other.dispose();
      held.push(backend.stats().bytes);
    }
    backend.dispose();
    return { before, after, perStep: net.dispatchesPerStep, held, end: backend.stats() };
  },
  /** More steps than the device's schedule holds, and images that come in while training runs. */
  async longRun() {
    const arch = tinyMlp();
    const [ours, simd] = [await openWebgpu(), await openSimd()];
    const outcomes: Trained[] = [];
    for (const backend of [ours, simd]) {
      const whole = tinyExamples(arch.input, 61);
      const examples = {
        ...whole,
        count: 13,
        pixels: new Uint8Array(whole.pixels.length),
        labels: new Uint8Array(61),
      };
      const load = (count: number) => {
        const size = arch.input[0] * arch.input[1] * arch.input[2];
        examples.pixels.set(whole.pixels.subarray(0, count * size));
        examples.labels.set(whole.labels.subarray(0, count));
        examples.count = count;
      };
      load(13);
      const net = await backend.open(arch);
      await net.load({ tensors: tinyWeights(arch), masks: {}, quant: {} });
      const indices = (t: number) =>
        Uint32Array.from({ length: 3 }, (_, i) => (t * 3 + i) % (t < 250 ? 13 : 61));
      const optimizer = { kind: 'sgd', lr: 0.02, momentum: 0, nesterov: false } as const;
      const training = net.train({ examples, batch: 3, optimizer, indices });
      const losses = [...(await training.run(250))];
      load(61);
      losses.push(...(await training.run(50)));
      outcomes.push({ losses: Float32Array.from(losses), tensors: await net.read() });
      net.dispose();
    }
    ours.dispose();
    simd.dispose();
    const [got, want] = outcomes;
    return {
      off: distance(got.tensors, want.tensors),
      lossOff: off(got.losses, want.losses),
      steps: got.losses.length,
    };
  },
  /** A learning rate that is far too high: the loss must say so. */
  async diverge() {
    const backend = await openWebgpu();
    const arch = tinyMlp();
    const net = await backend.open(arch);
    await net.load({ tensors: tinyWeights(arch), masks: {}, quant: {} });
    const examples = tinyExamples(arch.input, 16);
    const optimizer = { kind: 'sgd', lr: 1e20, momentum: 0, nesterov: false } as const;
    const indices = () => Uint32Array.from({ length: 16 }, (_, i) => i);
    const training = net.train({ examples, batch: 16, optimizer, indices });
    const losses = [...(await training.run(6))];
    backend.dispose();
    return losses.map(String);
  },
  /** Evaluation and logits of a quantized network against SIMD, which is bit by bit the function of the file. */
  async quantized(spec: QuantSpec) {
    const arch = tinyMlp();
    const weights = {
      tensors: tinyWeights(arch),
      masks: tinyMasks(arch, 0.4),
      quant: { 'fc1/kernel': spec, 'fc2/kernel': spec },
    };
    const [ours, simd] = [await openWebgpu(), await openSimd()];
    const examples = tinyExamples(arch.input, 61);
    const found = [];
    for (const backend of [ours, simd]) {
      const net = await backend.open(arch);
      await net.load(weights);
      const { correct, loss } = await net.evaluate(examples, 1, 60);
      found.push({
        correct,
        loss,
        logits: await net.logits(examples.pixels.subarray(0, 13 * 196), 13, 1 / 255, 0),
      });
      net.dispose();
    }
    ours.dispose();
    simd.dispose();
    const [got, want] = found;
    return {
      correct: [got.correct, want.correct],
      loss: Math.abs(got.loss - want.loss),
      logits: off(got.logits, want.logits),
    };
  },
  /**
   * The race of variants, which graphics cards get, run here for once: asked twice on one device, since the answer is
   * remembered, and then on a later visit, which finds it in the browser's memory.
   */
  async tuned() {
    const visit = async () => {
      const { device, guard } = await openDevice();
      const notes = await openNotes('test device');
      const gpu = new Gpu({ device, guard, software: false, notes });
      const regions = [64 * 128, 128 * 132, 64 * 132].map((n) => gpu.region('operand', n * 4));
      const g = denseForward({ in: 128, out: 132 }, { kernel: 0, bias: null }, 64, true);
      const first = (await gpu.product(g, regions)).label;
      const dispatches = gpu.stats.dispatches;
      const second = (await gpu.product(g, regions)).label;
      const variants = Object.values(gpu.variants);
      const raced = [dispatches, gpu.stats.dispatches];
      gpu.dispose();
      return { first, second, variants, raced };
    };
    const found = await visit();
    // Writing goes on behind the race.
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { ...found, later: await visit() };
  },
  /** What a run in flight hears when its device goes away, and a shader that does not compile. */
  async failures() {
    const told: string[] = [];
    const { device, guard, software } = await openDevice((error) => told.push(error.problem.code));
    const gpu = new Gpu({ device, guard, software });
    const broken: Kernel = {
      ...{ label: 'broken', bindings: [], threads: [1, 1], head: 'not WGSL', body: '' },
      groups: () => [1, 1],
    };
    const outcome = await gpu.command(broken, []).then(
      () => 'resolved',
      (error: Error) => error.name,
    );
    const later = await gpu.done().then(
      () => 'resolved',
      (error: { problem?: { code: string } }) => error.problem?.code ?? 'other',
    );
    gpu.dispose();
    return { told, outcome, later };
  },
  /** Disposes of a network in the middle of a run, then asks the backend for another. */
  async interrupted() {
    const told: string[] = [];
    const backend = await openWebgpu({ onLost: (error) => told.push(error.problem.code) });
    const arch = tinyMlp();
    const examples = tinyExamples(arch.input, 16);
    const start = async () => {
      const net = await backend.open(arch);
      await net.load({ tensors: tinyWeights(arch), masks: {}, quant: {} });
      const indices = (t: number) => Uint32Array.from({ length: 4 }, (_, i) => (t + i) % 16);
      const training = net.train({ examples, batch: 4, optimizer: ADAM, indices });
      return { net, training };
    };
    const { net, training } = await start();
    await training.run(1);
    const running = training.run(200).then(
      () => 'resolved',
      (error: { problem?: { code: string } }) => error.problem?.code ?? 'other',
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    net.dispose();
    const outcome = await running;
    const next = await start();
    const losses = [...(await next.training.run(2))];
    backend.dispose();
    return { outcome, losses, told };
  },
  /**
   * Milliseconds per step of LeNet-300-100 (Adam, 60 images), wall clock and in JavaScript, contestants taking
   * turns, and dispatches per step as the browser sees them. For the benchmark.
   */
  async race(rounds: number, ids: readonly (VariantId | 'tuned' | 'tfjs')[]): Promise<RaceResult[]> {
    const arch = lenet300.build([28, 28, 1], 10);
    const examples = tinyExamples(arch.input, 256);
    const batch = 60;
    const indices = (t: number) => Uint32Array.from({ length: batch }, (_, i) => (t * batch + i) % 256);
    const contestants = [];
    for (const id of ids) {
      const variant = id === 'tuned' || id === 'tfjs' ? undefined : id;
      const backend = id === 'tfjs' ? await openTfjsWebgpu() : await openWebgpu({ variant });
      const net = await backend.open(arch);
      await net.load({ tensors: tinyWeights(arch), masks: {}, quant: {} });
      const training = net.train({ examples, batch, optimizer: ADAM, indices });
      await training.run(2);
      contestants.push({ id, backend, training, wall: [] as number[], js: [] as number[], dispatches: 0 });
    }
    for (let round = 0; round < rounds; round++) {
      for (const c of contestants) {
        const steps = c.id === 'tfjs' ? 1 : 8;
        const [count, inside] = [seen.dispatches, seen.js];
        const start = performance.now();
        const running = c.training.run(steps);
        // TensorFlow.js records all of a step before it first waits; ours records inside of submits.
        const recorded = performance.now() - start;
        await running;
        c.wall.push((performance.now() - start) / steps);
        c.js.push((c.id === 'tfjs' ? recorded : seen.js - inside) / steps);
        c.dispatches = (seen.dispatches - count) / steps;
      }
    }
    const device = contestants[0].backend.device;
    for (const { backend } of contestants) backend.dispose();
    return contestants.map(({ id, wall, js, dispatches }) => ({ id, device, wall, js, dispatches }));
  },
};

export interface RaceResult {
  id: string;
  device: string;
  wall: number[];
  js: number[];
  dispatches: number;
}

/** Every dispatch of this worker, whoever makes it, and the time that ours spends on recording and uploads. */
const seen = { dispatches: 0, js: 0 };
if (typeof GPUComputePassEncoder !== 'undefined') {
  const original = GPUComputePassEncoder.prototype.dispatchWorkgroups;
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (this: GPUComputePassEncoder, ...args) {
    seen.dispatches++;
    return original.apply(this, args);
  };
}
const timed = <A extends unknown[]>(work: (this: Gpu, ...args: A) => void) =>
  function (this: Gpu, ...args: A): void {
    const start = performance.now();
    work.apply(this, args);
    seen.js += performance.now() - start;
  };
Gpu.prototype.submit = timed(Gpu.prototype.submit);
Gpu.prototype.write = timed(Gpu.prototype.write);

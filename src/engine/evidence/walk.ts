/** Forward and backward over chunks of training images, for whatever is learnt from them. */
import type { TrainExamples } from '../../datasets/types';
import type { Machine } from '../../kernels/machine';
import type { Ptr } from '../../kernels/memory';
import { macs } from '../../models/build';
import type { NetState } from '../../models/types';
import { type FlowPlan, planFlow } from '../backends/flow';
import { layStatic, layWork, type StaticLayout, type WorkLayout } from '../backends/layout';
import { checkExamples } from '../backends/network';
import { Parameters } from '../backends/parameters';
import { compilePasses, type Passes } from '../backends/passes';
import { compilePlan, type Plan } from '../backends/plan';
import { effective } from '../state';
import type { Back, Chunk, Seed } from './types';

const FLOAT = 4;
/** Multiply-accumulates of a chunk, forward and twice that backward: some tens of milliseconds with SIMD. */
const CHUNK_MACS = 2.5e8;
/** Floats of all activations of a chunk. */
const CHUNK_FLOATS = 4e6;
const MOST = 100;
/** Kernels read large matrices once for four rows. */
const LEAST = 4;

/** Images per chunk: decided by what is computed and not by a clock, so that sums are the same every time. */
export function chunkSize({ arch, stages, inputSize }: Plan): number {
  const floats = stages.reduce((sum, s) => sum + s.outSize, inputSize);
  const fits = Math.min(CHUNK_MACS / (3 * macs(arch)), CHUNK_FLOATS / floats);
  return Math.max(LEAST, Math.min(MOST, Math.floor(fits)));
}

/**
 * A network for looking inside. Its weights are the effective ones (masked, fake-quantized) and count as dense: a
 * pruned weight is a weight of value 0 with a gradient.
 */
export class Walk {
  readonly plan: Plan;
  readonly size: number;
  readonly #flow: FlowPlan;
  readonly #machine: Machine;
  readonly #fixed: StaticLayout;
  readonly #work: WorkLayout;
  readonly #passes: Passes;

  /**
   * Owns the machine.
   * @param size images per chunk at most
   */
  constructor({ arch, ...weights }: NetState, machine: Machine, size?: number) {
    this.plan = compilePlan(arch);
    this.size = size ?? chunkSize(this.plan);
    this.#flow = planFlow(this.plan);
    this.#machine = machine;
    this.#fixed = layStatic(this.plan, machine, new Map());
    const parameters = new Parameters(this.plan, machine, this.#fixed);
    parameters.load({ tensors: effective(arch, weights), masks: {}, quant: {} });
    this.#work = layWork(this.plan, machine, this.#fixed, this.size, this.size, this.#flow);
    this.#passes = compilePasses(this.plan, this.#flow, machine, this.#fixed, this.#work, parameters.locate);
    parameters.refresh();
  }

  /** Runs examples [from, to), at most `size` of them, forward. Valid until the next call. */
  forward(examples: TrainExamples, from: number, to: number): Chunk {
    checkExamples(this.plan, examples);
    const { inputSize } = this.plan;
    const { pixels, labels, acts, training } = this.#work;
    const machine = this.#machine;
    machine.bytes.set(examples.pixels.subarray(from * inputSize, to * inputSize), pixels);
    machine.bytes.set(examples.labels.subarray(from, to), labels);
    machine.fromBytes(pixels, acts[0], (to - from) * inputSize, examples.scale, examples.shift);
    this.#passes.forward(to - from);
    return {
      plan: this.plan,
      machine,
      count: to - from,
      values: acts,
      gradients: training!.grads,
      backward: (visit, seed) => this.#backward(to - from, visit, seed),
      scratch: (...lengths) => this.#scratch(lengths),
    };
  }

  #backward(count: number, visit: (back: Back) => void, seed: Seed = crossEntropy): void {
    const { acts, labels, training } = this.#work;
    const { stages, classes } = this.plan;
    const dz = training!.flow[0];
    const { floats, bytes } = this.#machine;
    const rows = (at: Ptr) => floats.subarray(at / FLOAT, at / FLOAT + count * classes);
    seed(rows(acts[acts.length - 1]), bytes.subarray(labels, labels + count), rows(dz));
    this.#passes.backward({ ...training!, batch: count }, (index, dy) => {
      const stage = stages[index];
      visit({ index, stage, x: acts[stage.inputs[0]], y: acts[index + 1], dy });
    });
  }

  #scratch(lengths: number[]): Ptr[] {
    let next = this.#work.end;
    const places = lengths.map((length) => {
      const at = next;
      // Kernels may read a little past the end of what they are given.
      next = Math.ceil((next + length * FLOAT + 64) / 64) * 64;
      return at;
    });
    this.#machine.reserve(next);
    return places;
  }
}

/** softmax(z) - one-hot(label), row by row, in double precision. */
export const crossEntropy: Seed = (z, labels, dz) => {
  const classes = z.length / labels.length;
  labels.forEach((label, i) => {
    const row = z.subarray(i * classes, (i + 1) * classes);
    const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const powers = Array.from(row, (v) => Math.exp(v - top));
    const sum = powers.reduce((a, b) => a + b, 0);
    powers.forEach((p, c) => {
      dz[i * classes + c] = p / sum - (c === label ? 1 : 0);
    });
  });
};

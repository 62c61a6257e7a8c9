/**
 * A network executed by its plan on a machine. All work is synchronous inside async functions: the caller asks
 * for few steps or images at a time and so decides how often the event loop gets a turn.
 */
import type { Examples } from '../../datasets/types';
import type { Machine } from '../../kernels/machine';
import type { Ptr } from '../../kernels/memory';
import type { SoftLabels } from '../../kernels/softmax-loss/contract';
import type { Arch, Tensors, Weights } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import type { EvalResult, Network, StepGates, StepPenalty, Training, TrainJob } from '../types';
import { type FlowPlan, planFlow } from './flow';
import {
  layStatic,
  layWork,
  type PackedLayers,
  type StaticLayout,
  type TrainLayout,
  type WorkLayout,
} from './layout';
import { checkLength, type GatesAt, Parameters } from './parameters';
import { compilePasses, type Passes } from './passes';
import { compilePlan, type Plan, type Slot } from './plan';
import { ScoresInPlace } from './scores';

/**
 * Images per forward pass of an evaluation: as many as leave few enough floats that a layer finds in the cache what
 * the one before it wrote, but not so few that preparing weights takes longer than using them.
 */
function chunkOf(floatsPerImage: number): number {
  const cached = Math.min(256, Math.floor(640e3 / floatsPerImage));
  const fits = Math.max(1, Math.floor(8e6 / floatsPerImage));
  return Math.min(fits, Math.max(32, cached));
}

export class PlanNetwork implements Network {
  readonly arch: Arch;
  readonly #plan: Plan;
  readonly #flow: FlowPlan;
  readonly #machine: Machine;
  readonly #fixed: StaticLayout;
  readonly #parameters: Parameters;
  readonly #chunk: number;
  readonly #release: () => void;
  #work: WorkLayout;
  #passes: Passes;
  #training: Training | null = null;
  /** Of the training in flight. */
  #gates: GatesInPlace | null = null;
  #scores: ScoresInPlace | null = null;
  #disposed = false;

  /**
   * Owns the machine until `release` is called, on disposal.
   * @param forms layers executed in other forms than dense: of the weights that will be loaded, which must not change
   */
  constructor(arch: Arch, machine: Machine, release: () => void, forms: PackedLayers = new Map()) {
    this.arch = arch;
    this.#plan = compilePlan(arch);
    this.#flow = planFlow(this.#plan);
    this.#machine = machine;
    this.#release = release;
    this.#fixed = layStatic(this.#plan, machine, forms);
    this.#parameters = new Parameters(this.#plan, machine, this.#fixed);
    const perImage = this.#plan.stages.reduce((sum, s) => sum + s.outSize, this.#plan.inputSize);
    this.#chunk = chunkOf(perImage);
    [this.#work, this.#passes] = this.#lay(0);
  }

  async load(weights: Weights): Promise<void> {
    this.#alive();
    if (this.#training) throw misuse('load() while a training is in flight; dispose of it first');
    this.#parameters.load(weights);
  }
  async read(): Promise<Tensors> {
    this.#ready();
    return this.#parameters.read();
  }

  train(job: TrainJob): Training {
    this.#ready();
    if (this.#training) throw misuse('train() while another training is in flight; dispose of it first');
    checkExamples(this.#plan, job.examples);
    // Fresh optimizer state: moments live in the training's part of the memory.
    const gates = job.gates && new GatesInPlace(job.gates, this.#plan, this.#machine);
    [this.#work, this.#passes] = this.#lay(job.batch, gates?.size);
    const { grads, m, v } = this.#work.training!;
    gates?.lie(this.#work.training!);
    this.#gates = gates ?? null;
    for (const arena of [grads, m, v]) this.#floats(arena, this.#plan.trained).fill(0);
    const moments = job.optimizer.kind === 'sgd' && !job.scores ? [v] : [m, v];
    const layout = { ...this.#fixed, ...this.#work.training! };
    this.#scores =
      job.scores === undefined
        ? null
        : new ScoresInPlace(job.scores, this.#plan, this.#machine, this.#parameters, layout);
    let done = 0;
    const training: Training = {
      run: async (steps) => {
        if (this.#training !== training) throw misuse('run() on a training that was disposed of');
        const losses = new Float32Array(Math.max(0, steps));
        for (let i = 0; i < steps; i++) losses[i] = this.#step(job, done++);
        return losses;
      },
      mask: async (masks) => {
        this.#parameters.remask(masks);
        this.#parameters.bake();
        for (const arena of moments) this.#parameters.maskArena(arena);
      },
      save: async () => ({ step: done, moments: moments.map((arena) => this.#saved(arena)) }),
      restore: async (state) => {
        moments.forEach((arena, i) => {
          this.#restore(arena, state.moments[i]);
        });
        done = state.step;
      },
      dispose: () => {
        if (this.#training !== training) return;
        this.#training = null;
        this.#gates = null;
        this.#scores = null;
        this.#parameters.gate(new Map());
        this.#parameters.written([]);
      },
    };
    this.#training = training;
    return training;
  }

  #saved(arena: Ptr): Tensors {
    const copy = ({ offset, length }: Slot) => this.#floats(arena + offset * 4, length).slice();
    return Object.fromEntries(this.#trained.map((slot) => [slot.name, copy(slot)]));
  }
  /** @throws WinnowError `engine.shape` that names the tensor. */
  #restore(arena: Ptr, moment: Tensors | undefined): void {
    for (const slot of this.#trained) {
      checkLength(slot, moment?.[slot.name]);
      this.#floats(arena + slot.offset * 4, slot.length).set(moment![slot.name]);
    }
  }
  get #trained(): Slot[] {
    return this.#plan.slots.filter(({ offset }) => offset < this.#plan.trained);
  }

  /** Step number `step` from 0; mean loss of its batch. */
  #step(job: TrainJob, step: number): number {
    const { examples, batch, optimizer } = job;
    const picked = job.indices(step);
    if (picked.length !== batch) throw misuse(`step ${step} needs ${batch} indices, found ${picked.length}`);
    this.#parameters.bake();
    const gates = this.#gates;
    if (gates) this.#parameters.gate(gates.put(gates.job.sample(step)));
    this.#scores?.draw(step);
    this.#parameters.refresh();
    const train = this.#work.training!;
    this.#gather(examples, picked, train.moves, job.moves?.(step));
    this.#passes.forward(batch, train);
    const loss = this.#loss(batch, train.flow[0], this.#softLabels(job, picked, train.teacher)) / batch;
    this.#passes.backward(train);
    const { weights } = this.#fixed;
    const { trained } = this.#parameters;
    const { grads, m, v } = train;
    if (this.#scores) {
      this.#scores.learn(step);
      return loss;
    }
    gates?.job.learn(step, gates.gradients(weights, grads));
    if (job.penalty?.kind === 'l1-subgradient') this.#penalize(job.penalty, optimizer.lr);
    if (optimizer.kind === 'sgd') {
      this.#machine.sgd(weights, grads, v, trained, this.#plan.trained, optimizer);
    } else {
      const rates = { ...optimizer, decoupled: optimizer.kind === 'adamw' };
      this.#machine.adam(weights, grads, m, v, trained, this.#plan.trained, rates, step + 1);
    }
    if (job.penalty && job.penalty.kind !== 'l1-subgradient') this.#penalize(job.penalty, optimizer.lr);
    this.#parameters.changed();
    return loss;
  }
  #penalize({ kind, lambda, kernels }: StepPenalty, lr: number): void {
    for (const slot of this.#plan.slots) {
      if (!kernels.includes(slot.name)) continue;
      const w = this.#fixed.weights + slot.offset * 4;
      const cols = slot.shape[slot.shape.length - 1];
      if (kind === 'l1-proximal') this.#machine.softThreshold(w, slot.length, lr * lambda);
      else if (kind === 'group-lasso') this.#machine.shrinkColumns(w, slot.length / cols, cols, lr * lambda);
      else this.#machine.l1Gradient(this.#work.training!.grads + slot.offset * 4, w, slot.length, lambda);
    }
  }
  /** Brings executed weights up to date, by the gates or the mask of evaluation where there are such. */
  #refresh(): void {
    const gates = this.#gates;
    if (gates) this.#parameters.gate(gates.put(gates.job.fixed()));
    this.#scores?.fix();
    this.#parameters.refresh();
  }

  async evaluate(examples: Examples, from: number, to: number): Promise<EvalResult> {
    this.#ready();
    checkExamples(this.#plan, examples);
    if (from < 0 || to > examples.count) {
      throw misuse(`evaluate(${from}, ${to}) reaches beyond the ${examples.count} examples that are loaded`);
    }
    this.#refresh();
    const result = { correct: 0, loss: 0, count: Math.max(0, to - from) };
    for (let start = from; start < to; start += this.#chunk) {
      const n = Math.min(this.#chunk, to - start);
      const size = this.#plan.inputSize;
      this.#images(examples.pixels.subarray(start * size, (start + n) * size), examples);
      this.#machine.bytes.set(examples.labels.subarray(start, start + n), this.#work.labels);
      this.#passes.forward(n);
      result.loss += this.#loss(n, 0);
      result.correct += this.#machine.lastCorrect();
    }
    return result;
  }

  async logits(pixels: Uint8Array, n: number, scale: number, shift: number): Promise<Float32Array> {
    this.#ready();
    const { inputSize, classes } = this.#plan;
    if (pixels.length !== n * inputSize) {
      throw misuse(`logits() of ${n} images needs ${n * inputSize} pixels, found ${pixels.length}`);
    }
    this.#refresh();
    const out = new Float32Array(n * classes);
    for (let start = 0; start < n; start += this.#chunk) {
      const count = Math.min(this.#chunk, n - start);
      this.#images(pixels.subarray(start * inputSize, (start + count) * inputSize), { scale, shift });
      this.#passes.forward(count);
      out.set(this.#floats(this.#logits, count * classes), start * classes);
    }
    return out;
  }

  async time(batch: number, repetitions: number): Promise<number> {
    this.#ready();
    this.#refresh();
    const input = this.#floats(
      this.#work.acts[0],
      Math.min(batch, this.#work.capacity) * this.#plan.inputSize,
    );
    // Values do not matter for the time as long as none is subnormal.
    for (let i = 0; i < input.length; i++) input[i] = ((i * 2654435761) % 1021) / 1021;
    const pass = () => {
      for (let start = 0; start < batch; start += this.#chunk) {
        this.#passes.forward(Math.min(this.#chunk, batch - start));
      }
    };
    pass();
    const start = performance.now();
    for (let i = 0; i < repetitions; i++) pass();
    return performance.now() - start;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#training = null;
    this.#disposed = true;
    this.#release();
  }

  #lay(trainBatch: number, gates = 0): [WorkLayout, Passes] {
    const capacity = Math.max(this.#chunk, trainBatch);
    const work = layWork(this.#plan, this.#machine, this.#fixed, capacity, trainBatch, this.#flow, gates);
    const { locate } = this.#parameters;
    return [work, compilePasses(this.#plan, this.#flow, this.#machine, this.#fixed, work, locate)];
  }
  get #logits(): number {
    return this.#work.acts[this.#work.acts.length - 1];
  }
  #floats(at: number, length: number): Float32Array {
    return this.#machine.floats.subarray(at / 4, at / 4 + length);
  }
  #loss(rows: number, gradient: number, soft?: SoftLabels): number {
    return this.#machine.softmaxLoss(
      this.#logits,
      this.#work.labels,
      gradient,
      rows,
      this.#plan.classes,
      soft,
    );
  }
  /** Puts the teacher's logits of the batch into memory. */
  #softLabels({ soft }: TrainJob, picked: Uint32Array, teacher: Ptr): SoftLabels | undefined {
    if (!soft) return undefined;
    const { classes } = this.#plan;
    const rows = this.#floats(teacher, picked.length * classes);
    picked.forEach((index, i) => {
      rows.set(soft.logits.subarray(index * classes, (index + 1) * classes), i * classes);
    });
    return { teacher, hard: soft.hard, temperature: soft.temperature };
  }
  #images(pixels: Uint8Array, { scale, shift }: { scale: number; shift: number }): void {
    const { pixels: at, acts } = this.#work;
    this.#machine.bytes.set(pixels, at);
    this.#machine.fromBytes(at, acts[0], pixels.length, scale, shift);
  }
  #gather(examples: Examples, picked: Uint32Array, movesAt: Ptr, moves?: Int8Array): void {
    const size = this.#plan.inputSize;
    const { pixels: at, labels, acts } = this.#work;
    const { bytes } = this.#machine;
    for (let i = 0; i < picked.length; i++) {
      const index = picked[i];
      if (index >= examples.count) throw misuse(`example ${index} of ${examples.count} is not loaded`);
      bytes.set(examples.pixels.subarray(index * size, (index + 1) * size), at + i * size);
      bytes[labels + i] = examples.labels[index];
    }
    const { scale, shift, shape } = examples;
    if (!moves) {
      this.#machine.fromBytes(at, acts[0], picked.length * size, scale, shift);
      return;
    }
    bytes.set(new Uint8Array(moves.buffer, moves.byteOffset, moves.length), movesAt);
    const [h, w, c] = shape;
    this.#machine.augment({ h, w, c }, at, movesAt, acts[0], picked.length, scale, shift);
  }
  #alive(): void {
    if (this.#disposed) throw misuse('the network was disposed of');
  }
  #ready(): void {
    this.#alive();
    if (!this.#parameters.loaded) throw misuse('no weights: load() comes first');
  }
}

/** The gates of a training inside the machine's memory. */
class GatesInPlace {
  /** All gates, one after the other. */
  readonly size: number;
  readonly #at = new Map<string, GatesAt>();
  #train: TrainLayout | null = null;
  constructor(
    readonly job: StepGates,
    readonly plan: Plan,
    readonly machine: Machine,
  ) {
    this.size = job.kernels.reduce((sum, { units }) => sum + units, 0);
  }
  lie(train: TrainLayout): void {
    this.#train = train;
    let at = train.gates;
    for (const { name, rows, cols, units } of this.job.kernels) {
      this.#at.set(name, { shape: { rows, cols, units }, at });
      at += units * 4;
    }
  }
  put(values: Tensors): ReadonlyMap<string, GatesAt> {
    for (const [name, { at }] of this.#at) this.machine.floats.set(values[name], at / 4);
    return this.#at;
  }
  /** Of the gates; the gradients of the kernels become those of the latent weights. */
  gradients(weights: Ptr, grads: Ptr): Tensors {
    const { gates, gateGrads } = this.#train!;
    const found = [...this.#at].map(([name, { shape, at }]) => {
      const offset = this.plan.slots.find((slot) => slot.name === name)!.offset * 4;
      const dz = gateGrads + (at - gates);
      this.machine.dotRows(shape, grads + offset, weights + offset, dz);
      this.machine.scaleRows(shape, grads + offset, at, grads + offset);
      return [name, this.machine.floats.slice(dz / 4, dz / 4 + shape.units)] as const;
    });
    return Object.fromEntries(found);
  }
}

/** @throws WinnowError `engine.shape` when the images do not fit the network. */
export function checkExamples({ inputSize, arch }: Plan, { shape }: Examples): void {
  if (shape[0] * shape[1] * shape[2] === inputSize) return;
  throw new WinnowError({
    code: 'engine.shape',
    path: 'data',
    message: `images must be ${arch.input.join(' x ')}, found ${shape.join(' x ')}`,
  });
}
export const misuse = (message: string) => new WinnowError({ code: 'engine.misuse', path: '', message });

/**
 * A network on a TensorFlow.js backend. TensorFlow.js keeps one global state, so the caller runs one job
 * at a time; within a job every tensor is made in a tidy scope or disposed of by hand.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Examples } from '../../../datasets/types';
import type { Guard } from '../../../kernels/webgpu/gpu';
import { fakeQuant } from '../../../methods/fake-quant';
import { normNames } from '../../../models/build';
import type { Arch, BatchNormLayer, Tensors, Weights } from '../../../models/types';
import type { EvalResult, Network, OptimizerState, Training, TrainJob } from '../../types';
import { checkExamples, misuse } from '../network';
import { checkLength } from '../parameters';
import { compilePlan, type Plan, type Slot } from '../plan';
import { batchOf, images, noise, slice } from './batch';
import { fakeQuantOf } from './fake-quant';
import { type Effective, forward } from './forward';
import { meanLoss, score } from './loss';
import { makeOptimizer, type Optimizer } from './optimizers';
import { penalized, shrunk } from './penalty';

/** Images per forward pass: a fixed size keeps the pool of GPU buffers small; at most this many floats live in it. */
const CHUNK = 500;
const CHUNK_FLOATS = 16e6;

export type { Guard };

export class TfjsNetwork implements Network {
  readonly arch: Arch;
  readonly #guard: Guard;
  /** Names, shapes and checks are those of the plan; the arithmetic is not. */
  readonly #plan: Plan;
  readonly #slots: Map<string, Slot>;
  /** Names of what optimizers work on: all but running statistics. */
  readonly #trained: string[];
  readonly #chunk: number;
  readonly #latent = new Map<string, tf.Variable>();
  readonly #masks = new Map<string, tf.Tensor>();
  #maskBytes: Weights['masks'] = {};
  /** True where a weight is held. */
  readonly #held = new Map<string, tf.Tensor>();
  #quant: Weights['quant'] = {};
  /** Effective tensors, made when first needed after a load or a training step. */
  #effective: Effective | null = null;
  #training: Training | null = null;
  readonly #warm = new Set<number>();

  constructor(arch: Arch, guard: Guard) {
    this.arch = arch;
    this.#guard = guard;
    this.#plan = compilePlan(arch);
    const { slots, trained, stages, inputSize } = this.#plan;
    this.#slots = new Map(slots.map((slot) => [slot.name, slot]));
    this.#trained = slots.filter((slot) => slot.offset < trained).map((slot) => slot.name);
    const perImage = stages.reduce((sum, s) => sum + s.outSize, inputSize);
    this.#chunk = Math.max(1, Math.min(CHUNK, Math.floor(CHUNK_FLOATS / perImage)));
  }

  async load(weights: Weights): Promise<void> {
    if (this.#training) throw misuse('load() while a training is in flight; dispose of it first');
    for (const slot of this.#slots.values()) {
      checkLength(slot, weights.tensors[slot.name]);
      if (weights.masks[slot.name]) checkLength(slot, weights.masks[slot.name]);
      if (weights.held?.[slot.name]) checkLength(slot, weights.held[slot.name]);
    }
    this.#free();
    this.#quant = weights.quant;
    this.#maskBytes = weights.masks;
    for (const [name, slot] of this.#slots) {
      const shape = [...slot.shape];
      this.#latent.set(
        name,
        tf.tidy(() => tf.variable(tf.tensor(weights.tensors[name].slice(), shape))),
      );
      const mask = weights.masks[name];
      if (mask) this.#masks.set(name, tf.tensor(Float32Array.from(mask), shape));
      const held = weights.held?.[name];
      if (held?.includes(1)) this.#held.set(name, tf.tensor(held, shape, 'bool'));
    }
  }

  async read(): Promise<Tensors> {
    this.#requireLoaded();
    return this.#values(this.#latent);
  }

  train(job: TrainJob): Training {
    this.#requireLoaded();
    if (this.#training) throw misuse('train() while another training is in flight; dispose of it first');
    checkExamples(this.#plan, job.examples);
    if (job.gates || job.scores)
      throw misuse('train() with gates or scores: only the plan on a CPU has them');
    const optimizer = makeOptimizer(job.optimizer);
    let t = 0;
    const training: Training = {
      run: async (steps) => {
        if (this.#training !== training) throw misuse('run() on a training that was disposed of');
        if (steps < 1) return new Float32Array(0);
        const losses: tf.Scalar[] = [];
        try {
          for (let i = 0; i < steps; i++) losses.push(this.#step(job, optimizer, t++));
        } catch (error) {
          tf.dispose(losses);
          throw error;
        }
        return this.#collect(losses);
      },
      mask: async (masks) => this.#mask(masks, optimizer),
      save: async () => ({ step: t, moments: await this.#moments(optimizer) }),
      restore: async (state) => {
        t = state.step;
        tf.tidy(() => optimizer.restore(state.moments.map((tensors) => this.#shaped(tensors))));
      },
      dispose: () => {
        optimizer.dispose();
        if (this.#training === training) this.#training = null;
      },
    };
    this.#training = training;
    return training;
  }

  /** One step; the mean loss of its batch stays on the device. */
  #step(job: TrainJob, optimizer: Optimizer, step: number): tf.Scalar {
    this.#stale();
    return tf.tidy(() => {
      const { x, y, teacher } = batchOf(job, step, this.#plan.classes);
      const names = this.#trained;
      const loss = (...latent: tf.Tensor[]) => {
        const pairs = names.map((name, i) => [name, this.#transform(name, latent[i])] as const);
        const z = forward(this.arch, Object.fromEntries(pairs), x, this.#observe);
        return meanLoss(z, y, teacher);
      };
      const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => this.#latent.get(name)!));
      names.forEach((name, i) => {
        const weight = this.#latent.get(name)!;
        const mask = this.#masks.get(name);
        // The gradient is masked already: straight through the transform means times the mask.
        const gradient = this.#unheld(name, penalized(job, name, weight, grads[i]));
        // Nor is there weight decay of what is held.
        const stepped = optimizer.update(name, this.#unheld(name, weight), gradient, step + 1);
        const next = shrunk(job, name, stepped);
        weight.assign(this.#unheld(name, mask ? tf.mul(next, mask) : next, weight));
      });
      return value as tf.Scalar;
    });
  }
  /** `fresh`, but for weights that are held, which have `old`. */
  #unheld(name: string, fresh: tf.Tensor, old: tf.Tensor = tf.zerosLike(fresh)): tf.Tensor {
    const held = this.#held.get(name);
    return held ? tf.where(held, old, fresh) : fresh;
  }
  /** Masks from here on, for weights and moments alike. */
  #mask(masks: Weights['masks'], optimizer: Optimizer): void {
    this.#stale();
    this.#maskBytes = masks;
    tf.dispose([...this.#masks.values()]);
    this.#masks.clear();
    for (const [name, bytes] of Object.entries(masks)) {
      const slot = this.#slots.get(name)!;
      checkLength(slot, bytes);
      const mask = tf.tensor(Float32Array.from(bytes), [...slot.shape]);
      this.#masks.set(name, mask);
      const moments = optimizer.moments().flatMap((moment) => moment.get(name) ?? []);
      for (const variable of [this.#latent.get(name)!, ...moments]) {
        tf.tidy(() => variable.assign(tf.mul(variable, mask)));
      }
    }
  }
  /** Moves the running statistics of a batch norm towards those of the batch. */
  readonly #observe = (layer: BatchNormLayer, mean: tf.Tensor, variance: tf.Tensor): void => {
    const names = normNames(layer);
    for (const [name, batch] of [
      [names.mean, mean],
      [names.variance, variance],
    ] as const) {
      const running = this.#latent.get(name)!;
      running.assign(tf.add(tf.mul(running, 1 - layer.momentum), tf.mul(batch, layer.momentum)));
    }
  };

  async evaluate(examples: Examples, from: number, to: number): Promise<EvalResult> {
    const weights = await this.#ready();
    checkExamples(this.#plan, examples);
    if (from < 0 || to > examples.count) {
      throw misuse(`evaluate(${from}, ${to}) reaches beyond the ${examples.count} examples that are loaded`);
    }
    const result = { correct: 0, loss: 0, count: Math.max(0, to - from) };
    // All passes are on their way before the first result is waited for.
    const parts: { labels: Uint8Array; logits: Promise<Float32Array> }[] = [];
    for (let start = from; start < to; start += this.#chunk) {
      const { x, labels } = slice(examples, start, Math.min(start + this.#chunk, to));
      const z = tf.tidy(() => forward(this.arch, weights, x));
      x.dispose();
      parts.push({ labels, logits: this.#take(z) });
    }
    for (const { labels, logits } of parts) {
      const { correct, loss } = score(await logits, labels, this.#plan.classes);
      result.correct += correct;
      result.loss += loss;
    }
    return result;
  }

  async logits(pixels: Uint8Array, n: number, scale: number, shift: number): Promise<Float32Array> {
    const weights = await this.#ready();
    const size = this.#plan.inputSize;
    if (pixels.length !== n * size) {
      throw misuse(`logits() of ${n} images needs ${n * size} pixels, found ${pixels.length}`);
    }
    const out = new Float32Array(n * this.#plan.classes);
    for (let start = 0; start < n; start += this.#chunk) {
      const part = pixels.subarray(start * size, Math.min(n, start + this.#chunk) * size);
      const z = tf.tidy(() => forward(this.arch, weights, images(part, this.arch.input, scale, shift)));
      out.set(await this.#take(z), start * this.#plan.classes);
    }
    return out;
  }

  async time(batch: number, repetitions: number): Promise<number> {
    const weights = await this.#ready();
    const x = noise(batch, this.arch.input);
    const passes = (count: number) => {
      for (let i = 1; i < count; i++) tf.tidy(() => void forward(this.arch, weights, x));
      return this.#take(tf.tidy(() => forward(this.arch, weights, x)));
    };
    try {
      // Always one pass before the clock: it uploads the input and, at a new batch size, compiles.
      await passes(this.#warm.has(batch) ? 1 : 2);
      this.#warm.add(batch);
      const start = performance.now();
      await passes(repetitions);
      return performance.now() - start;
    } finally {
      x.dispose();
    }
  }

  dispose(): void {
    this.#training?.dispose();
    this.#free();
  }

  /** Latent -> effective; the gradient goes straight through quantization and is masked. */
  #transform(name: string, latent: tf.Tensor): tf.Tensor {
    const mask = this.#masks.get(name);
    const spec = this.#quant[name];
    if (!mask && !spec) return latent;
    const f = tf.customGrad((w) => {
      const kept = mask ? tf.mul(w as tf.Tensor, mask) : (w as tf.Tensor);
      const value = spec ? fakeQuantOf(kept, spec, mask) : kept;
      return { value, gradFunc: (dy: tf.Tensor) => (mask ? tf.mul(dy, mask) : tf.clone(dy)) };
    });
    return f(latent);
  }
  async #ready(): Promise<Effective> {
    this.#requireLoaded();
    if (this.#effective) return this.#effective;
    // Quantized kernels go through the same function as the file that stores them, bit for bit.
    const latent = Object.keys(this.#quant).length > 0 ? await this.read() : {};
    const pairs = [...this.#latent].map(([name, tensor]) => {
      const shape = [...this.#slots.get(name)!.shape];
      const spec = this.#quant[name];
      const make = () =>
        spec
          ? tf.tensor(fakeQuant(latent[name], shape, spec, this.#maskBytes[name]), shape)
          : tf.clone(this.#transform(name, tensor));
      return [name, tf.keep(tf.tidy(make))] as const;
    });
    this.#effective = Object.fromEntries(pairs);
    return this.#effective;
  }
  /** A copy of each tensor's values. */
  async #values(tensors: ReadonlyMap<string, tf.Tensor>): Promise<Tensors> {
    const names = [...tensors.keys()];
    const values = await this.#guard(Promise.all(names.map((name) => tensors.get(name)!.data())));
    // The cpu backend hands out its own arrays.
    return Object.fromEntries(names.map((name, i) => [name, Float32Array.from(values[i])]));
  }
  async #moments(optimizer: Optimizer): Promise<OptimizerState['moments']> {
    const read = await Promise.all(optimizer.moments().map((moment) => this.#values(moment)));
    // What has not been needed yet is zero.
    const whole = (moment: Tensors) =>
      this.#trained.map((name) => [name, moment[name] ?? new Float32Array(this.#slots.get(name)!.length)]);
    return read.map((moment) => Object.fromEntries(whole(moment)));
  }
  #shaped(tensors: Tensors): Map<string, tf.Tensor> {
    const shaped = (name: string) => {
      const slot = this.#slots.get(name)!;
      checkLength(slot, tensors[name]);
      return tf.tensor(tensors[name].slice(), [...slot.shape]);
    };
    return new Map(this.#trained.map((name) => [name, shaped(name)]));
  }
  #stale(): void {
    for (const tensor of Object.values(this.#effective ?? {})) tensor.dispose();
    this.#effective = null;
  }
  #free(): void {
    this.#stale();
    for (const tensors of [this.#latent, this.#masks, this.#held]) {
      for (const tensor of tensors.values()) tensor.dispose();
      tensors.clear();
    }
  }
  #requireLoaded(): void {
    if (this.#latent.size === 0) throw misuse('no weights: load() comes first');
  }
  /** Reads scalars with one round trip and disposes of them. */
  #collect(scalars: tf.Tensor[]): Promise<Float32Array> {
    const all = tf.tidy(() => tf.stack(scalars));
    tf.dispose(scalars);
    return this.#take(all);
  }
  async #take(tensor: tf.Tensor): Promise<Float32Array> {
    try {
      return Float32Array.from(await this.#guard(tensor.data()));
    } finally {
      tensor.dispose();
    }
  }
}

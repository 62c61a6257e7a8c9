/**
 * A network on a TensorFlow.js backend. TensorFlow.js keeps one global state, so the caller runs one job
 * at a time; within a job every tensor is made in a tidy scope or disposed of by hand.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Examples } from '../../../datasets/types';
import type { Guard } from '../../../kernels/webgpu/gpu';
import { fakeQuant } from '../../../methods/fake-quant';
import type { Arch, Tensors, Weights } from '../../../models/types';
import { WinnowError } from '../../../spec/problem';
import type { EvalResult, Network, Training, TrainJob } from '../../types';
import { gather, images, noise } from './batch';
import { fakeQuantOf } from './fake-quant';
import { classesOf, crossEntropy, type Effective, forward, tensorShapes } from './forward';
import { makeOptimizer } from './optimizers';

/** Examples per forward pass; a fixed size keeps the pool of GPU buffers small. */
const CHUNK = 500;

export type { Guard };

export class TfjsNetwork implements Network {
  readonly arch: Arch;
  readonly #guard: Guard;
  readonly #shapes: Map<string, number[]>;
  readonly #classes: number;
  readonly #latent = new Map<string, tf.Variable>();
  readonly #masks = new Map<string, tf.Tensor>();
  #maskBytes: Weights['masks'] = {};
  #quant: Weights['quant'] = {};
  /** Effective tensors, made when first needed after a load or a training step. */
  #effective: Effective | null = null;
  #training: Training | null = null;
  readonly #warm = new Set<number>();

  constructor(arch: Arch, guard: Guard) {
    this.arch = arch;
    this.#guard = guard;
    this.#shapes = tensorShapes(arch);
    this.#classes = classesOf(arch);
  }

  async load(weights: Weights): Promise<void> {
    if (this.#training) throw misuse('load() while a training is in flight; dispose of it first');
    this.#free();
    this.#quant = weights.quant;
    this.#maskBytes = weights.masks;
    for (const [name, shape] of this.#shapes) {
      const values = checked(weights.tensors, name, shape);
      this.#latent.set(
        name,
        tf.tidy(() => tf.variable(tf.tensor(values.slice(), shape))),
      );
      const mask = weights.masks[name];
      if (mask) this.#masks.set(name, tf.tensor(Float32Array.from(mask), shape));
    }
  }

  async read(): Promise<Tensors> {
    const names = [...this.#latent.keys()];
    const values = await this.#guard(Promise.all(names.map((name) => this.#latent.get(name)!.data())));
    // The cpu backend hands out its own arrays.
    return Object.fromEntries(names.map((name, i) => [name, Float32Array.from(values[i])]));
  }

  train(job: TrainJob): Training {
    this.#requireLoaded();
    if (this.#training) throw misuse('train() while another training is in flight; dispose of it first');
    const optimizer = makeOptimizer(job.optimizer);
    let t = 0;
    const training: Training = {
      run: async (steps) => {
        if (this.#training !== training) throw misuse('run() on a training that was disposed of');
        if (steps < 1) return new Float32Array(0);
        const losses: tf.Scalar[] = [];
        for (let i = 0; i < steps; i++) losses.push(this.#step(job, optimizer, t++));
        return this.#collect(losses);
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
  #step(job: TrainJob, optimizer: ReturnType<typeof makeOptimizer>, step: number): tf.Scalar {
    this.#stale();
    return tf.tidy(() => {
      const indices = job.indices(step);
      const { x, y } = gather(job.examples, indices, this.#classes);
      const names = [...this.#latent.keys()];
      const loss = (...latent: tf.Tensor[]) => {
        const pairs = names.map((name, i) => [name, this.#transform(name, latent[i])] as const);
        return crossEntropy(forward(this.arch, Object.fromEntries(pairs), x), y, 1 / indices.length);
      };
      const { value, grads } = tf.valueAndGrads(loss)([...this.#latent.values()]);
      names.forEach((name, i) => {
        const weight = this.#latent.get(name)!;
        const mask = this.#masks.get(name);
        // The gradient is masked already: straight through the transform means times the mask.
        const next = optimizer.update(name, weight, grads[i], step + 1);
        weight.assign(mask ? tf.mul(next, mask) : next);
      });
      return value as tf.Scalar;
    });
  }

  async evaluate(examples: Examples, from: number, to: number): Promise<EvalResult> {
    const weights = await this.#ready();
    const sums: tf.Tensor[] = [];
    for (let start = from; start < to; start += CHUNK) {
      const indices = Uint32Array.from({ length: Math.min(CHUNK, to - start) }, (_, i) => start + i);
      sums.push(
        ...tf.tidy(() => {
          const { x, y } = gather(examples, indices, this.#classes);
          const z = forward(this.arch, weights, x);
          const hits = tf.cast(tf.equal(tf.argMax(z, 1), tf.argMax(y, 1)), 'float32');
          return [tf.sum(hits), crossEntropy(z, y, 1)];
        }),
      );
    }
    const result = { correct: 0, loss: 0, count: Math.max(0, to - from) };
    if (sums.length === 0) return result;
    // Added up here and not on the device, where 32 bits would round a sum over 10,000 images.
    (await this.#collect(sums)).forEach((value, i) => {
      if (i % 2 === 0) result.correct += Math.round(value);
      else result.loss += value;
    });
    return result;
  }

  async logits(pixels: Uint8Array, n: number, scale: number, shift: number): Promise<Float32Array> {
    const weights = await this.#ready();
    const size = pixels.length / n;
    const out = new Float32Array(n * this.#classes);
    for (let start = 0; start < n; start += CHUNK) {
      const part = pixels.subarray(start * size, Math.min(n, start + CHUNK) * size);
      const z = tf.tidy(() => forward(this.arch, weights, images(part, this.arch.input, scale, shift)));
      out.set(await this.#take(z), start * this.#classes);
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
      const shape = this.#shapes.get(name)!;
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
  #stale(): void {
    for (const tensor of Object.values(this.#effective ?? {})) tensor.dispose();
    this.#effective = null;
  }
  #free(): void {
    this.#stale();
    for (const tensor of [...this.#latent.values(), ...this.#masks.values()]) tensor.dispose();
    this.#latent.clear();
    this.#masks.clear();
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

function checked(tensors: Tensors, name: string, shape: number[]): Float32Array {
  const values = tensors[name];
  const want = shape.reduce((a, b) => a * b, 1);
  if (values?.length === want) return values;
  const found = values ? `${values.length} values` : 'nothing';
  throw new WinnowError({
    code: 'engine.shape',
    path: name,
    message: `must have ${want} values (${shape.join(' x ')}), found ${found}`,
  });
}
const misuse = (message: string) => new WinnowError({ code: 'engine.misuse', path: '', message });

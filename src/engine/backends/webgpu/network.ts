/** A network executed by its plan on the GPU. Weights, data and the state of a training stay there. */
import type { Examples } from '../../../datasets/types';
import { gatherRange, STATE_WORDS } from '../../../kernels/gather/wgsl';
import { softmaxEvaluation } from '../../../kernels/softmax-loss/wgsl';
import type { Command, Gpu } from '../../../kernels/webgpu/gpu';
import type { Arch, Tensors, Weights } from '../../../models/types';
import type { EvalResult, Network, Training, TrainJob } from '../../types';
import { checkExamples, misuse } from '../network';
import { compilePlan, type Plan } from '../plan';
import { type DataSets, DeviceData } from './data';
import { Pace } from './pace';
import { GpuParameters } from './parameters';
import { type Acts, forwardCommands, freeActs, makeActs } from './passes';
import { GpuTraining } from './training';

const WORD = 4;
/** Images per forward pass, and activations of at most this many floats. */
const CHUNK = 1024;
const CHUNK_FLOATS = 8e6;

export class WebgpuNetwork implements Network {
  readonly arch: Arch;
  readonly #gpu: Gpu;
  readonly #sets: DataSets;
  readonly #onDispose: () => void;
  readonly #plan: Plan;
  readonly #parameters: GpuParameters;
  readonly #state: GPUBuffer;
  readonly #steps: Pace;
  readonly #parts: Pace;
  readonly #used = new Set<DeviceData>();
  /** Loss and hits of every part of an evaluation. */
  #results: GPUBuffer;
  #acts: Acts;
  /** The forward pass, and which buffers it reads its weights from. */
  #forward: Command[] = [];
  #arrangement: string | null = null;
  #training: Training | null = null;
  #disposed = false;
  /** Dispatches of one training step; 0 before the first one. */
  dispatchesPerStep = 0;

  constructor(arch: Arch, gpu: Gpu, sets: DataSets, onDispose: () => void) {
    this.arch = arch;
    this.#gpu = gpu;
    this.#sets = sets;
    this.#onDispose = onDispose;
    this.#plan = compilePlan(arch);
    this.#parameters = new GpuParameters(gpu, this.#plan);
    const perImage = this.#plan.stages.reduce((sum, s) => sum + s.outSize, this.#plan.inputSize);
    const chunk = Math.max(1, Math.min(CHUNK, Math.floor(CHUNK_FLOATS / perImage)));
    this.#acts = makeActs(gpu, this.#plan, chunk);
    this.#state = gpu.buffer('evaluation state', STATE_WORDS * WORD);
    this.#results = gpu.buffer('results', 64 * 2 * WORD);
    this.#steps = new Pace(gpu);
    this.#parts = new Pace(gpu);
  }
  /** Compiles the forward pass, so that the first call does not wait for it. */
  async prepare(): Promise<void> {
    if (this.#arrangement === this.#parameters.arrangement) return;
    this.#forward = await forwardCommands(this.#gpu, this.#plan, this.#acts, this.#parameters);
    this.#arrangement = this.#parameters.arrangement;
  }

  async load(weights: Weights): Promise<void> {
    this.#alive();
    if (this.#training) throw misuse('load() while a training is in flight; dispose of it first');
    this.#parameters.load(weights);
    await this.prepare();
  }
  async read(): Promise<Tensors> {
    this.#ready();
    return this.#parameters.read();
  }

  train(job: TrainJob): Training {
    this.#ready();
    if (this.#training) throw misuse('train() while another training is in flight; dispose of it first');
    checkExamples(this.#plan, job.examples);
    let making: Promise<GpuTraining> | null = null;
    let made: GpuTraining | null = null;
    let over = false;
    const make = async () => {
      made = await this.#record(job);
      if (over) made.free();
      return made;
    };
    const training: Training = {
      run: async (steps) => {
        if (this.#training !== training) throw misuse('run() on a training that was disposed of');
        making ??= make();
        return (await making).run(steps);
      },
      dispose: () => {
        over = true;
        made?.free();
        if (this.#training === training) this.#training = null;
      },
    };
    this.#training = training;
    return training;
  }
  async #record(job: TrainJob): Promise<GpuTraining> {
    if (job.batch > this.#acts.capacity) {
      freeActs(this.#gpu, this.#acts);
      this.#acts = makeActs(this.#gpu, this.#plan, job.batch);
      this.#arrangement = null;
    }
    await this.prepare();
    const made = await GpuTraining.make(
      {
        gpu: this.#gpu,
        plan: this.#plan,
        parameters: this.#parameters,
        acts: this.#acts,
        forward: this.#forward,
        data: this.#data(job.examples),
        pace: this.#steps,
      },
      job,
    );
    this.dispatchesPerStep = made.dispatches;
    return made;
  }

  async evaluate(examples: Examples, from: number, to: number): Promise<EvalResult> {
    this.#ready();
    checkExamples(this.#plan, examples);
    if (from < 0 || to > examples.count) {
      throw misuse(`evaluate(${from}, ${to}) reaches beyond the ${examples.count} examples that are loaded`);
    }
    const result = { correct: 0, loss: 0, count: Math.max(0, to - from) };
    if (result.count === 0) return result;
    await this.#parameters.refresh();
    await this.prepare();
    const { capacity, picked } = this.#acts;
    const parts = Math.ceil(result.count / capacity);
    this.#fit(parts);
    const data = this.#data(examples);
    const gather = await this.#gather(data);
    const loss = await this.#gpu.command(softmaxEvaluation(this.#plan.classes, capacity), [
      this.#logits,
      picked,
      this.#state,
      this.#results,
    ]);
    this.#gpu.write(this.#state, 0, Uint32Array.of(0, from, to, 0));
    await this.#parts.run(parts, (pass, part) => {
      const images = Math.min(capacity, result.count - part * capacity);
      for (const command of [gather, ...this.#forward, loss]) this.#gpu.encode(pass, command, images);
    });
    const found = await this.#gpu.read(this.#results, parts * 2 * WORD);
    const [losses, hits] = [new Float32Array(found), new Uint32Array(found)];
    for (let part = 0; part < parts; part++) {
      result.loss += losses[2 * part];
      result.correct += hits[2 * part + 1];
    }
    return result;
  }

  async logits(pixels: Uint8Array, n: number, scale: number, shift: number): Promise<Float32Array> {
    this.#ready();
    const { inputSize, classes } = this.#plan;
    if (pixels.length !== n * inputSize) {
      throw misuse(`logits() of ${n} images needs ${n * inputSize} pixels, found ${pixels.length}`);
    }
    if (n === 0) return new Float32Array(0);
    await this.#parameters.refresh();
    await this.prepare();
    const shape = [1, 1, inputSize] as const;
    const labels = new Uint8Array(n);
    const examples: Examples = { split: 'test', count: n, total: n, pixels, labels, shape, scale, shift };
    const data = new DeviceData(this.#gpu, examples);
    data.update(examples);
    const out = new Float32Array(n * classes);
    try {
      const gather = await this.#gather(data);
      const { capacity } = this.#acts;
      for (let start = 0; start < n; start += capacity) {
        const images = Math.min(capacity, n - start);
        this.#gpu.write(this.#state, 0, Uint32Array.of(0, start, n, 0));
        this.#gpu.submit((pass) => {
          for (const command of [gather, ...this.#forward]) this.#gpu.encode(pass, command, images);
        });
        out.set(
          new Float32Array(await this.#gpu.read(this.#logits, images * classes * WORD)),
          start * classes,
        );
      }
    } finally {
      data.free();
    }
    return out;
  }

  async time(batch: number, repetitions: number): Promise<number> {
    this.#ready();
    await this.#parameters.refresh();
    await this.prepare();
    const { capacity, acts } = this.#acts;
    const input = new Float32Array(Math.min(batch, capacity) * this.#plan.inputSize);
    // Values do not matter for the time as long as none is subnormal.
    for (let i = 0; i < input.length; i++) input[i] = ((i * 2654435761) % 1021) / 1021;
    this.#gpu.write(acts[0], 0, input);
    const parts = Math.ceil(batch / capacity);
    const passes = async (count: number) => {
      await this.#parts.run(count * parts, (pass, unit) => {
        const images = Math.min(capacity, batch - (unit % parts) * capacity);
        for (const command of this.#forward) this.#gpu.encode(pass, command, images);
      });
      await this.#gpu.done();
    };
    await passes(1);
    const start = performance.now();
    await passes(repetitions);
    return performance.now() - start;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#training?.dispose();
    this.#disposed = true;
    freeActs(this.#gpu, this.#acts);
    this.#gpu.free(this.#state, this.#results);
    this.#parameters.free();
    for (const data of this.#used) data.users--;
    this.#sets.trim();
    this.#onDispose();
  }

  get #logits(): GPUBuffer {
    return this.#acts.acts[this.#acts.acts.length - 1];
  }
  #data(examples: Examples): DeviceData {
    const data = this.#sets.take(examples);
    if (!this.#used.has(data)) data.users++;
    this.#used.add(data);
    return data;
  }
  #gather({ pixels, labels, norm }: DeviceData): Promise<Command> {
    const { acts, capacity, picked } = this.#acts;
    const kernel = gatherRange(this.#plan.inputSize, capacity);
    return this.#gpu.command(kernel, [pixels, labels, this.#state, norm, acts[0], picked]);
  }
  /** Room for the results of that many parts. */
  #fit(parts: number): void {
    if (this.#results.size >= parts * 2 * WORD) return;
    this.#gpu.free(this.#results);
    this.#results = this.#gpu.buffer('results', parts * 2 * WORD);
  }
  #alive(): void {
    if (this.#disposed) throw misuse('the network was disposed of');
  }
  #ready(): void {
    this.#alive();
    if (!this.#parameters.loaded) throw misuse('no weights: load() comes first');
  }
}

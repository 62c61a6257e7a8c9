/** A network executed by its plan on the GPU. Weights, data and the state of a training stay there. */
import type { Examples } from '../../../datasets/types';
import { gatherRange, STATE_WORDS } from '../../../kernels/gather/wgsl';
import { softmaxEvaluation } from '../../../kernels/softmax-loss/wgsl';
import type { Command, Gpu, Region } from '../../../kernels/webgpu/gpu';
import type { Arch, Tensors, Weights } from '../../../models/types';
import type { EvalResult, Network, OptimizerState, Training, TrainJob } from '../../types';
import type { PackedLayers } from '../layout';
import { checkExamples, misuse } from '../network';
import type { Plan } from '../plan';
import { type DataSets, DeviceData } from './data';
import { DeployedLayers, patchFloats } from './deployed';
import { Pace } from './pace';
import { type Arenas, GpuParameters } from './parameters';
import { type Acts, Allocation, commandsOf, makeActs, Recorder, recordForward } from './passes';
import type { Stack } from './stack';
import type { GpuTraining } from './training';

const WORD = 4;
/** Images per forward pass, and activations of at most this many floats. */
const CHUNK = 1024;
const CHUNK_FLOATS = 8e6;
/** Patches of a convolution in another form than dense: one buffer serves all layers. */
const PATCH_FLOATS = 16e6;

export class WebgpuNetwork implements Network {
  readonly #gpu: Gpu;
  readonly #plan: Plan;
  readonly #arenas: Arenas;
  readonly #parameters: GpuParameters;
  readonly #room: Allocation;
  readonly #state: Region;
  readonly #parts: Pace;
  readonly #used = new Set<DeviceData>();
  /** Loss and hits of every part of an evaluation. */
  #results: Region;
  readonly #acts: Acts;
  /** Layers in other forms than dense; null in a network that is trained. */
  readonly #deployed: DeployedLayers | null = null;
  /** The forward pass by capacity, and for which quantized tensors it was made. */
  readonly #forward = new Map<number, Command[]>();
  #arrangement: string | null = null;
  #training: Training | null = null;
  /** The same on the device, once it is there. */
  #made: GpuTraining | null = null;
  #disposed = false;
  /** Dispatches of one training step; 0 before the first one. */
  dispatchesPerStep = 0;

  /** The same by the device's own clock: all repetitions are one pass. Absent where it has none. */
  readonly kernelTime?: (batch: number, repetitions: number) => Promise<number>;

  /**
   * Network `index` of a stack.
   * @param forms a deployed network: layers in other forms than dense, of the weights that will be loaded, which must
   * not change
   */
  constructor(
    readonly arch: Arch,
    readonly stack: Stack,
    readonly index: number,
    readonly sets: DataSets,
    readonly onDispose: () => void,
    forms?: PackedLayers,
  ) {
    const { gpu, plan } = stack.arenas;
    this.#gpu = gpu;
    this.#plan = plan;
    this.#arenas = stack.arenas.alone(index);
    this.#parameters = new GpuParameters(this.#arenas);
    const perImage = plan.stages.reduce((sum, s) => sum + s.outSize, plan.inputSize);
    const patches = forms ? patchFloats(plan, forms) : 0;
    const largest = Math.max(plan.inputSize, patches, ...plan.stages.map((s) => s.outSize));
    const fits = Math.min(
      Math.floor(gpu.limit / (largest * WORD)),
      Math.floor(CHUNK_FLOATS / perImage),
      patches > 0 ? Math.floor(PATCH_FLOATS / patches) : CHUNK,
    );
    const chunk = Math.max(1, Math.min(CHUNK, fits));
    this.#room = new Allocation(gpu, 1);
    this.#acts = makeActs(this.#room, plan, chunk);
    this.#state = this.#room.floats('evaluation state', STATE_WORDS);
    this.#results = gpu.region('results', 64 * 2 * WORD);
    this.#parts = new Pace(gpu);
    try {
      if (forms) this.#deployed = new DeployedLayers(gpu, plan, forms);
    } catch (error) {
      this.#release();
      throw error;
    }
    if (gpu.clocked) this.kernelTime = (batch, repetitions) => this.#kernelTime(batch, repetitions);
  }
  /** Compiles the forward pass, so that the first call does not wait for it. */
  async prepare(): Promise<void> {
    await this.#commands(this.#acts.capacity);
  }
  /** The forward pass of at most so many images. */
  async #commands(images: number): Promise<readonly Command[]> {
    const { quant } = this.#parameters;
    const arrangement = Object.keys(quant).sort().join();
    if (this.#arrangement !== arrangement) this.#forward.clear();
    this.#arrangement = arrangement;
    // What is fastest for many images may be slow for one. Networks that are trained are not asked for one at a time.
    const capacity = this.#deployed && images === 1 ? 1 : this.#acts.capacity;
    const known = this.#forward.get(capacity);
    if (known) return known;
    const acts = { ...this.#acts, capacity };
    const recorder = new Recorder(this.#arenas, acts, quant, this.#deployed ?? undefined);
    await recordForward(recorder);
    const made = await commandsOf(this.#gpu, recorder.ops, 0);
    this.#forward.set(capacity, made);
    return made;
  }

  async load(weights: Weights): Promise<void> {
    this.#alive();
    if (this.#training) throw misuse('load() while a training is in flight; dispose of it first');
    await this.stack.settled();
    this.#alive();
    this.#parameters.load(weights);
    this.#deployed?.load(weights);
    await this.prepare();
  }
  async read(): Promise<Tensors> {
    this.#ready();
    return this.stack.aside(this.#made, () => this.#parameters.read());
  }

  train(job: TrainJob): Training {
    this.#ready();
    if (this.#deployed)
      throw misuse('train() of a deployed network: its kernels are packed once and for all');
    if (this.#training) throw misuse('train() while another training is in flight; dispose of it first');
    checkExamples(this.#plan, job.examples);
    if (job.gates || job.scores)
      throw misuse('train() with gates or scores: only the plan on a CPU has them');
    let making: Promise<GpuTraining> | null = null;
    const made = (): Promise<GpuTraining> => {
      if (this.#training !== training) throw misuse('run() on a training that was disposed of');
      making ??= this.#begin(job, training);
      return making;
    };
    const training: Training = {
      run: async (steps) => this.stack.run(await made(), steps),
      mask: async (masks) => {
        const ready = await made();
        await this.stack.aside(ready, () => ready.mask(masks));
      },
      save: async () => {
        const ready = await made();
        return this.stack.aside(ready, () => ready.save());
      },
      restore: async (state: OptimizerState) => (await made()).restore(state),
      dispose: () => {
        if (this.#training !== training) return;
        this.#training = null;
        if (this.#made) this.stack.leave(this.#made);
        this.#made = null;
      },
    };
    this.#training = training;
    return training;
  }
  async #begin(job: TrainJob, training: Training): Promise<GpuTraining> {
    const made = await this.stack.join(
      this.index,
      job,
      this.#parameters.quant,
      this.#data(job.examples),
      this.#parameters,
    );
    // Disposed of while it was being made.
    if (this.#training !== training) {
      this.stack.leave(made);
      throw misuse('run() on a training that was disposed of');
    }
    this.dispatchesPerStep = made.workspace.dispatches;
    this.#made = made;
    return made;
  }

  evaluate(examples: Examples, from: number, to: number): Promise<EvalResult> {
    return this.stack.aside(this.#made, () => this.#evaluate(examples, from, to));
  }
  async #evaluate(examples: Examples, from: number, to: number): Promise<EvalResult> {
    this.#ready();
    checkExamples(this.#plan, examples);
    if (from < 0 || to > examples.count) {
      throw misuse(`evaluate(${from}, ${to}) reaches beyond the ${examples.count} examples that are loaded`);
    }
    const result = { correct: 0, loss: 0, count: Math.max(0, to - from) };
    if (result.count === 0) return result;
    await this.#parameters.refresh();
    const { capacity, picked } = this.#acts;
    const forward = await this.#commands(capacity);
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
      this.#alive();
      for (const command of [...gather, ...forward, loss]) this.#gpu.encode(pass, command, images);
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
    const forward = await this.#commands(n);
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
          for (const command of [...gather, ...forward]) this.#gpu.encode(pass, command, images);
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
    const { parts, encode } = await this.#timed(batch);
    const passes = async (count: number) => {
      await this.#parts.run(count * parts, encode);
      await this.#gpu.done();
    };
    await passes(1);
    const start = performance.now();
    await passes(repetitions);
    return performance.now() - start;
  }
  async #kernelTime(batch: number, repetitions: number): Promise<number> {
    const { parts, encode } = await this.#timed(batch);
    return this.#gpu.clock((pass) => {
      for (let unit = 0; unit < repetitions * parts; unit++) encode(pass, unit);
    });
  }
  /** A forward pass of fixed input in as many parts as it takes. */
  async #timed(batch: number) {
    this.#ready();
    await this.#parameters.refresh();
    const forward = await this.#commands(batch);
    this.#ready();
    const { capacity, acts } = this.#acts;
    const input = new Float32Array(Math.min(batch, capacity) * this.#plan.inputSize);
    // Values do not matter for the time as long as none is subnormal.
    for (let i = 0; i < input.length; i++) input[i] = ((i * 2654435761) % 1021) / 1021;
    this.#gpu.write(acts[0], 0, input);
    const parts = Math.ceil(batch / capacity);
    const encode = (pass: GPUComputePassEncoder, unit: number) => {
      this.#alive();
      const images = Math.min(capacity, batch - (unit % parts) * capacity);
      for (const command of forward) this.#gpu.encode(pass, command, images);
    };
    return { parts, encode };
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#training?.dispose();
    this.#disposed = true;
    this.#release();
    for (const data of this.#used) data.users--;
    this.sets.trim();
    this.onDispose();
  }

  #release(): void {
    this.#room.free();
    this.#deployed?.free();
    this.#gpu.free(this.#results);
    this.stack.close();
  }
  get #logits(): Region {
    return this.#acts.acts[this.#acts.acts.length - 1];
  }
  #data(examples: Examples): DeviceData {
    const data = this.sets.take(examples);
    if (!this.#used.has(data)) data.users++;
    this.#used.add(data);
    return data;
  }
  #gather({ pages, labels, norm }: DeviceData): Promise<Command[]> {
    const { acts, capacity, picked } = this.#acts;
    return Promise.all(
      pages.map(({ pixels, ...page }) =>
        this.#gpu.command(gatherRange(this.#plan.inputSize, capacity, page), [
          pixels,
          labels,
          this.#state,
          norm,
          acts[0],
          picked,
        ]),
      ),
    );
  }
  /** Room for the results of that many parts. */
  #fit(parts: number): void {
    if (this.#results.size >= parts * 2 * WORD) return;
    this.#gpu.free(this.#results);
    this.#results = this.#gpu.region('results', parts * 2 * WORD);
  }
  #alive(): void {
    if (this.#disposed) throw misuse('the network was disposed of');
  }
  #ready(): void {
    this.#alive();
    if (!this.#parameters.loaded) throw misuse('no weights: load() comes first');
  }
}

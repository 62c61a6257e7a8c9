/** A training on the device: one list of commands, the same every step, and a schedule of the steps to come. */
import { gatherTraining, STATE_WORDS } from '../../../kernels/gather/wgsl';
import { adam, RATES, sgd } from '../../../kernels/optimizer/wgsl';
import { softmaxTraining } from '../../../kernels/softmax-loss/wgsl';
import type { Command, Gpu } from '../../../kernels/webgpu/gpu';
import type { OptimizerSpec, TrainJob } from '../../types';
import { misuse } from '../network';
import type { Plan } from '../plan';
import type { DeviceData } from './data';
import type { Pace } from './pace';
import type { GpuParameters } from './parameters';
import { type Acts, backwardCommands, type Flow, freeFlow, makeFlow, quantCommands } from './passes';

const WORD = 4;
/** Steps whose images and losses are on the device at a time: as many run before losses are read. */
const RING = 256;

export interface TrainingParts {
  gpu: Gpu;
  plan: Plan;
  parameters: GpuParameters;
  acts: Acts;
  forward: readonly Command[];
  data: DeviceData;
  pace: Pace;
}

export class GpuTraining {
  readonly #parts: TrainingParts;
  readonly #job: TrainJob;
  readonly #stride: number;
  readonly #buffers: GPUBuffer[] = [];
  readonly #flow: Flow;
  readonly #schedule: GPUBuffer;
  readonly #losses: GPUBuffer;
  readonly #state: GPUBuffer;
  #commands: Command[] = [];
  #step = 0;
  #freed = false;

  private constructor(parts: TrainingParts, job: TrainJob) {
    this.#parts = parts;
    this.#job = job;
    this.#stride = job.batch + 2;
    this.#flow = makeFlow(parts.gpu, parts.plan, job.batch);
    this.#schedule = this.#buffer('schedule', RING * this.#stride);
    this.#losses = this.#buffer('losses', RING);
    this.#state = this.#buffer('state', STATE_WORDS);
  }
  static async make(parts: TrainingParts, job: TrainJob): Promise<GpuTraining> {
    const training = new GpuTraining(parts, job);
    try {
      training.#commands = await training.#record();
    } catch (error) {
      training.free();
      throw error;
    }
    return training;
  }
  #buffer(label: string, words: number, usage?: number): GPUBuffer {
    const buffer = this.#parts.gpu.buffer(label, words * WORD, usage);
    this.#buffers.push(buffer);
    return buffer;
  }

  /** The commands of one step. */
  async #record(): Promise<Command[]> {
    const { gpu, plan, parameters, acts, forward, data } = this.#parts;
    const { batch } = this.#job;
    const flow = this.#flow;
    const last = plan.stages.length - 1;
    const logits = acts.acts[last + 1];
    const [quant, ranges] = await quantCommands(gpu, parameters);
    this.#buffers.push(...ranges);
    const gather = gatherTraining(plan.inputSize, batch, RING, this.#stride);
    const loss = softmaxTraining(plan.classes, batch, RING, plan.stages[last].reluGradient);
    // Before the optimizer's moments are made: the race for the fastest kernels writes to gradients only.
    const backward = await backwardCommands(gpu, plan, acts, flow, parameters, batch);
    return [
      ...quant,
      await gpu.command(gather, [
        data.pixels,
        data.labels,
        this.#state,
        this.#schedule,
        data.norm,
        acts.acts[0],
        acts.picked,
      ]),
      ...forward,
      await gpu.command(loss, [logits, acts.picked, this.#state, flow.flows[last], this.#losses]),
      ...backward,
      await this.#optimizer(this.#job.optimizer),
    ];
  }
  async #optimizer(spec: OptimizerSpec): Promise<Command> {
    const { gpu, plan, parameters } = this.#parts;
    const rates = this.#buffer('rates', RATES.length, GPUBufferUsage.UNIFORM);
    gpu.write(rates, 0, ratesOf(spec));
    const arenas = [parameters.latent, this.#flow.grads, parameters.mask, rates];
    if (spec.kind !== 'sgd') {
      const [m, v] = [this.#buffer('first moments', plan.arena), this.#buffer('second moments', plan.arena)];
      const kernel = adam(plan.arena, RING, this.#stride);
      return gpu.command(kernel, [...arenas, m, v, this.#state, this.#schedule]);
    }
    const moving = spec.momentum !== 0;
    const velocity = moving ? [this.#buffer('velocity', plan.arena)] : [];
    return gpu.command(sgd(plan.arena, moving, spec.nesterov), [...arenas, ...velocity]);
  }
  get dispatches(): number {
    return this.#commands.length;
  }

  /** Mean loss of each of the next `steps` batches. */
  async run(steps: number): Promise<Float32Array> {
    const losses = new Float32Array(Math.max(0, steps));
    const { gpu, parameters, pace } = this.#parts;
    for (let at = 0; at < steps; ) {
      const count = Math.min(RING, steps - at);
      this.#upload(count);
      parameters.changed();
      await pace.run(count, (pass) => {
        this.#alive();
        for (const command of this.#commands) gpu.encode(pass, command, this.#job.batch);
      });
      this.#alive();
      const ring = new Float32Array(await gpu.read(this.#losses, RING * WORD));
      for (let i = 0; i < count; i++) losses[at + i] = ring[(this.#step + i) % RING];
      this.#step += count;
      at += count;
    }
    return losses;
  }
  /** Images and bias corrections of the next steps, and images that have come in. */
  #upload(count: number): void {
    const { gpu, data } = this.#parts;
    const { batch, examples, indices, optimizer } = this.#job;
    data.update(examples);
    const words = new Uint32Array(count * this.#stride);
    const floats = new Float32Array(words.buffer);
    for (let i = 0; i < count; i++) {
      const step = this.#step + i;
      const picked = indices(step);
      if (picked.length !== batch)
        throw misuse(`step ${step} needs ${batch} indices, found ${picked.length}`);
      for (const index of picked) {
        if (index >= examples.count) throw misuse(`example ${index} of ${examples.count} is not loaded`);
      }
      words.set(picked, i * this.#stride);
      if (optimizer.kind === 'sgd') continue;
      const at = i * this.#stride + batch;
      floats[at] = 1 / (1 - optimizer.beta1 ** (step + 1));
      floats[at + 1] = 1 / (1 - optimizer.beta2 ** (step + 1));
    }
    const start = this.#step % RING;
    const first = Math.min(count, RING - start) * this.#stride;
    gpu.write(this.#schedule, start * this.#stride * WORD, words.subarray(0, first));
    if (first < words.length) gpu.write(this.#schedule, 0, words.subarray(first));
  }
  /** Commands on freed buffers would take the whole device down. */
  #alive(): void {
    if (this.#freed) throw misuse('the training was disposed of while it was running');
  }
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    freeFlow(this.#parts.gpu, this.#flow);
    this.#parts.gpu.free(...this.#buffers);
  }
}

function ratesOf(spec: OptimizerSpec): Float32Array {
  if (spec.kind === 'sgd') return Float32Array.of(spec.lr, 0, 0, 0, 0, 0, spec.momentum, 0);
  const { lr, beta1, beta2, epsilon } = spec;
  return Float32Array.of(lr, beta1, beta2, epsilon, 1 - beta1, 1 - beta2, 0, 0);
}

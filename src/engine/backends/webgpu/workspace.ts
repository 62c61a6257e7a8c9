/**
 * What trainings of one kind need on the device: activations, gradients, moments, the schedule of the steps to come,
 * and the commands of one step, the same every step. Networks of a stack share it, each with its own part, and may
 * be trained by commands that serve all of them at once.
 */

import {
  gatherTraining,
  type ScheduleShape,
  STATE_WORDS,
  scheduleStride,
} from '../../../kernels/gather/wgsl';
import { adam, type Decay, RATES, sgd } from '../../../kernels/optimizer/wgsl';
import { l1Gradient, shrinkColumns, softThreshold } from '../../../kernels/penalty/wgsl';
import { softmaxTraining } from '../../../kernels/softmax-loss/wgsl';
import { type Command, type Region, slice } from '../../../kernels/webgpu/gpu';
import type { Quants } from '../../../models/types';
import { crc32 } from '../../crc32';
import type { OptimizerSpec, TrainJob } from '../../types';
import { misuse } from '../network';
import type { DeviceData } from './data';
import type { Arenas } from './parameters';
import {
  type Acts,
  Allocation,
  type Backflow,
  commandsOf,
  makeActs,
  makeBackflow,
  type Op,
  Recorder,
  recordBackward,
  recordForward,
  recordQuants,
  stackedCommands,
} from './passes';

/** Steps whose images and losses are on the device at a time: as many run before losses are read. */
export const RING = 256;

/** Trainings of equal kind can share a workspace. */
export const kindOf = ({ batch, optimizer, moves, soft, penalty }: TrainJob, quant: Quants): string => {
  const labels = soft ? [soft.hard, soft.temperature] : [];
  const parts = [batch, optimizer, moves !== undefined, labels, quant];
  return JSON.stringify(penalty ? [...parts, penalty] : parts);
};

export class Workspace {
  readonly schedule: Region;
  readonly losses: Region;
  readonly state: Region;
  /** Adam: m and v; SGD: the velocity, if any. */
  readonly moments: readonly Region[];
  /** Logits of the teacher for all images of the data set. */
  readonly teacher: Region | null;
  readonly shape: ScheduleShape;
  readonly #room: Allocation;
  readonly #acts: Acts;
  readonly #backflow: Backflow;
  readonly #rates: Region;
  #ops: readonly Op[] = [];
  readonly #single = new Map<number, Promise<Command[]>>();
  readonly #stacked = new Map<number, Promise<Command[]>>();
  #freed = false;

  private constructor(
    readonly arenas: Arenas,
    readonly job: TrainJob,
    readonly quant: Quants,
    readonly data: DeviceData,
  ) {
    const { gpu, plan, count } = arenas;
    const { batch, examples, optimizer, soft } = job;
    this.shape = { batch, ring: RING, moves: job.moves !== undefined };
    this.#room = new Allocation(gpu, count);
    try {
      this.#acts = makeActs(this.#room, plan, batch);
      this.#backflow = makeBackflow(this.#room, plan, batch);
      this.schedule = this.#room.floats('schedule', RING * scheduleStride(this.shape));
      this.losses = this.#room.floats('losses', RING);
      this.state = this.#room.floats('state', STATE_WORDS);
      this.#rates = this.#room.floats('rates', RATES.length, GPUBufferUsage.UNIFORM);
      const names = optimizer.kind !== 'sgd' ? ['m', 'v'] : optimizer.momentum !== 0 ? ['velocity'] : [];
      this.moments = names.map((name) => this.#room.floats(name, plan.trained));
      this.teacher = soft ? this.#room.floats('teacher', examples.total * plan.classes) : null;
    } catch (error) {
      this.#room.free();
      throw error;
    }
    gpu.write(this.#rates, 0, ratesOf(optimizer));
  }
  /** @throws WinnowError `gpu.memory` when something does not fit. */
  static async make(arenas: Arenas, job: TrainJob, quant: Quants, data: DeviceData): Promise<Workspace> {
    const made = new Workspace(arenas, job, quant, data);
    try {
      made.#ops = await made.#record();
    } catch (error) {
      made.free();
      throw error;
    }
    return made;
  }

  async #record(): Promise<Op[]> {
    const { arenas, job, data, shape } = this;
    const { plan } = arenas;
    const { acts, picked } = this.#acts;
    const to = new Recorder(arenas, this.#acts, this.quant);
    recordQuants(to, this.#room);
    const [h, w, c] = job.examples.shape;
    for (const page of data.pages) {
      const kernel = gatherTraining({ h, w, c }, shape, page);
      to.add(kernel, ...[page.pixels, data.labels, this.state, data.norm, acts[0], picked, this.schedule]);
    }
    await recordForward(to, this.#backflow);
    const last = plan.stages[plan.stages.length - 1];
    const soft = job.soft && { ...job.soft, schedule: shape };
    const labels = this.teacher ? [this.schedule, this.teacher] : [];
    to.add(
      softmaxTraining(plan.classes, job.batch, RING, last.reluGradient, soft),
      ...[acts[acts.length - 1], picked, this.state, this.#backflow.buffers[this.#backflow.flow.logits]],
      ...[this.losses, ...labels],
    );
    await recordBackward(to, this.#backflow);
    this.#penalty(to, true);
    this.#optimizer(to);
    this.#penalty(to, false);
    return to.ops;
  }
  #optimizer(to: Recorder): void {
    const { arenas, moments, state, schedule, shape } = this;
    const { optimizer: spec } = this.job;
    const { trained } = arenas.plan;
    const decay: Decay = !spec.weightDecay ? 'none' : spec.kind === 'adamw' ? 'decoupled' : 'coupled';
    const operands = [arenas.latent, this.#backflow.grads, arenas.mask, this.#rates, ...moments];
    if (spec.kind !== 'sgd') to.add(adam(trained, shape, decay), ...operands, state, schedule);
    else to.add(sgd(trained, moments.length > 0, spec.nesterov, decay), ...operands);
  }

  /** What of a penalty belongs before or after the optimizer. */
  #penalty(to: Recorder, before: boolean): void {
    const { penalty, optimizer } = this.job;
    if (!penalty || (penalty.kind === 'l1-subgradient') !== before) return;
    const { lambda, kind } = penalty;
    const { latent, plan } = this.arenas;
    for (const { name, offset, length, shape } of plan.slots) {
      if (!penalty.kernels.includes(name)) continue;
      const cols = shape[shape.length - 1];
      const t = optimizer.lr * lambda;
      if (before) to.add(l1Gradient(offset, length, lambda), this.#backflow.grads, latent);
      else if (kind === 'l1-proximal') to.add(softThreshold(offset, length, t), latent);
      else to.add(shrinkColumns(offset, length / cols, cols, t), latent);
    }
  }

  /** Dispatches of one step of one network, or of all where one serves them all. */
  get dispatches(): number {
    return this.#ops.length;
  }
  /** Name under which it is remembered what is fastest here for so many networks. */
  note(count: number): string {
    const what = `${kindOf(this.job, this.quant)} ${JSON.stringify(this.arenas.plan.arch)}`;
    return `stack ${count} ${crc32(new TextEncoder().encode(what))}`;
  }

  /** One network's commands. */
  single(index: number): Promise<Command[]> {
    this.alive();
    const known = this.#single.get(index);
    if (known) return known;
    const made = commandsOf(this.arenas.gpu, this.#ops, index);
    this.#single.set(index, made);
    return made;
  }
  /** Commands for the first `count` networks of the stack at once. */
  stacked(count: number): Promise<Command[]> {
    this.alive();
    const known = this.#stacked.get(count);
    if (known) return known;
    const made = stackedCommands(this.arenas.gpu, this.#ops, count);
    this.#stacked.set(count, made);
    return made;
  }

  /** A fresh start for one network. */
  reset(index: number, step = 0): void {
    const { gpu } = this.arenas;
    const mine = [...this.moments, this.#backflow.grads].map((region) => slice(region, index));
    gpu.clear(...mine);
    gpu.write(slice(this.state, index), 0, Uint32Array.of(step, 0, 0, 0));
  }
  /** Commands on freed buffers would take the whole device down. */
  alive(): void {
    if (this.#freed) throw misuse('the training was disposed of while it was running');
  }
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    this.#room.free();
  }
}

function ratesOf(spec: OptimizerSpec): Float32Array {
  const decay = spec.weightDecay ?? 0;
  if (spec.kind === 'sgd') return Float32Array.of(spec.lr, 0, 0, 0, 0, 0, spec.momentum, decay);
  const { lr, beta1, beta2, epsilon } = spec;
  return Float32Array.of(lr, beta1, beta2, epsilon, 1 - beta1, 1 - beta2, 0, decay);
}

/**
 * Networks of one architecture whose trainings go on side by side on one device. A block of steps is run for all
 * that wait for one: by commands that serve the whole stack at once, or by each one's own commands in turns,
 * whichever has been faster on this device. Both give the same bits, so that the choice is made on real work.
 */
import { type Command, type Gpu, slice } from '../../../kernels/webgpu/gpu';
import type { Quants } from '../../../models/types';
import { WinnowError } from '../../../spec/problem';
import type { TrainJob } from '../../types';
import { misuse } from '../network';
import type { Plan } from '../plan';
import type { DeviceData } from './data';
import { Pace } from './pace';
import { type GpuParameters, StackArenas } from './parameters';
import { Race, type Way } from './race';
import { GpuTraining } from './training';
import { kindOf, RING, Workspace } from './workspace';

/** So long the others wait for a training that is neither waiting nor known to be at something else. */
const PATIENCE_MS = 100;
const WORD = 4;

interface Request {
  training: GpuTraining;
  losses: Float32Array;
  done: number;
  resolve(losses: Float32Array): void;
  reject(reason: unknown): void;
}
interface Kept {
  workspace: Promise<Workspace>;
  users: number;
}

export class Stack {
  readonly arenas: StackArenas;
  readonly #pace: Pace;
  readonly #workspaces = new Map<string, Kept>();
  readonly #trainings = new Map<GpuTraining, Kept>();
  readonly #requests = new Map<GpuTraining, Request>();
  readonly #races = new Map<string, Race>();
  readonly #data = new Map<DeviceData, number>();
  /** Trainings that are at something else for a while, such as an evaluation. */
  readonly #busy = new Map<GpuTraining, number>();
  /** What all networks need together does not fit into one buffer: each has its own. */
  #apart = false;
  #block: Promise<void> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #networks: number;

  constructor(
    readonly gpu: Gpu,
    plan: Plan,
    readonly count: number,
    /** Always done this way; for tests and benchmarks. */
    readonly way?: Way,
  ) {
    this.arenas = new StackArenas(gpu, plan, count);
    this.#pace = new Pace(gpu);
    this.#networks = count;
  }

  /** Begins a training of network `index`; to be ended with `leave`. */
  async join(
    index: number,
    job: TrainJob,
    quant: Quants,
    data: DeviceData,
    parameters: GpuParameters,
  ): Promise<GpuTraining> {
    const [kept, place] = await this.#keep(index, job, quant, data);
    const training = new GpuTraining(await kept.workspace, place, job, parameters);
    this.#trainings.set(training, kept);
    return training;
  }
  async #keep(
    index: number,
    job: TrainJob,
    quant: Quants,
    data: DeviceData,
  ): Promise<[kept: Kept, place: number]> {
    const number = this.#data.get(data) ?? this.#data.size;
    this.#data.set(data, number);
    const kind = `${number} ${kindOf(job, quant)}`;
    if (this.count > 1 && !this.#apart) {
      try {
        return [await this.#share(kind, () => Workspace.make(this.arenas, job, quant, data)), index];
      } catch (error) {
        if (!(error instanceof WinnowError) || error.problem.code !== 'gpu.memory') throw error;
        this.#apart = true;
      }
    }
    const arenas = this.arenas.alone(index);
    return [await this.#share(`${index} ${kind}`, () => Workspace.make(arenas, job, quant, data)), 0];
  }
  async #share(key: string, make: () => Promise<Workspace>): Promise<Kept> {
    const kept = this.#workspaces.get(key) ?? { workspace: make(), users: 0 };
    this.#workspaces.set(key, kept);
    kept.users++;
    try {
      await kept.workspace;
      return kept;
    } catch (error) {
      if (this.#workspaces.get(key) === kept) this.#workspaces.delete(key);
      throw error;
    }
  }
  leave(training: GpuTraining): void {
    const kept = this.#trainings.get(training);
    if (!kept) return;
    this.#trainings.delete(training);
    training.end();
    if (--kept.users === 0) {
      for (const [key, other] of this.#workspaces) if (other === kept) this.#workspaces.delete(key);
      training.workspace.free();
    }
    this.#next();
  }

  /** Mean loss of each of the next `steps` batches. */
  run(training: GpuTraining, steps: number): Promise<Float32Array> {
    if (steps <= 0) return Promise.resolve(new Float32Array(0));
    return new Promise((resolve, reject) => {
      this.#requests.set(training, { training, losses: new Float32Array(steps), done: 0, resolve, reject });
      this.#next();
    });
  }
  /** Does something else for a training; the others wait for it meanwhile. */
  async aside<T>(training: GpuTraining | null, work: () => Promise<T>): Promise<T> {
    if (!training) return work();
    this.#busy.set(training, (this.#busy.get(training) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (this.#busy.get(training) ?? 1) - 1;
      if (left > 0) this.#busy.set(training, left);
      else this.#busy.delete(training);
      this.#next();
    }
  }
  /** When no block is being run that may still change weights of trainings that were ended. */
  async settled(): Promise<void> {
    await this.#block;
  }
  /** One network of the stack is not used any more. */
  close(): void {
    if (--this.#networks === 0) this.arenas.free();
  }

  /** Starts a block, or waits a little for those who are not here yet. */
  #next(): void {
    clearTimeout(this.#patience);
    if (this.#block || this.#requests.size === 0) return;
    const absent = [...this.#trainings.keys()].filter((training) => !this.#requests.has(training));
    if (absent.length === 0) this.#start();
    else if (!absent.some((training) => this.#busy.has(training))) {
      this.#patience = setTimeout(() => this.#start(), PATIENCE_MS);
    }
  }
  #start(): void {
    if (this.#block) return;
    this.#block = this.#run().finally(() => {
      this.#block = undefined;
      this.#next();
    });
  }
  async #run(): Promise<void> {
    const requests = [...this.#requests.values()];
    const count = Math.min(RING, ...requests.map(({ losses, done }) => losses.length - done));
    const groups = new Map<Workspace, Request[]>();
    for (const request of requests) {
      const { workspace } = request.training;
      groups.set(workspace, [...(groups.get(workspace) ?? []), request]);
    }
    for (const [workspace, group] of groups) {
      try {
        await this.#steps(workspace, group, count);
      } catch (error) {
        for (const request of group) this.#end(request, error);
      }
    }
  }
  async #steps(workspace: Workspace, group: readonly Request[], count: number): Promise<void> {
    const { gpu } = this;
    const ready = group.filter((request) => this.#upload(request, count));
    if (ready.length === 0) return;
    const indices = ready.map(({ training }) => training.index);
    // One dispatch serves the first networks of a stack and no other choice of them.
    const first = ready.length > 1 && Math.max(...indices) === ready.length - 1;
    const race = first ? this.#race(workspace, ready.length) : null;
    const way = race ? (this.way ?? race.next) : 'turns';
    const commands =
      way === 'stacked'
        ? await workspace.stacked(ready.length)
        : inTurns(await Promise.all(indices.map((i) => workspace.single(i))));
    const start = performance.now();
    await this.#pace.run(count, (pass) => {
      workspace.alive();
      for (const command of commands) gpu.encode(pass, command, workspace.job.batch);
    });
    workspace.alive();
    const rings = await gpu.readAll(indices.map((i) => [slice(workspace.losses, i), RING * WORD] as const));
    race?.add(way, (performance.now() - start) / count);
    for (const [k, request] of ready.entries()) this.#deliver(request, new Float32Array(rings[k]), count);
  }
  #upload(request: Request, count: number): boolean {
    try {
      request.training.upload(count);
      return true;
    } catch (error) {
      this.#end(request, error);
      return false;
    }
  }
  #deliver(request: Request, ring: Float32Array, count: number): void {
    const { training, losses, done } = request;
    if (training.over) {
      this.#end(request, misuse('the training was disposed of while it was running'));
      return;
    }
    losses.set(training.take(ring, count), done);
    request.done += count;
    if (request.done < losses.length) return;
    this.#requests.delete(training);
    request.resolve(losses);
  }
  #end(request: Request, error: unknown): void {
    this.#requests.delete(request.training);
    request.reject(error);
  }
  #race(workspace: Workspace, count: number): Race {
    const note = workspace.note(count);
    const race = this.#races.get(note) ?? new Race(note, this.gpu.notes);
    this.#races.set(note, race);
    return race;
  }
}

/** Op by op through all networks, so that neighbours do not depend on each other. */
function inTurns(lists: readonly (readonly Command[])[]): Command[] {
  return lists[0].flatMap((_, i) => lists.map((list) => list[i]));
}

/** One network's training: where it is, and what it puts on the device for the steps to come. */
import { MOVE_BYTES } from '../../../kernels/gather/contract';
import { scheduleStride } from '../../../kernels/gather/wgsl';
import { slice } from '../../../kernels/webgpu/gpu';
import type { Masks, Tensors } from '../../../models/types';
import type { OptimizerState, TrainJob } from '../../types';
import { misuse } from '../network';
import { checkLength } from '../parameters';
import type { Slot } from '../plan';
import { type GpuParameters, LEVEL } from './parameters';
import { RING, type Workspace } from './workspace';

const WORD = 4;

export class GpuTraining {
  #step = 0;
  /** Images whose soft labels are on the device. */
  #taught = 0;
  #over = false;

  /** @param index of the network in the workspace's stack */
  constructor(
    readonly workspace: Workspace,
    readonly index: number,
    readonly job: TrainJob,
    readonly parameters: GpuParameters,
  ) {
    workspace.reset(index);
  }
  get over(): boolean {
    return this.#over;
  }
  end(): void {
    this.#over = true;
  }

  /** To be called before the commands of the next `count` steps (at most RING) are encoded. */
  upload(count: number): void {
    const { examples } = this.job;
    this.workspace.data.update(examples);
    this.#teach();
    const { shape, schedule, arenas } = this.workspace;
    const stride = scheduleStride(shape);
    const words = new Uint32Array(count * stride);
    for (let i = 0; i < count; i++) this.#plan(this.#step + i, words.subarray(i * stride, (i + 1) * stride));
    const start = this.#step % RING;
    const first = Math.min(count, RING - start) * stride;
    const to = slice(schedule, this.index);
    arenas.gpu.write(to, start * stride * WORD, words.subarray(0, first));
    if (first < words.length) arenas.gpu.write(to, 0, words.subarray(first));
    this.parameters.changed();
  }
  /** Images, their moves and the bias corrections of one step. */
  #plan(step: number, words: Uint32Array): void {
    const { batch, examples, indices, moves, optimizer } = this.job;
    const picked = indices(step);
    if (picked.length !== batch) throw misuse(`step ${step} needs ${batch} indices, found ${picked.length}`);
    for (const index of picked) {
      if (index >= examples.count) throw misuse(`example ${index} of ${examples.count} is not loaded`);
    }
    words.set(picked);
    if (moves) {
      const bytes = moves(step);
      if (bytes.length !== batch * MOVE_BYTES) {
        throw misuse(`step ${step} needs ${batch * MOVE_BYTES} bytes of moves, found ${bytes.length}`);
      }
      new Int8Array(words.buffer, words.byteOffset + batch * WORD, bytes.length).set(bytes);
    }
    if (optimizer.kind === 'sgd') return;
    const floats = new Float32Array(words.buffer, words.byteOffset + (words.length - 2) * WORD, 2);
    floats[0] = 1 / (1 - optimizer.beta1 ** (step + 1));
    floats[1] = 1 / (1 - optimizer.beta2 ** (step + 1));
  }
  /** Soft labels of the images that have come in. */
  #teach(): void {
    const { soft, examples } = this.job;
    const { teacher, arenas } = this.workspace;
    if (!soft || !teacher || examples.count <= this.#taught) return;
    const { classes } = arenas.plan;
    const fresh = soft.logits.subarray(this.#taught * classes, examples.count * classes);
    arenas.gpu.write(slice(teacher, this.index), this.#taught * classes * WORD, fresh);
    this.#taught = examples.count;
  }

  /** Of the last `count` steps, from the ring of losses; the steps count as done. */
  take(ring: Float32Array, count: number): Float32Array {
    const losses = Float32Array.from({ length: count }, (_, i) => ring[(this.#step + i) % RING]);
    this.#step += count;
    return losses;
  }

  /** Masks from here on, for weights and moments alike. */
  async mask(masks: Masks): Promise<void> {
    const levels = await this.parameters.mask(masks);
    const { moments, arenas } = this.workspace;
    const bytes = arenas.plan.trained * WORD;
    for (const region of moments.map((m) => slice(m, this.index))) {
      const values = new Float32Array(await arenas.gpu.read(region, bytes));
      arenas.gpu.write(
        region,
        0,
        values.map((v, i) => (levels[i] === LEVEL.PRUNED ? 0 : v)),
      );
    }
  }

  async save(): Promise<OptimizerState> {
    const { moments, arenas } = this.workspace;
    const step = this.#step;
    const bytes = arenas.plan.trained * WORD;
    const copies = await arenas.gpu.readAll(moments.map((m) => [slice(m, this.index), bytes] as const));
    // Other executors keep a velocity even where it is not used.
    if (copies.length === 0) copies.push(new ArrayBuffer(bytes));
    return { step, moments: copies.map((copy) => this.#tensors(new Float32Array(copy))) };
  }
  /** @throws WinnowError `engine.shape` that names the tensor. */
  restore({ step, moments: saved }: OptimizerState): void {
    const { moments, arenas } = this.workspace;
    const values = moments.map((_, k) => this.#arena(saved[k]));
    this.workspace.reset(this.index, step);
    values.forEach((value, k) => {
      arenas.gpu.write(slice(moments[k], this.index), 0, value);
    });
    this.#step = step;
  }
  #tensors(arena: Float32Array): Tensors {
    const cut = ({ offset, length }: Slot) => arena.slice(offset, offset + length);
    return Object.fromEntries(this.#slots.map((slot) => [slot.name, cut(slot)]));
  }
  #arena(tensors: Tensors | undefined): Float32Array {
    const arena = new Float32Array(this.workspace.arenas.plan.trained);
    for (const slot of this.#slots) {
      checkLength(slot, tensors?.[slot.name]);
      arena.set(tensors![slot.name], slot.offset);
    }
    return arena;
  }
  get #slots(): Slot[] {
    const { slots, trained } = this.workspace.arenas.plan;
    return slots.filter(({ offset }) => offset < trained);
  }
}

/** The weights of one network on the device: latent, effective where quantized, and their masks. */
import type { Gpu } from '../../../kernels/webgpu/gpu';
import { fakeQuant } from '../../../methods/fake-quant';
import type { Quants, Tensors, Weights } from '../../../models/types';
import { checkLength } from '../parameters';
import type { Plan, Slot } from '../plan';

const FLOAT = 4;

export class GpuParameters {
  /** Pruned weights are zero in it. */
  readonly latent: GPUBuffer;
  readonly mask: GPUBuffer;
  #effective: GPUBuffer | null = null;
  readonly #gpu: Gpu;
  readonly #plan: Plan;
  #quant: Quants = {};
  #masks: Record<string, Uint8Array> = {};
  /** As they were loaded; null once a step has changed them. */
  #loaded: Tensors | null = null;
  #any = false;
  /** Effective weights on the device are not those of the latent ones. */
  #stale = false;

  constructor(gpu: Gpu, plan: Plan) {
    this.#gpu = gpu;
    this.#plan = plan;
    this.latent = gpu.buffer('weights', plan.arena * FLOAT);
    this.mask = gpu.buffer('mask', plan.arena * FLOAT);
  }
  get loaded(): boolean {
    return this.#any;
  }
  get effective(): GPUBuffer | null {
    return this.#effective;
  }
  get quantized(): Slot[] {
    return this.#plan.slots.filter((slot) => this.#quant[slot.name]);
  }
  specOf(slot: Slot) {
    return this.#quant[slot.name];
  }
  /** Changes when other buffers hold the tensors. */
  get arrangement(): string {
    return this.quantized.map((slot) => slot.name).join();
  }
  /** Where forward and backward passes find a tensor. */
  locate(slot: Slot): GPUBuffer {
    return this.#quant[slot.name] ? this.#effective! : this.latent;
  }

  /** @throws WinnowError `engine.shape` that names the tensor; the network keeps what it had. */
  load({ tensors, masks, quant }: Weights): void {
    const { slots, arena } = this.#plan;
    for (const slot of slots) {
      checkLength(slot, tensors[slot.name]);
      if (masks[slot.name]) checkLength(slot, masks[slot.name]);
    }
    const values = new Float32Array(arena);
    const kept = new Float32Array(arena).fill(1);
    this.#masks = {};
    for (const { name, offset } of slots) {
      values.set(tensors[name], offset);
      const mask = masks[name];
      if (!mask?.includes(0)) continue;
      this.#masks[name] = mask.slice();
      for (let i = 0; i < mask.length; i++) {
        if (mask[i] === 0) values[offset + i] = kept[offset + i] = 0;
      }
    }
    this.#quant = quant;
    this.#loaded = Object.fromEntries(slots.map(({ name }) => [name, tensors[name].slice()]));
    this.#any = true;
    this.#gpu.write(this.latent, 0, values);
    this.#gpu.write(this.mask, 0, kept);
    const wanted = this.quantized.length > 0;
    if (wanted) this.#effective ??= this.#gpu.buffer('effective weights', arena * FLOAT);
    this.#stale = wanted;
  }

  async read(): Promise<Tensors> {
    const { slots } = this.#plan;
    if (this.#loaded) {
      const loaded = this.#loaded;
      return Object.fromEntries(slots.map(({ name }) => [name, loaded[name].slice()]));
    }
    const all = new Float32Array(await this.#gpu.read(this.latent, this.#plan.arena * FLOAT));
    return Object.fromEntries(slots.map((s) => [s.name, all.slice(s.offset, s.offset + s.length)]));
  }

  /** The device has changed, or is about to change, the latent weights. */
  changed(): void {
    this.#loaded = null;
    this.#stale = this.quantized.length > 0;
  }

  /** Brings the effective weights up to date, by the function that makes the file: bit for bit its codes. */
  async refresh(): Promise<void> {
    if (!this.#stale) return;
    const tensors = await this.read();
    for (const slot of this.quantized) {
      const spec = this.#quant[slot.name];
      const values = fakeQuant(tensors[slot.name], slot.shape, spec, this.#masks[slot.name]);
      this.#gpu.write(this.#effective!, slot.offset * FLOAT, values);
    }
    this.#stale = false;
  }
  free(): void {
    this.#gpu.free(this.latent, this.mask, this.#effective);
    this.#effective = null;
  }
}

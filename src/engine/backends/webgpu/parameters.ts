/** Weights on the device: the arenas of a stack of networks, and those of one network in them. */
import { type Gpu, type Region, slice } from '../../../kernels/webgpu/gpu';
import { fakeQuant } from '../../../methods/fake-quant';
import type { Masks, Quants, Tensors, Weights } from '../../../models/types';
import { checkLength } from '../parameters';
import type { Plan, Slot } from '../plan';

const FLOAT = 4;
/** What optimizers change is TRAINED; what is not PRUNED is executed. */
export const LEVEL = { PRUNED: 0, TRAINED: 1, HELD: 2 } as const;

export interface Arenas {
  readonly gpu: Gpu;
  readonly plan: Plan;
  /** Networks. */
  readonly count: number;
  /** Pruned weights are zero in it. */
  readonly latent: Region;
  /** By weight: one of LEVEL. */
  readonly mask: Region;
  /** Quantized weights. */
  readonly effective: Region;
}

export class StackArenas implements Arenas {
  readonly latent: Region;
  readonly mask: Region;
  #effective: Region | null = null;
  constructor(
    readonly gpu: Gpu,
    readonly plan: Plan,
    readonly count: number,
  ) {
    const arena = (label: string) => gpu.region(label, plan.arena * FLOAT, count);
    this.latent = arena('weights');
    this.mask = arena('mask');
  }
  /** Made when first asked for. */
  get effective(): Region {
    this.#effective ??= this.gpu.region('effective weights', this.plan.arena * FLOAT, this.count);
    return this.#effective;
  }
  /** Those of one network, as if there were no others. */
  alone(index: number): Arenas {
    const { gpu, plan, latent, mask } = this;
    const all = this;
    return {
      ...{ gpu, plan, count: 1, latent: slice(latent, index), mask: slice(mask, index) },
      get effective() {
        return slice(all.effective, index);
      },
    };
  }
  free(): void {
    this.gpu.free(this.latent, this.mask, this.#effective);
    this.#effective = null;
  }
}

export class GpuParameters {
  readonly #arenas: Arenas;
  #quant: Quants = {};
  #masks: Record<string, Uint8Array> = {};
  #held: Masks | undefined;
  /** As they were loaded; null once a step has changed them. */
  #loaded: Tensors | null = null;
  #any = false;
  /** Effective weights on the device are not those of the latent ones. */
  #stale = false;

  /** @param arenas of one network */
  constructor(arenas: Arenas) {
    this.#arenas = arenas;
  }
  get loaded(): boolean {
    return this.#any;
  }
  get quant(): Quants {
    return this.#quant;
  }
  get #quantized(): Slot[] {
    return this.#arenas.plan.slots.filter((slot) => this.#quant[slot.name]);
  }

  /** @throws WinnowError `engine.shape` that names the tensor; the network keeps what it had. */
  load({ tensors, masks, quant, held }: Weights): void {
    const { plan } = this.#arenas;
    for (const slot of plan.slots) {
      checkLength(slot, tensors[slot.name]);
      for (const mask of [masks[slot.name], held?.[slot.name]]) if (mask) checkLength(slot, mask);
    }
    this.#held = held;
    this.#put(tensors, masks);
    this.#quant = quant;
    this.#loaded = Object.fromEntries(plan.slots.map(({ name }) => [name, tensors[name].slice()]));
    this.#any = true;
    this.#stale = this.#quantized.length > 0;
  }

  async read(): Promise<Tensors> {
    const { gpu, plan, latent } = this.#arenas;
    if (this.#loaded) {
      const loaded = this.#loaded;
      return Object.fromEntries(plan.slots.map(({ name }) => [name, loaded[name].slice()]));
    }
    const all = new Float32Array(await gpu.read(latent, plan.arena * FLOAT));
    return Object.fromEntries(plan.slots.map((s) => [s.name, all.slice(s.offset, s.offset + s.length)]));
  }

  /** Masks from here on. @returns the levels by weight, as on the device */
  async mask(masks: Masks): Promise<Float32Array> {
    for (const slot of this.#arenas.plan.slots) if (masks[slot.name]) checkLength(slot, masks[slot.name]);
    const levels = this.#put(await this.read(), masks);
    this.changed();
    return levels;
  }

  /** Writes weights, zero where they are pruned, and levels. */
  #put(tensors: Tensors, masks: Masks): Float32Array {
    const { gpu, plan, latent, mask: levelsAt } = this.#arenas;
    const values = new Float32Array(plan.arena);
    const levels = new Float32Array(plan.arena).fill(LEVEL.TRAINED);
    this.#masks = {};
    for (const { name, offset } of plan.slots) {
      values.set(tensors[name], offset);
      this.#held?.[name]?.forEach((held, i) => {
        if (held === 1) levels[offset + i] = LEVEL.HELD;
      });
      const mask = masks[name];
      if (!mask?.includes(0)) continue;
      this.#masks[name] = mask.slice();
      for (let i = 0; i < mask.length; i++) {
        if (mask[i] !== 0) continue;
        values[offset + i] = 0;
        levels[offset + i] = LEVEL.PRUNED;
      }
    }
    gpu.write(latent, 0, values);
    gpu.write(levelsAt, 0, levels);
    return levels;
  }

  /** The device has changed, or is about to change, the latent weights. */
  changed(): void {
    this.#loaded = null;
    this.#stale = this.#quantized.length > 0;
  }

  /** Brings the effective weights up to date, by the function that makes the file: bit for bit its codes. */
  async refresh(): Promise<void> {
    if (!this.#stale) return;
    const { gpu, effective } = this.#arenas;
    const tensors = await this.read();
    for (const slot of this.#quantized) {
      const spec = this.#quant[slot.name];
      const values = fakeQuant(tensors[slot.name], slot.shape, spec, this.#masks[slot.name]);
      gpu.write(effective, slot.offset * FLOAT, values);
    }
    this.#stale = false;
  }
}

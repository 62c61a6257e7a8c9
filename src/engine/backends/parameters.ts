/** The weights of one network inside a machine: latent, masked, quantized, packed. */
import type { GateShape } from '../../kernels/gates/contract';
import type { Machine } from '../../kernels/machine';
import type { Ptr } from '../../kernels/memory';
import { fakeQuant, scaleCount } from '../../methods/fake-quant';
import { trainedMasks } from '../../models/held';
import type { Masks, Quants, Tensors, Weights } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import { convShape, type StaticLayout } from './layout';
import type { Plan, Slot } from './plan';

const FLOAT = 4;

/** Gates on the rows of a kernel, and where their values are. */
export interface GatesAt {
  readonly shape: GateShape;
  readonly at: Ptr;
}

export class Parameters {
  readonly #plan: Plan;
  readonly #machine: Machine;
  readonly #at: StaticLayout;
  #quant: Quants = {};
  /** Only masks that prune something. */
  #masks: Record<string, Uint8Array> = {};
  #held: Masks | undefined;
  #gates: ReadonlyMap<string, GatesAt> = new Map();
  #written: readonly string[] = [];
  /** True once pruned latent weights are zero themselves, from the first training step on. */
  #baked = false;
  #stale = true;
  #loaded = false;

  constructor(plan: Plan, machine: Machine, at: StaticLayout) {
    this.#plan = plan;
    this.#machine = machine;
    this.#at = at;
  }
  get loaded(): boolean {
    return this.#loaded;
  }
  /** Bytes for the optimizers, 0 where a weight is pruned or held; 0 when all are trained. */
  get trained(): Ptr {
    if (this.#held) return this.#at.trained;
    return Object.keys(this.#masks).length > 0 ? this.#at.mask : 0;
  }

  /** @throws WinnowError `engine.shape` that names the tensor; the network keeps what it had. */
  load({ tensors, masks, quant, held }: Weights): void {
    for (const slot of this.#plan.slots) {
      checkLength(slot, tensors[slot.name]);
      if (masks[slot.name]) checkLength(slot, masks[slot.name]);
      if (held?.[slot.name]) checkLength(slot, held[slot.name]);
    }
    const { floats } = this.#machine;
    for (const slot of this.#plan.slots) floats.set(tensors[slot.name], this.#latent(slot) / FLOAT);
    this.#quant = quant;
    this.#held = held;
    this.#gates = new Map();
    this.#written = [];
    this.remask(masks);
    this.#loaded = true;
  }

  /** Replaces all masks; latent weights obey them from the next `bake` on. */
  remask(masks: Masks): void {
    this.#masks = {};
    for (const { name } of this.#plan.slots)
      if (masks[name]?.includes(0)) this.#masks[name] = masks[name].slice();
    this.#put(this.#masks, this.#at.mask);
    if (this.#held) this.#put(trainedMasks({ masks, held: this.#held }), this.#at.trained);
    this.#baked = false;
    this.#stale = true;
  }
  #put(masks: Masks, arena: Ptr): void {
    const { bytes } = this.#machine;
    bytes.fill(0xff, arena, arena + this.#plan.arena);
    for (const { name, offset } of this.#plan.slots) {
      const mask = masks[name];
      if (!mask) continue;
      for (let i = 0; i < mask.length; i++) bytes[arena + offset + i] = mask[i] === 0 ? 0 : 0xff;
    }
  }
  /** Rows of these kernels are executed times their gates, as those are whenever this is called. */
  gate(gates: ReadonlyMap<string, GatesAt>): void {
    this.#gates = gates;
    this.#stale = true;
  }
  /** These kernels are executed as somebody else has written them (`effectiveOf`), whenever this is called. */
  written(kernels: readonly string[]): void {
    this.#written = kernels;
    this.#stale = true;
  }
  effectiveOf({ offset }: Slot): Ptr {
    return this.#at.effective + offset * FLOAT;
  }
  /** Mask bytes of a kernel, or 0 when nothing of it is pruned. */
  maskAt(slot: Slot): Ptr {
    return this.#masks[slot.name] ? this.#maskOf(slot) : 0;
  }
  /** Zeroes what is pruned in another arena of parameters. */
  maskArena(arena: Ptr): void {
    for (const slot of this.#plan.slots) {
      const at = arena + slot.offset * FLOAT;
      if (this.#masks[slot.name]) this.#machine.applyMask(at, this.#maskOf(slot), at, slot.length);
    }
  }

  read(): Tensors {
    const { floats } = this.#machine;
    const copy = (slot: Slot) => {
      const from = this.#latent(slot) / FLOAT;
      return floats.slice(from, from + slot.length);
    };
    return Object.fromEntries(this.#plan.slots.map((slot) => [slot.name, copy(slot)]));
  }

  /** Where forward and backward passes find a tensor. */
  readonly locate = (slot: Slot): Ptr =>
    this.#quant[slot.name] ||
    this.#gates.has(slot.name) ||
    this.#written.includes(slot.name) ||
    (this.#masks[slot.name] && !this.#baked)
      ? this.#at.effective + slot.offset * FLOAT
      : this.#latent(slot);

  /** Makes latent weights obey their masks: called before a training's first step. */
  bake(): void {
    if (this.#baked) return;
    this.maskArena(this.#at.weights);
    this.#baked = true;
    this.#stale = true;
  }
  /** The optimizer has written to the latent weights. */
  changed(): void {
    this.#stale = true;
  }

  /** Brings effective and packed weights up to date. */
  refresh(): void {
    if (!this.#stale) return;
    for (const slot of this.#plan.slots) this.#makeEffective(slot);
    this.#plan.stages.forEach(({ kernel, layer }, i) => {
      if (!kernel || layer.kind !== 'conv' || this.#at.deployed[i]) return;
      this.#machine.packConv(convShape(layer), this.locate(kernel), this.#at.packed[i]);
    });
    this.#stale = false;
  }

  #makeEffective(slot: Slot): void {
    if (this.#written.includes(slot.name)) return;
    const [from, to] = [this.#latent(slot), this.#at.effective + slot.offset * FLOAT];
    const spec = this.#quant[slot.name];
    if (spec) {
      const { bits, scheme } = spec;
      const mask = this.#masks[slot.name];
      const shape = { n: slot.length, ranges: scaleCount(slot.shape, spec), bits, scheme };
      if (!this.#machine.fakeQuant(shape, from, mask ? this.#maskOf(slot) : 0, to)) {
        // Says which weight is not finite.
        fakeQuant(
          this.#machine.floats.subarray(from / FLOAT, from / FLOAT + slot.length),
          slot.shape,
          spec,
          mask,
        );
      }
      return;
    }
    const hidden = this.#masks[slot.name] && !this.#baked;
    if (hidden) this.#machine.applyMask(from, this.#maskOf(slot), to, slot.length);
    const gates = this.#gates.get(slot.name);
    if (gates) this.#machine.scaleRows(gates.shape, hidden ? to : from, gates.at, to);
  }
  #latent(slot: Slot): Ptr {
    return this.#at.weights + slot.offset * FLOAT;
  }
  #maskOf(slot: Slot): Ptr {
    return this.#at.mask + slot.offset;
  }
}

/** @throws WinnowError `engine.shape` that names the tensor. */
export function checkLength({ name, shape, length }: Slot, values: { length: number } | undefined): void {
  if (values?.length === length) return;
  const found = values ? `${values.length} values` : 'nothing';
  throw new WinnowError({
    code: 'engine.shape',
    path: name,
    message: `must have ${length} values (${shape.join(' x ')}), found ${found}`,
  });
}

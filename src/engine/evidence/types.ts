/** What a kind of evidence is made of: chunks of training images that have run through the network. */
import type { Machine } from '../../kernels/machine';
import type { Ptr } from '../../kernels/memory';
import type { EvidenceKind, EvidenceOf } from '../../methods/evidence';
import type { NetState } from '../../models/types';
import type { Plan, Stage } from '../backends/plan';

/** One stage on the way back. Pointers are bytes in the machine's memory; matrices are row-major, an image a row. */
export interface Back {
  readonly index: number;
  readonly stage: Stage;
  /** [count, inSize], its (first) input. */
  readonly x: Ptr;
  /** [count, outSize], its output, activation included. */
  readonly y: Ptr;
  /**
   * [count, outSize], the gradient of the loss of each image by the stage's output; by what goes into the relu where
   * the stage has one (zero where the relu gives zero). Of the image's own loss: not divided by their number.
   */
  readonly dy: Ptr;
}
/** Puts the gradient by the logits z [count, classes] into dz. */
export type Seed = (z: Float32Array, labels: Uint8Array, dz: Float32Array) => void;

/** Some images that have been through the forward pass, with effective weights and batch norms of evaluation. */
export interface Chunk {
  readonly plan: Plan;
  readonly machine: Machine;
  /** Images. */
  readonly count: number;
  /** By number of value: [count, size] of the images, then of the output of each stage; the last are the logits. */
  readonly values: readonly Ptr[];
  /**
   * Goes back through the network, last stage first; stages that nothing reads are left out. May be called again,
   * with another seed; without one it starts from the cross-entropy of each image.
   */
  backward(visit: (back: Back) => void, seed?: Seed): void;
  /**
   * Memory to work in, so many floats for each of the lengths; valid until the next call. Views of the machine's
   * memory taken before are stale.
   */
  scratch(...lengths: number[]): Ptr[];
  /** Where gradients by parameters may be put, of the plan's slots: `gradients + slot.offset * 4`. */
  readonly gradients: Ptr;
}

/** One measurement on its way. */
export interface Gauge<T> {
  /** Each image comes once. @param turn to be awaited in work of more than some tens of milliseconds */
  add(chunk: Chunk, turn: () => Promise<void>): void | Promise<void>;
  /** After the last chunk. */
  result(images: number): T;
}
/** Begins a measurement. `state` is the one that is measured; its effective tensors are loaded already. */
export type GaugeOf<K extends EvidenceKind> = (plan: Plan, state: NetState) => Gauge<EvidenceOf[K]>;

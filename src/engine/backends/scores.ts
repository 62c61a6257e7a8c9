/** The scores of a training inside the machine's memory: in place of the optimizer's first moment, beside their velocity. */
import type { Machine } from '../../kernels/machine';
import type { Ptr } from '../../kernels/memory';
import type { StepScores } from '../types';
import type { StaticLayout, TrainLayout } from './layout';
import type { Parameters } from './parameters';
import type { Plan, Slot } from './plan';

const FLOAT = 4;

/** A kernel with scores, and what its weights were multiplied by in the step that is being made. */
interface Scored {
  readonly slot: Slot;
  readonly alive: number;
  factor: number;
}

export class ScoresInPlace {
  readonly #kernels: readonly Scored[];

  constructor(
    readonly job: StepScores,
    readonly plan: Plan,
    readonly machine: Machine,
    readonly parameters: Parameters,
    readonly at: Pick<StaticLayout, 'weights'> & Pick<TrainLayout, 'm' | 'v' | 'grads'>,
  ) {
    this.#kernels = job.kernels.map(({ name, alive }) => {
      return { slot: plan.slots.find((slot) => slot.name === name)!, alive, factor: 1 };
    });
    const start = job.start();
    for (const { slot } of this.#kernels) this.#view(at.m, slot).set(start[slot.name]);
  }

  draw(step: number): void {
    for (const kernel of this.#kernels) {
      if (this.job.drawn) this.#draw(kernel, this.job.seed(kernel.slot.name, step));
      else this.#write(kernel);
    }
    this.#written();
  }
  /** For evaluation. */
  fix(): void {
    for (const kernel of this.#kernels) {
      const seed = this.job.shown(kernel.slot.name);
      if (seed) this.#draw(kernel, seed);
      else this.#write(kernel);
    }
    this.#written();
  }
  #written(): void {
    this.parameters.written(this.job.kernels.map(({ name }) => name));
  }
  #draw(kernel: Scored, seed: ReturnType<StepScores['seed']>): void {
    const { slot, alive } = kernel;
    const [w, s] = [this.#of(this.at.weights, slot), this.#of(this.at.m, slot)];
    const to = this.parameters.effectiveOf(slot);
    const all = this.job.rescale ? alive : 0;
    const there = this.machine.drawWeights(w, s, this.parameters.maskAt(slot), to, slot.length, all, seed);
    kernel.factor = this.job.rescale && there > 0 ? alive / there : 1;
  }
  #write(kernel: Scored): void {
    const { slot } = kernel;
    const to = this.parameters.effectiveOf(slot) / FLOAT;
    const out = this.machine.floats.subarray(to, to + slot.length);
    kernel.factor = this.job.write(
      slot.name,
      this.#view(this.at.weights, slot),
      this.#view(this.at.m, slot),
      out,
    );
  }

  /** Gradients of the kernels as executed become those of their scores, which go a step down. */
  learn(step: number): void {
    const { momentum, weightDecay, slope } = this.job;
    const rates = { lr: this.job.rate(step), momentum, nesterov: false, weightDecay };
    for (const { slot, factor } of this.#kernels) {
      const [w, g] = [this.#of(this.at.weights, slot), this.#of(this.at.grads, slot)];
      const [s, v] = [this.#of(this.at.m, slot), this.#of(this.at.v, slot)];
      this.machine.scoreGradient(g, w, s, slot.length, factor, slope === 'sigmoid');
      this.machine.sgd(s, g, v, 0, Math.ceil(slot.length / 4) * 4, rates);
    }
  }

  #of(arena: Ptr, { offset }: Slot): Ptr {
    return arena + offset * FLOAT;
  }
  #view(arena: Ptr, slot: Slot): Float32Array {
    const from = this.#of(arena, slot) / FLOAT;
    return this.machine.floats.subarray(from, from + slot.length);
  }
}

/**
 * How gradients travel back through the graph where a kernel can add others' gradients to its own and take the
 * gradient of a relu: residual sums cost no dispatch then. What the CPU path does in place needs buffers that do not
 * overlap here.
 */
import type { Layer } from '../../../models/types';
import type { Plan } from '../plan';
import { valueSize } from '../plan';

/** A gradient that is written: to that buffer, `others` added, zero where the relu was not positive. */
export interface Written {
  /** Number of the value whose gradient it is. */
  readonly value: number;
  readonly buffer: number;
  readonly others: readonly number[];
  readonly relu: boolean;
}
export type GradientStep =
  /** The backward pass of a stage from buffer `dy`; `into` is null where nothing before needs a gradient. */
  | { readonly stage: number; readonly dy: number; readonly into: Written | null }
  /** Only adds up what other stages have left, or takes the gradient of a relu. */
  | { readonly stage: null; readonly into: Written };
export interface GradientFlow {
  readonly steps: readonly GradientStep[];
  /** Floats per image of each buffer. */
  readonly buffers: readonly number[];
  /** Buffer that begins with the gradient of the logits, relu included. */
  readonly logits: number;
}

/** Other gradients that one kernel of the kind can add, by the buffers that every device allows it. */
const room = (kind: Layer['kind']): number => (kind === 'batchnorm' ? 1 : 4);
const SUM_ROOM = 6;

export const planGradients = (plan: Plan): GradientFlow => new Planner(plan).run();

class Planner {
  readonly #steps: GradientStep[] = [];
  readonly #buffers: number[] = [];
  readonly #free: number[] = [];
  /** Who still has to read a buffer. */
  readonly #holds = new Map<number, number>();
  /** Gradients of a value that are there already, to be added up. */
  readonly #pending = new Map<number, number[]>();
  /** Readers of each value that are still to come. */
  readonly #readers: number[];
  readonly #needed: boolean[];
  readonly #rectified = new Set<number>();

  constructor(readonly plan: Plan) {
    this.#needed = neededGradients(plan);
    this.#readers = readersOf(plan);
  }

  run(): GradientFlow {
    const { stages } = this.plan;
    const logits = this.#take(stages.length);
    this.#pending.set(stages.length, [logits]);
    this.#rectified.add(stages.length);
    for (let i = stages.length - 1; i >= 0; i--) this.#stage(i);
    return { steps: this.#steps, buffers: this.#buffers, logits };
  }

  #stage(i: number): void {
    const { layer, inputs } = this.plan.stages[i];
    // A layer that nothing reads has no gradient and no effect; one with no weights before it needs none.
    if (!this.#pending.has(i + 1) || !this.#needed[i + 1]) return;
    const dy = this.#settle(i + 1);
    if (layer.kind === 'add') {
      for (const value of inputs) {
        this.#readers[value]--;
        if (!this.#needed[value]) continue;
        this.#pending.set(value, [...(this.#pending.get(value) ?? []), dy]);
        this.#hold(dy);
      }
    } else {
      const [value] = inputs;
      this.#readers[value]--;
      const into = this.#needed[value] ? this.#write(value, room(layer.kind)) : null;
      this.#steps.push({ stage: i, dy, into });
    }
    this.#release(dy);
  }

  /** All of the gradient of a value, in one buffer. */
  #settle(value: number): number {
    const list = this.#pending.get(value) as number[];
    const relu = this.plan.stages[value - 1].reluGradient && !this.#rectified.has(value);
    if (list.length > 1 || relu) this.#sum(value, relu);
    const [dy] = this.#pending.get(value) as number[];
    this.#pending.delete(value);
    return dy;
  }
  /** A kernel's own gradient, with what is there already; it becomes what is there. */
  #write(value: number, most: number): Written {
    if ((this.#pending.get(value)?.length ?? 0) > most) this.#sum(value, false);
    const last = this.#readers[value] === 0;
    const relu = last && this.plan.stages[value - 1].reluGradient;
    if (relu) this.#rectified.add(value);
    return this.#replace(value, this.#pending.get(value) ?? [], relu);
  }
  #sum(value: number, relu: boolean): void {
    const list = this.#pending.get(value) as number[];
    for (let rest = list.length; rest > SUM_ROOM; ) {
      const into = this.#replace(value, list.splice(0, SUM_ROOM), false);
      this.#steps.push({ stage: null, into });
      list.push(into.buffer);
      rest = list.length;
    }
    this.#steps.push({ stage: null, into: this.#replace(value, list, relu) });
  }
  #replace(value: number, others: readonly number[], relu: boolean): Written {
    const buffer = this.#take(value);
    this.#pending.set(value, [buffer]);
    for (const other of others) this.#release(other);
    return { value, buffer, others: [...others], relu };
  }

  #take(value: number): number {
    const buffer = this.#free.pop() ?? this.#buffers.push(0) - 1;
    this.#buffers[buffer] = Math.max(this.#buffers[buffer], valueSize(this.plan, value));
    this.#holds.set(buffer, 1);
    return buffer;
  }
  #hold(buffer: number): void {
    this.#holds.set(buffer, (this.#holds.get(buffer) ?? 0) + 1);
  }
  #release(buffer: number): void {
    const left = (this.#holds.get(buffer) ?? 0) - 1;
    this.#holds.set(buffer, left);
    if (left === 0) this.#free.push(buffer);
  }
}

/** By value: whether there are parameters at it or before it. */
function neededGradients(plan: Plan): boolean[] {
  const needed = [false];
  for (const { inputs, kernel, norm } of plan.stages) {
    needed.push(Boolean(kernel || norm) || inputs.some((v) => needed[v]));
  }
  return needed;
}
/** By value: how many inputs of stages that have an effect on the logits it is. */
function readersOf(plan: Plan): number[] {
  const readers = new Array<number>(plan.stages.length + 1).fill(0);
  for (let i = plan.stages.length - 1; i >= 0; i--) {
    const effective = i === plan.stages.length - 1 || readers[i + 1] > 0;
    if (effective) for (const v of plan.stages[i].inputs) readers[v]++;
  }
  return readers;
}

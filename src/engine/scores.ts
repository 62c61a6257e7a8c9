/**
 * Masks learned through scores, on weights that stay as they are (methods/supermask.ts): which weights are there in a
 * step, and stochastic gradient descent on the scores. What a step draws depends on seeds and its number only. Here the
 * loops are fast; methods/score-formulas.ts says the same plainly.
 */

import type { ScoreRule } from '../methods/regime';
import { pruneCount, smallest, survivors } from '../methods/select';
import { deviation } from '../methods/start-values';
import { kernelName, kernelShape, weightLayers } from '../models/build';
import type { Arch, Masks, Tensors } from '../models/types';
import { stream, uniform } from './rng';
import type { StepScores } from './types';

/** A kernel whose weights have scores. */
export interface ScoredKernel {
  readonly name: string;
  readonly length: number;
  /** Inputs of one output: rows of a dense kernel, window times channels of a convolution's. */
  readonly fanIn: number;
}
/** By name of the kernel. */
export interface ScoreState {
  scores: Tensors;
  velocity: Tensors;
}
export interface ScoreSeeds {
  seed: number;
  /** Any names that tell this training from others. */
  names: readonly (string | number)[];
}
/** Masks whose accuracies are averaged at the end (Bernoulli). */
export const SAMPLES = 10;

/** Kernels of these layers; of all that have weights where none is named. */
export const scoredKernels = (arch: Arch, layers: readonly string[]): ScoredKernel[] =>
  weightLayers(arch)
    .filter(({ name }) => layers.length === 0 || layers.includes(name))
    .map((layer) => {
      const shape = kernelShape(layer);
      const length = shape.reduce((a, b) => a * b, 1);
      return { name: kernelName(layer), length, fanIn: length / shape[shape.length - 1] };
    });

/** One kernel's scores and what is there of it now. */
class Scored {
  readonly #probability: Float32Array;
  readonly #size: Float32Array;
  /** 1 where a weight is there. */
  readonly ones: Uint8Array;
  /** What its weights are multiplied by. */
  factor = 1;
  /** Weights that earlier cards have left. */
  readonly #alive: number;

  constructor(
    readonly scores: Float32Array,
    readonly velocity: Float32Array,
    readonly rule: ScoreRule,
    readonly mask?: Uint8Array,
  ) {
    const { length } = scores;
    const bernoulli = rule.method === 'bernoulli';
    this.#probability = new Float32Array(bernoulli ? length : 0);
    this.#size = new Float32Array(bernoulli ? 0 : length);
    this.ones = new Uint8Array(length);
    this.#alive = survivors(mask, length);
    this.#follow();
  }

  /** @param bits of 32 uniformly random ones, whenever called */
  sample(bits: () => number): void {
    const { ones } = this;
    const p = this.#probability;
    for (let i = 0; i < p.length; i++) ones[i] = bits() >>> 0 < p[i] * 2 ** 32 ? 1 : 0;
    this.#masked();
  }
  /** Those with p > 0.5. */
  likely(): void {
    const { ones, scores } = this;
    for (let i = 0; i < scores.length; i++) ones[i] = scores[i] > 0 ? 1 : 0;
    this.#masked();
  }
  top(): void {
    const { scores, rule, mask } = this;
    for (let i = 0; i < scores.length; i++) this.#size[i] = Math.abs(scores[i]);
    this.ones.set(smallest(this.#size, mask, pruneCount(1 - rule.keep, this.#alive)));
  }
  #masked(): void {
    const { ones, mask, rule } = this;
    let there = 0;
    if (mask) for (let i = 0; i < ones.length; i++) ones[i] &= mask[i];
    for (let i = 0; i < ones.length; i++) there += ones[i];
    this.factor = rule.rescale && there > 0 ? this.#alive / there : 1;
  }

  write(weights: Float32Array, out: Float32Array): void {
    const { ones, factor } = this;
    for (let i = 0; i < ones.length; i++) out[i] = ones[i] === 1 ? weights[i] * factor : 0;
  }
  learn(lr: number, weights: Float32Array, gradients: Float32Array): void {
    const { scores, velocity, factor, rule } = this;
    const { momentum, weightDecay } = rule;
    const p = this.#probability;
    const bernoulli = p.length > 0;
    for (let i = 0; i < scores.length; i++) {
      const s = scores[i];
      const slope = bernoulli ? p[i] * (1 - p[i]) : Math.sign(s);
      const v = momentum * velocity[i] + gradients[i] * weights[i] * factor * slope + weightDecay * s;
      velocity[i] = v;
      scores[i] = s - lr * v;
    }
    this.#follow();
  }
  #follow(): void {
    const { scores } = this;
    const p = this.#probability;
    for (let i = 0; i < p.length; i++) p[i] = 1 / (1 + Math.exp(-scores[i]));
  }
}

export class Scores implements StepScores {
  readonly kernels: readonly string[];
  readonly #kernels: ReadonlyMap<string, Scored>;
  #sample?: number;

  /**
   * @param masks weights that are gone already: they have no part in anything here
   * @param saved goes on from there
   */
  constructor(
    kernels: readonly ScoredKernel[],
    readonly rule: ScoreRule,
    masks: Masks,
    readonly seeds: ScoreSeeds,
    saved?: ScoreState,
  ) {
    const scored = (kernel: ScoredKernel): [string, Scored] => {
      const { name, length } = kernel;
      const scores = saved?.scores[name].slice() ?? this.#drawn(kernel);
      const velocity = saved?.velocity[name].slice() ?? new Float32Array(length);
      return [name, new Scored(scores, velocity, rule, masks[name])];
    };
    this.kernels = kernels.map(({ name }) => name);
    this.#kernels = new Map(kernels.map(scored));
  }
  /** Where scores begin: p = 1/2, or the bound of Kaiming's uniform distribution at a = sqrt(5). */
  #drawn({ name, length, fanIn }: ScoredKernel): Float32Array {
    const scores = new Float32Array(length);
    if (this.rule.method === 'bernoulli') return scores;
    const next = uniform(this.#stream(name, 'start'));
    return scores.map(() => (2 * next() - 1) / Math.sqrt(fanIn));
  }
  #stream(kernel: string, at: string | number) {
    return stream(this.seeds.seed, 'scores', ...this.seeds.names, kernel, at);
  }

  draw(step: number): void {
    this.#decide(step);
  }
  fix(): void {
    this.#decide(this.#sample === undefined ? undefined : `sample ${this.#sample}`);
  }
  /** What evaluation is by from here on: drawn mask number `sample`, or the mask that comes out. */
  show(sample?: number): void {
    this.#sample = sample;
  }
  #decide(at?: string | number): void {
    for (const [name, kernel] of this.#kernels) {
      if (this.rule.method === 'edge-popup') kernel.top();
      else if (at === undefined) kernel.likely();
      else {
        const bits = this.#stream(name, at);
        kernel.sample(() => bits.next());
      }
    }
  }
  write(name: string, weights: Float32Array, out: Float32Array): void {
    this.#kernels.get(name)!.write(weights, out);
  }
  learn(step: number, name: string, weights: Float32Array, gradients: Float32Array): void {
    const { lr, cosineSteps } = this.rule;
    const rate = cosineSteps > 0 ? (lr * (1 + Math.cos((Math.PI * step) / cosineSteps))) / 2 : lr;
    this.#kernels.get(name)!.learn(rate, weights, gradients);
  }
  save(): ScoreState {
    const each = (of: (kernel: Scored) => Float32Array): Tensors =>
      Object.fromEntries([...this.#kernels].map(([name, kernel]) => [name, of(kernel).slice()]));
    return { scores: each((k) => k.scores), velocity: each((k) => k.velocity) };
  }

  /** The values that weights have throughout. */
  values(tensors: Tensors): Tensors {
    if (this.rule.values === 'init') return tensors;
    const constants = [...this.#kernels].map(([name, { mask }]) => {
      const size = deviation(mask ? tensors[name].filter((_, i) => mask[i] === 1) : tensors[name]);
      return [name, tensors[name].map((w, i) => (mask?.[i] === 0 ? 0 : w < 0 ? -size : size))];
    });
    return { ...tensors, ...Object.fromEntries(constants) };
  }
  /** The network that comes out: weights of the mask, times their factor. */
  fold(tensors: Tensors, masks: Masks): { tensors: Tensors; masks: Masks } {
    this.#sample = undefined;
    this.fix();
    const [values, kept]: [Record<string, Float32Array>, Record<string, Uint8Array>] = [{}, {}];
    for (const [name, kernel] of this.#kernels) {
      values[name] = new Float32Array(tensors[name].length);
      kernel.write(tensors[name], values[name]);
      kept[name] = kernel.ones.slice();
    }
    return { tensors: { ...tensors, ...values }, masks: { ...masks, ...kept } };
  }
}

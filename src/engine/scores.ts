/**
 * Masks learned through scores, on weights that stay as they are (methods/supermask.ts): where scores begin, what steps
 * draw by, and the network that comes out. What is drawn depends on seeds and the number of the step only.
 */
import type { DrawSeed } from '../kernels/scores/contract';
import type { ScoreRule } from '../methods/regime';
import { pruneCount, SizeSelection, survivors } from '../methods/select';
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

export class Scores implements StepScores {
  readonly kernels: readonly (ScoredKernel & { readonly alive: number })[];
  readonly drawn: boolean;
  readonly #selection = new SizeSelection();
  /** By kernel, written anew in every step. */
  readonly #ones: ReadonlyMap<string, Uint8Array>;
  /** Number of the draw that evaluation is by. */
  #sample?: number;

  /**
   * @param masks weights that are gone already: they have no part in anything here
   * @param seeds of all that is drawn: any names that tell this training from others
   */
  constructor(
    kernels: readonly ScoredKernel[],
    readonly rule: ScoreRule,
    readonly masks: Masks,
    readonly seeds: { seed: number; names: readonly (string | number)[] },
  ) {
    this.kernels = kernels.map((k) => ({ ...k, alive: survivors(masks[k.name], k.length) }));
    this.drawn = rule.method === 'bernoulli';
    this.#ones = new Map(kernels.map(({ name, length }) => [name, new Uint8Array(length)]));
  }
  get slope(): StepScores['slope'] {
    return this.drawn ? 'sigmoid' : 'sign';
  }
  get rescale(): boolean {
    return this.rule.rescale;
  }
  get momentum(): number {
    return this.rule.momentum;
  }
  get weightDecay(): number {
    return this.rule.weightDecay;
  }

  /** p = 1/2, or within the bound of Kaiming's uniform distribution at a = sqrt(5). */
  start(): Tensors {
    return this.#each(({ name, length, fanIn }) => {
      const scores = new Float32Array(length);
      if (this.drawn) return scores;
      const next = uniform(this.#stream(name, 'start'));
      return scores.map(() => (2 * next() - 1) / Math.sqrt(fanIn));
    });
  }
  rate(step: number): number {
    const { lr, cosineSteps } = this.rule;
    return cosineSteps > 0 ? (lr * (1 + Math.cos((Math.PI * step) / cosineSteps))) / 2 : lr;
  }
  seed(kernel: string, at: number | string): DrawSeed {
    const next = this.#stream(kernel, at);
    return [next.next(), next.next(), next.next()];
  }
  shown(kernel: string): DrawSeed | undefined {
    return this.#sample === undefined ? undefined : this.seed(kernel, `sample ${this.#sample}`);
  }
  /** What evaluation is by from here on: mask number `sample` of those drawn, or the one that comes out. */
  show(sample?: number): void {
    this.#sample = sample;
  }
  #stream(kernel: string, at: string | number) {
    return stream(this.seeds.seed, 'scores', ...this.seeds.names, kernel, at);
  }

  write(name: string, weights: Float32Array, scores: Float32Array, out: Float32Array): number {
    const ones = this.#mask(name, scores);
    const there = survivors(ones, ones.length);
    const factor = this.rule.rescale && there > 0 ? this.#kernel(name).alive / there : 1;
    for (let i = 0; i < out.length; i++) out[i] = ones[i] === 1 ? weights[i] * factor : 0;
    return factor;
  }
  /** Bernoulli: p > 0.5. Edge-popup: the largest |s|. Good until the next call. */
  #mask(name: string, scores: Float32Array): Uint8Array {
    const mask = this.masks[name];
    const ones = this.#ones.get(name)!;
    if (!this.drawn) {
      const gone = pruneCount(1 - this.rule.keep, this.#kernel(name).alive);
      this.#selection.leaveLargest(scores, mask, gone, ones);
      return ones;
    }
    for (let i = 0; i < ones.length; i++) ones[i] = scores[i] > 0 && mask?.[i] !== 0 ? 1 : 0;
    return ones;
  }
  #kernel(name: string) {
    return this.kernels.find((kernel) => kernel.name === name)!;
  }
  #each<T>(of: (kernel: ScoredKernel) => T): Record<string, T> {
    return Object.fromEntries(this.kernels.map((kernel) => [kernel.name, of(kernel)]));
  }

  /** The values that weights have throughout. */
  values(tensors: Tensors): Tensors {
    if (this.rule.values === 'init') return tensors;
    const constants = this.#each(({ name }) => {
      const mask = this.masks[name];
      const size = deviation(mask ? tensors[name].filter((_, i) => mask[i] === 1) : tensors[name]);
      return tensors[name].map((w, i) => (mask?.[i] === 0 ? 0 : w < 0 ? -size : size));
    });
    return { ...tensors, ...constants };
  }
  /** The network that comes out: weights of the mask, times what makes up for the others. */
  fold(tensors: Tensors, scores: Tensors): { tensors: Tensors; masks: Masks } {
    const values = this.#each(({ name, length }) => {
      const out = new Float32Array(length);
      this.write(name, tensors[name], scores[name], out);
      return out;
    });
    const kept = this.#each(({ name }) => this.#mask(name, scores[name]).slice());
    return { tensors: { ...tensors, ...values }, masks: { ...this.masks, ...kept } };
  }
}

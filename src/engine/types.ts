/**
 * The seam between recipes and number crunching. Everything above it (interpreter, worker, command
 * line) knows only these interfaces; an executor is free to keep weights, data and step state on
 * its device. Issue-sized additions (WGSL plan, worker pool) are new implementations of `Backend`.
 */
import type { Examples, TrainExamples } from '../datasets/types';
import type { Arch, Tensors, Weights } from '../models/types';

export type BackendId = 'simd' | 'reference' | 'webgpu' | 'webgl' | 'wasm' | 'cpu';

export type OptimizerSpec =
  | { kind: 'sgd'; lr: number; momentum: number; nesterov: boolean }
  | { kind: 'adam'; lr: number; beta1: number; beta2: number; epsilon: number };

export interface TrainJob {
  examples: TrainExamples;
  batch: number;
  optimizer: OptimizerSpec;
  /** Indices into `examples` for step t (0-based), `batch` of them. Deterministic. */
  indices(step: number): Uint32Array;
}
/** A training in flight on the network's own weights. Fresh optimizer state, step counter at 0. */
export interface Training {
  /** Runs that many steps; mean loss of each. Masks are enforced on gradient and weight. */
  run(steps: number): Promise<Float32Array>;
  dispose(): void;
}
export interface EvalResult {
  correct: number;
  /** Sum of cross-entropy in nats. */
  loss: number;
  count: number;
}
export interface Network {
  readonly arch: Arch;
  /** Replaces all weights; any training in flight must be disposed of first. */
  load(weights: Weights): Promise<void>;
  /** Latent weights as they are now (copies). */
  read(): Promise<Tensors>;
  train(job: TrainJob): Training;
  /** Over examples [from, to) with effective (masked, fake-quantized) weights. */
  evaluate(examples: Examples, from: number, to: number): Promise<EvalResult>;
  /** Logits [n, classes] of raw pixels [n, h*w*c]. */
  logits(pixels: Uint8Array, n: number, scale: number, shift: number): Promise<Float32Array>;
  /**
   * Forward passes at this batch size on fixed random input, back to back, until finished on the device;
   * returns milliseconds for all of them.
   */
  time(batch: number, repetitions: number): Promise<number>;
  dispose(): void;
}
export interface Backend {
  readonly id: BackendId;
  /** For badge and rows, e.g. `CPU SIMD (Chromium 156)`, `WebGPU apple m2`. */
  readonly device: string;
  open(arch: Arch): Promise<Network>;
  dispose(): void;
}

/** One line of the layer table. */
export interface LayerFacts {
  name: string;
  kind: 'dense' | 'conv';
  shape: number[];
  /** Prunable weights of the layer as executed: r(m + n) when it is two thin ones. */
  weights: number;
  /** Of these, not pruned. */
  kept: number;
  /** Bits per weight; 32 when not quantized. */
  bits: number;
  /** Rank when the layer is executed as two thin ones, else 0. */
  rank: number;
  /** Bytes of this layer in the encoded file (kernel, bias, indices, scales). */
  bytes: number;
  /** How the kernel is stored, e.g. `bitmap-packed`; two joined by ` + ` where the thin layers differ. */
  form: string;
  macs: number;
}
/** Everything about a state that is computed, not measured. */
export interface Facts {
  weights: number;
  kept: number;
  /** Pruned weights / prunable weights; weights that quantization rounds to zero are not pruned. */
  sparsity: number;
  /** Length of the encoded file. */
  bytes: number;
  /** Multiply-accumulates per image as executed (masked zeros are executed, factorized layers are thin). */
  macs: number;
  /** Multiply-accumulates per image with pruned weights skipped: what the arithmetic would allow. */
  macsNonzero: number;
  layers: LayerFacts[];
}

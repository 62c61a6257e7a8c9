/**
 * The seam between recipes and number crunching. Everything above it (interpreter, worker, command
 * line) knows only these interfaces; an executor is free to keep weights, data and step state on
 * its device. Issue-sized additions (WGSL plan, worker pool) are new implementations of `Backend`.
 */
import type { Examples, TrainExamples } from '../datasets/types';
import type { FormId } from '../kernels/forms/types';
import type { DrawSeed } from '../kernels/scores/contract';
import type { PenaltyKind } from '../methods/regime';
import type { UnitGroup } from '../models/groups';
import type { Arch, Masks, Tensors, WeightLayer, Weights } from '../models/types';
import type { PartBytes, StoredTensor } from './stored/types';

/** `simd`, `reference` and `webgpu` run our own plan; the others are TensorFlow.js. */
export type BackendId = 'simd' | 'reference' | 'webgpu' | 'tfjs-webgpu' | 'webgl' | 'wasm' | 'cpu';

/** As PyTorch defines them. Weight decay covers all trained tensors: coupled (L2) for sgd and adam, decoupled for adamw. */
export type OptimizerSpec =
  | { kind: 'sgd'; lr: number; momentum: number; nesterov: boolean; weightDecay?: number }
  | {
      kind: 'adam' | 'adamw';
      lr: number;
      beta1: number;
      beta2: number;
      epsilon: number;
      weightDecay?: number;
    };

/** Soft labels (Hinton, Vinyals, Dean 2015): see kernels/softmax-loss/contract.ts for the formula. */
export interface SoftTargets {
  /** Logits [total, classes] of the teacher, by index into `examples`, as far as `examples.count`. */
  logits: Float32Array;
  /** Weight of the hard labels, 0..1. */
  hard: number;
  temperature: number;
}
/** A penalty on the sizes of weights, at every step: see kernels/penalty/contract.ts for the three of them. */
export interface StepPenalty {
  kind: PenaltyKind;
  lambda: number;
  /** Names of kernels. */
  kernels: readonly string[];
}
/** Gates on rows of kernels (kernels/gates/contract.ts): their values come from here, their gradients go here. */
export interface StepGates {
  readonly kernels: readonly { name: string; rows: number; cols: number; units: number }[];
  /** Gates of step t (0-based), by name of the kernel. */
  sample(step: number): Tensors;
  /** The loss's gradient by each gate of that step. */
  learn(step: number, gradients: Tensors): void;
  /** Gates for evaluation as they are now. */
  fixed(): Tensors;
}
/**
 * A mask learned through scores, on weights that are not trained. Scores and their velocity are the two moments of such
 * a training (`save`), and come from here where it begins.
 */
export interface StepScores {
  readonly kernels: readonly { readonly name: string; readonly alive: number }[];
  /** Each step draws anew by sigma(score), instead of `write`. */
  readonly drawn: boolean;
  /** What a gradient is multiplied by on its way to the score: sigma'(s), or sign(s). */
  readonly slope: 'sigmoid' | 'sign';
  /** What is there makes up for what is not. */
  readonly rescale: boolean;
  readonly momentum: number;
  readonly weightDecay: number;
  start(): Tensors;
  /** Learning rate of step t (0-based). */
  rate(step: number): number;
  /** Begins the draw of a step. */
  seed(kernel: string, step: number): DrawSeed;
  /** Begins the draw that evaluation is by; absent where it is by `write`. */
  shown(kernel: string): DrawSeed | undefined;
  /** A kernel as executed by these scores without any draw. @returns what its weights were multiplied by */
  write(kernel: string, weights: Float32Array, scores: Float32Array, out: Float32Array): number;
}
export interface TrainJob {
  examples: TrainExamples;
  batch: number;
  optimizer: OptimizerSpec;
  /** Indices into `examples` for step t (0-based), `batch` of them. Deterministic. */
  indices(step: number): Uint32Array;
  /** Random crop and flip for step t: [batch, MOVE_BYTES] as in kernels/gather/contract.ts. Absent: none. */
  moves?(step: number): Int8Array;
  soft?: SoftTargets;
  penalty?: StepPenalty;
  /** Where `Backend.gates`; elsewhere refused. */
  gates?: StepGates;
  /** Where `Backend.gates`; elsewhere refused. Nothing but scores is trained then, and the optimizer has no part. */
  scores?: StepScores;
}
/** What an optimizer remembers: steps done, and tensors by name for each moment (Adam: m and v; SGD: the velocity). */
export interface OptimizerState {
  step: number;
  moments: readonly Tensors[];
}
/** A training in flight on the network's own weights. Fresh optimizer state, step counter at 0. */
export interface Training {
  /** Runs that many steps; mean loss of each. What is pruned stays zero, what is held as it is, bit for bit. */
  run(steps: number): Promise<Float32Array>;
  /** Masks from here on, none wider than before: what is pruned is zero in weights and in what the optimizer remembers. */
  mask(masks: Masks): Promise<void>;
  /** A copy of the optimizer's state between two runs; absent where the executor cannot go on from one. */
  save?(): Promise<OptimizerState>;
  /** Goes on from a saved state of the same optimizer; the weights of that moment are loaded already. */
  restore?(state: OptimizerState): Promise<void>;
  dispose(): void;
}
export interface EvalResult {
  correct: number;
  /** Sum of cross-entropy in nats. */
  loss: number;
  count: number;
}
/** A network that answers: dense or deployed in other forms. */
export interface Inference {
  readonly arch: Arch;
  /** Over examples [from, to) with effective (masked, fake-quantized) weights. */
  evaluate(examples: Examples, from: number, to: number): Promise<EvalResult>;
  /** Logits [n, classes] of raw pixels [n, h*w*c]. */
  logits(pixels: Uint8Array, n: number, scale: number, shift: number): Promise<Float32Array>;
  /**
   * Forward passes at this batch size on fixed random input, back to back, until finished on the device;
   * returns milliseconds for all of them.
   */
  time(batch: number, repetitions: number): Promise<number>;
  /** The same by the device's own clock: without submitting and waiting. Where the device has one. */
  kernelTime?(batch: number, repetitions: number): Promise<number>;
  dispose(): void;
}
export interface Network extends Inference {
  /** Replaces all weights; any training in flight must be disposed of first. */
  load(weights: Weights): Promise<void>;
  /** Latent weights as they are now (copies). */
  read(): Promise<Tensors>;
  train(job: TrainJob): Training;
}
/** How a layer's kernel is executed. */
export type ExecForm = 'dense' | FormId;
/** By name of the layer; absent is dense. */
export type LayerForms = Readonly<Record<string, ExecForm>>;
export interface Deployer {
  /** Forms that can hold the kernel of this layer, `dense` first. Depthwise layers are dense. */
  formsOf(layer: WeightLayer, weights: Weights): ExecForm[];
  /**
   * The network with its kernels packed once and for all.
   * @throws WinnowError `engine.form` that names the layer and the forms it can have
   */
  open(arch: Arch, weights: Weights, forms: LayerForms): Promise<Inference>;
}
export interface Backend {
  readonly id: BackendId;
  /** For badge and rows, e.g. `CPU SIMD (Chromium 156)`, `WebGPU apple m2`. */
  readonly device: string;
  open(arch: Arch): Promise<Network>;
  /** Present where trainings are faster side by side than one after the other, on one device. */
  readonly together?: Together;
  /** Present where kernels can be executed in other forms than dense. */
  readonly deploy?: Deployer;
  /** Present where trainings can have gates and scores (TrainJob). */
  readonly gates?: true;
  /** The device may be lost: after so many milliseconds each, what a training has reached is worth keeping. */
  readonly keepMs?: number;
  dispose(): void;
}
export interface Together {
  /** Networks of this architecture that fit on the device at a time. */
  width(arch: Arch): number;
  /**
   * Networks that are used like any others; trainings of theirs that go on at the same time with equal batch and
   * optimizer are run together where that is faster. Bits are those of trainings one by one.
   */
  open(arch: Arch, count: number): Promise<Network[]>;
}

/** One line of the layer table. */
export interface LayerFacts {
  name: string;
  kind: 'dense' | 'conv' | 'depthwise';
  shape: number[];
  /** Prunable weights of the layer as executed: r(m + n) when it is two thin ones. */
  weights: number;
  /** Of these, not pruned. */
  kept: number;
  /** Bits per weight; 32 when not quantized. */
  bits: number;
  /** Rank when the layer is executed as two thin ones, else 0. */
  rank: number;
  /** Bytes of this layer in the encoded file (kernel, bias, indices, scales); of batch norms see Facts.normBytes. */
  bytes: number;
  /** Of these, by part; no norms and no header. */
  parts: PartBytes;
  /** How the kernel is stored, e.g. `bitmap-packed`; two joined by ` + ` where the thin layers differ. */
  form: string;
  /** The kernel in the file; two for a low-rank pair. */
  stored: StoredTensor[];
  macs: number;
}
/** Everything about a state that is computed, not measured. */
export interface Facts {
  weights: number;
  kept: number;
  /** Prunable weights that went with their units (neurons, filters): in none of the other counts. */
  removed: number;
  /** Weights that are zero or were removed / all that there were, so that a mask and a rebuilt network compare. */
  sparsity: number;
  /** Length of the encoded file. */
  bytes: number;
  /** Of these, by part. */
  parts: PartBytes;
  /** of these, all batch norms (gamma, beta, mean, variance); they are in no layer's row. */
  normBytes: number;
  /** Multiply-accumulates per image as executed (masked zeros are executed, factorized layers are thin). */
  macs: number;
  /** Multiply-accumulates per image with pruned weights skipped: what the arithmetic would allow. */
  macsNonzero: number;
  layers: LayerFacts[];
}
/** Output units that can only go together (models/groups.ts): one thing to whoever looks at it. */
export interface GroupFacts extends UnitGroup {
  /** Units in the network that compression is measured against. `units` are those of the network as executed. */
  before: number;
  /** Of `units`, those that masks have not taken out. */
  alive: number;
}

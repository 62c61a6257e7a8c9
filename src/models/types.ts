/** Networks as data. Layouts as in TensorFlow: activations NHWC, dense kernels [in, out], conv kernels HWIO. */
export type Activation = 'relu' | 'linear';

export interface DenseLayer {
  kind: 'dense';
  name: string;
  in: number;
  out: number;
  bias: boolean;
  activation: Activation;
}
export interface ConvLayer {
  kind: 'conv';
  name: string;
  /** Input height, width and channels. */
  in: readonly [number, number, number];
  /** Output height, width and channels. */
  out: readonly [number, number, number];
  kernel: number;
  stride: number;
  /** Zeros added at the top/left; bottom/right follow from the output size. */
  pad: number;
  bias: boolean;
  activation: Activation;
}
export interface PoolLayer {
  kind: 'maxpool';
  name: string;
  in: readonly [number, number, number];
  out: readonly [number, number, number];
  size: number;
  stride: number;
}
export type Layer = DenseLayer | ConvLayer | PoolLayer;
export type WeightLayer = DenseLayer | ConvLayer;

/** A feed-forward network; flattening between conv and dense is implicit (NHWC order). The last layer gives logits. */
export interface Arch {
  input: readonly [number, number, number];
  layers: readonly Layer[];
}

/** Tensors by name: `${layer}/kernel` and `${layer}/bias`. */
export type Tensors = Readonly<Record<string, Float32Array>>;
/** 1 = kept, 0 = pruned; same length as the tensor; absent = nothing pruned. */
export type Masks = Readonly<Record<string, Uint8Array>>;

export interface QuantSpec {
  /** 1..8. One bit is sign(w) times mean |w| over kept weights, whatever the scheme. */
  bits: number;
  scheme: 'affine' | 'symmetric';
  granularity: 'tensor' | 'channel';
}
export type Quants = Readonly<Record<string, QuantSpec>>;

/** What a network needs to run. `tensors` are latent; effective = fakeQuant(tensors * mask). */
export interface Weights {
  readonly tensors: Tensors;
  readonly masks: Masks;
  readonly quant: Quants;
}
/** A point in a recipe. Immutable: methods return a new state that shares what they did not touch. */
export interface NetState extends Weights {
  readonly arch: Arch;
  /** theta_0 of this network, biases included: what `rewind` restores bit for bit. */
  readonly start: Tensors;
  /** Trainings so far, which picks the data order, so that arms of one round see the same batches. */
  readonly trainings: number;
  /** Training steps so far. */
  readonly steps: number;
}

export interface Model {
  id: string;
  /** Display name, not translated. */
  name: string;
  citation: Citation;
  /** Input shapes it can take; throws WinnowError otherwise. */
  build(input: readonly [number, number, number], classes: number): Arch;
}
export interface Citation {
  text: string;
  url?: string;
}

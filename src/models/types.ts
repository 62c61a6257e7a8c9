/** Networks as data. Layouts as in TensorFlow: activations NHWC, dense kernels [in, out], conv kernels HWIO. */
export type Activation = 'relu' | 'linear';

/** Height, width, channels. */
export type Size = readonly [number, number, number];

/** Where a layer's input comes from: the named layer, or `input` for the image; the layer before it where absent. */
interface Wired {
  name: string;
  from?: string;
}
export interface DenseLayer extends Wired {
  kind: 'dense';
  in: number;
  out: number;
  bias: boolean;
  activation: Activation;
}
export interface ConvLayer extends Wired {
  kind: 'conv';
  in: Size;
  out: Size;
  kernel: number;
  stride: number;
  /** Zeros added at the top/left; bottom/right follow from the output size. */
  pad: number;
  bias: boolean;
  activation: Activation;
}
/** Each channel with its own filter; as many channels out as in. */
export interface DepthwiseLayer extends Omit<ConvLayer, 'kind'> {
  kind: 'depthwise';
}
export interface PoolLayer extends Wired {
  kind: 'maxpool' | 'avgpool';
  in: Size;
  out: Size;
  size: number;
  stride: number;
}
/** Mean over all positions of each channel: out is [1, 1, channels]. */
export interface GlobalPoolLayer extends Wired {
  kind: 'globalpool';
  in: Size;
  out: Size;
}
/** Over the last axis: statistics of the batch in training, running ones in evaluation. Tensors gamma, beta, mean, variance. */
export interface BatchNormLayer extends Wired {
  kind: 'batchnorm';
  in: Size;
  out: Size;
  epsilon: number;
  /** Weight of the newest batch in the running statistics (PyTorch's convention; 1 minus Keras's). */
  momentum: number;
  activation: Activation;
}
/** Residual connection: the sum of its input and the output of layer `with` (or `input`), of the same size. */
export interface AddLayer extends Wired {
  kind: 'add';
  in: Size;
  out: Size;
  with: string;
  activation: Activation;
}
export type Layer =
  | DenseLayer
  | ConvLayer
  | DepthwiseLayer
  | PoolLayer
  | GlobalPoolLayer
  | BatchNormLayer
  | AddLayer;
/** Layers with a kernel, whose weights can be pruned. */
export type WeightLayer = DenseLayer | ConvLayer | DepthwiseLayer;

/**
 * A network: a graph whose layers are listed so that each comes after those it takes from. Flattening before a dense
 * layer is implicit (NHWC order). The last layer gives the logits.
 */
export interface Arch {
  input: Size;
  layers: readonly Layer[];
}

/**
 * Tensors by name: `${layer}/kernel` and `${layer}/bias`; of a batch norm `${layer}/gamma`, `/beta` (trained),
 * `/mean` and `/variance` (running statistics, which only training in its forward pass changes).
 */
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
  /**
   * By name of the kernel; 1 = never trained: it stays at the value it has, which counts and is executed. Absent =
   * nothing is held. Nothing pruned is held. In a network file they are weights like others (methods/open.ts).
   */
  readonly held?: Masks;
}
/** A point in a recipe. Immutable: methods return a new state that shares what they did not touch. */
export interface NetState extends Weights {
  readonly arch: Arch;
  /** theta_0 of this network, biases included: what `rewind` restores bit for bit. */
  readonly start: Tensors;
  /**
   * Latent weights at the end of the last training, of pruned weights too: what criteria and mask actions that compare
   * beginning and end look at. Absent before the first training, and where layers or beginnings are others since.
   */
  readonly final?: Tensors;
  /** Trainings so far, which picks the data order, so that arms of one round see the same batches. */
  readonly trainings: number;
  /** Training steps so far. */
  readonly steps: number;
  /** Prunable weights that have been taken out together with their units: pruned, and nowhere to be seen. */
  readonly removed?: number;
}

export interface Model {
  id: string;
  /** Display name, not translated. */
  name: string;
  citation: Citation;
  /** Input shapes it can take; throws WinnowError otherwise. */
  build(input: Size, classes: number): Arch;
}
export interface Citation {
  text: string;
  url?: string;
}

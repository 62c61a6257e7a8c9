/**
 * Networks written as a short list of layers; shapes and padding are inferred here, once, so that every
 * executor, the encoder and the layer table read the same numbers.
 */
import { WinnowError } from '../spec/problem';
import type { Activation, Arch, ConvLayer, DepthwiseLayer, Layer, Size, WeightLayer } from './types';

interface ConvSpec {
  filters: number;
  kernel: number;
  stride?: number;
  /** `same` pads with zeros as TensorFlow does (the odd one goes to the bottom/right). Default `valid`. */
  padding?: 'valid' | 'same';
  /** Default true; a layer before a batch norm needs none. */
  bias?: boolean;
  activation?: Activation;
}
/** Adds one layer to what is known of its input. `sizeOf` gives the output of an earlier layer. */
export type LayerSpec = (input: Size, sizeOf: (name: string) => Size) => Layer;

/** Convolution; kernel layout HWIO. Activation `relu` unless told. */
export const conv =
  (name: string, spec: ConvSpec): LayerSpec =>
  (input) =>
    ({ kind: 'conv', ...windowed(name, spec, spec.filters, input) }) satisfies ConvLayer;

/** Depthwise convolution, as many channels out as in; kernel [k, k, channels]. */
export const depthwise =
  (name: string, spec: Omit<ConvSpec, 'filters'>): LayerSpec =>
  (input) =>
    ({ kind: 'depthwise', ...windowed(name, spec, input[2], input) }) satisfies DepthwiseLayer;

function windowed(name: string, spec: Omit<ConvSpec, 'filters'>, channels: number, input: Size) {
  const stride = spec.stride ?? 1;
  const axis = (size: number) => along(size, spec.kernel, stride, spec.padding ?? 'valid');
  const [h, w] = [axis(input[0]), axis(input[1])];
  return {
    name,
    in: input,
    out: sized(name, [h.out, w.out, channels]),
    kernel: spec.kernel,
    stride,
    // One number serves both axes: they differ only for non-square images with a stride, refused below.
    pad: sameOnBothAxes(name, h.pad, w.pad),
    bias: spec.bias ?? true,
    activation: spec.activation ?? 'relu',
  } as const;
}

const pool =
  (kind: 'maxpool' | 'avgpool') =>
  (name: string, size: number, stride = size): LayerSpec =>
  (input) => {
    const axis = (n: number) => along(n, size, stride, 'valid').out;
    const out = sized(name, [axis(input[0]), axis(input[1]), input[2]]);
    return { kind, name, in: input, out, size, stride };
  };
/** Pooling without padding; stride equals size unless told. */
export const maxpool = pool('maxpool');
export const avgpool = pool('avgpool');
/** Mean over the whole image, channel by channel. */
export const globalpool =
  (name: string): LayerSpec =>
  (input) => ({ kind: 'globalpool', name, in: input, out: [1, 1, input[2]] });

/** Batch normalisation with PyTorch's defaults. Activation `relu` unless told. */
export const batchnorm =
  (name: string, activation: Activation = 'relu'): LayerSpec =>
  (input) => ({ kind: 'batchnorm', name, in: input, out: input, epsilon: 1e-5, momentum: 0.1, activation });

/** Sum of the layer before and the output of `other`. Activation `relu` unless told. */
export const add =
  (name: string, other: string, activation: Activation = 'relu'): LayerSpec =>
  (input, sizeOf) => {
    const found = sizeOf(other);
    if (input.join() !== found.join()) {
      throw new WinnowError({
        code: 'model.input',
        path: 'model',
        message: `layer ${name} adds outputs of one size, found ${input.join(' × ')} and ${found.join(' × ')}`,
        values: { name, size: found.join(' × ') },
      });
    }
    return { kind: 'add', name, in: input, out: input, with: other, activation };
  };

/** The same layer, fed by the output of `source` instead of the layer before it. */
export const from =
  (source: string, spec: LayerSpec): LayerSpec =>
  (_, sizeOf) => ({ ...spec(sizeOf(source), sizeOf), from: source });

/** Fully connected with bias; flattens its input in NHWC order. Activation `relu` unless told. */
export const dense =
  (name: string, units: number, activation: Activation = 'relu'): LayerSpec =>
  (input) => ({
    kind: 'dense',
    name,
    in: input[0] * input[1] * input[2],
    out: units,
    bias: true,
    activation,
  });

/**
 * Chains layers from an input [height, width, channels]; `from` and `add` reach further back.
 * @throws WinnowError if the image is too small for a layer, two layers share a name, or one is fed by a later one.
 */
export function network(input: Size, specs: readonly LayerSpec[]): Arch {
  const layers: Layer[] = [];
  const sizes = new Map<string, Size>([[INPUT, input]]);
  const sizeOf = (name: string): Size => {
    const size = sizes.get(name);
    if (size) return size;
    throw nameProblem(name, `a layer can be fed by an earlier layer only, found ${name}`);
  };
  let size = input;
  for (const spec of specs) {
    const layer = spec(size, sizeOf);
    if (sizes.has(layer.name)) {
      throw nameProblem(layer.name, `layer names must be unique, found ${layer.name} twice`);
    }
    layers.push(layer);
    size = outputSize(layer);
    sizes.set(layer.name, size);
  }
  return { input, layers };
}
/** What `from` and `with` call the image. */
export const INPUT = 'input';
/** Output of a layer as [height, width, channels]. */
export const outputSize = (layer: Layer): Size => (layer.kind === 'dense' ? [1, 1, layer.out] : layer.out);
/** Names of the layers (or `input`) that the layer at `index` takes from, in order. */
export function sourcesOf(arch: Arch, index: number): string[] {
  const layer = arch.layers[index];
  const first = layer.from ?? arch.layers[index - 1]?.name ?? INPUT;
  return layer.kind === 'add' ? [first, layer.with] : [first];
}
const nameProblem = (name: string, message: string) =>
  new WinnowError({ code: 'model.name', path: 'model', message, values: { name } });

function along(size: number, kernel: number, stride: number, padding: 'valid' | 'same') {
  if (padding === 'valid') return { out: Math.floor((size - kernel) / stride) + 1, pad: 0 };
  const out = Math.ceil(size / stride);
  return { out, pad: Math.floor(Math.max((out - 1) * stride + kernel - size, 0) / 2) };
}

function sized(name: string, out: Size): Size {
  if (out.every((n) => n >= 1)) return out;
  throw new WinnowError({
    code: 'model.input',
    path: 'model',
    message: `the image is too small for layer ${name}: its output would be ${out.join(' × ')}`,
    values: { name, size: out.join(' × ') },
  });
}

function sameOnBothAxes(name: string, top: number, left: number): number {
  if (top === left) return top;
  throw new WinnowError({
    code: 'model.input',
    path: 'model',
    message: `layer ${name} needs the same padding at the top and on the left, found ${top} and ${left}`,
    values: { name, size: `${top}, ${left}` },
  });
}

export const isWeightLayer = (layer: Layer): layer is WeightLayer =>
  layer.kind === 'dense' || layer.kind === 'conv' || layer.kind === 'depthwise';
/** Layers with a kernel, in order. */
export const weightLayers = (arch: Arch): WeightLayer[] => arch.layers.filter(isWeightLayer);
export const kernelName = (layer: { name: string }): string => `${layer.name}/kernel`;
export const biasName = (layer: { name: string }): string => `${layer.name}/bias`;
/** Tensors of a batch norm: trained gamma and beta, then the running statistics. All have one value per channel. */
export const normNames = ({ name }: { name: string }) => ({
  gamma: `${name}/gamma`,
  beta: `${name}/beta`,
  mean: `${name}/mean`,
  variance: `${name}/variance`,
});
/** Names of the prunable tensors (kernels; biases and norms never are), in layer order. */
export const kernelNames = (arch: Arch): string[] => weightLayers(arch).map(kernelName);

/**
 * [in, out] of a dense layer, [height, width, in, out] of a convolution, [height, width, channels] of a depthwise
 * one. The last axis is the output channel.
 */
export function kernelShape(layer: WeightLayer): number[] {
  if (layer.kind === 'dense') return [layer.in, layer.out];
  const { kernel } = layer;
  return layer.kind === 'conv' ? [kernel, kernel, layer.in[2], layer.out[2]] : [kernel, kernel, layer.out[2]];
}
export const kernelSize = (layer: WeightLayer): number => kernelShape(layer).reduce((a, b) => a * b, 1);
/** Number of output channels, which is also the length of the bias. */
export const channels = (layer: WeightLayer): number => (layer.kind === 'dense' ? layer.out : layer.out[2]);
/** Prunable weights of the whole network. */
export const weightCount = (arch: Arch): number =>
  weightLayers(arch).reduce((sum, layer) => sum + kernelSize(layer), 0);

/** Times each weight of the kernel is used per image: 1, or the number of output positions. */
export const uses = (layer: WeightLayer): number =>
  layer.kind === 'dense' ? 1 : layer.out[0] * layer.out[1];
/** Multiply-accumulates per image of one layer; biases, activations and pooling are not counted. */
export const layerMacs = (layer: WeightLayer): number => kernelSize(layer) * uses(layer);
/** Multiply-accumulates per image, as executed without skipping zeros. */
export const macs = (arch: Arch): number => weightLayers(arch).reduce((sum, l) => sum + layerMacs(l), 0);

/** The two thin layers that stand for a factorized one are called `<name>.u` and `<name>.v`. */
export const thinNames = (name: string): [u: string, v: string] => [`${name}.u`, `${name}.v`];
/** Name of the layer in the unfactorized network: `fc1` for `fc1`, `fc1.u` and `fc1.v`. */
export const originalName = (name: string): string => name.replace(/\.[uv]$/, '');
/** Original name of the layer that gives the logits. */
export const outputLayer = (arch: Arch): string => originalName(arch.layers[arch.layers.length - 1].name);

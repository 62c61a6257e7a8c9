/**
 * Networks written as a short list of layers; shapes and padding are inferred here, once, so that every
 * executor, the encoder and the layer table read the same numbers.
 */
import { WinnowError } from '../spec/problem';
import type { Activation, Arch, Layer, WeightLayer } from './types';

type Size = readonly [number, number, number];
interface ConvSpec {
  filters: number;
  kernel: number;
  stride?: number;
  /** `same` pads with zeros as TensorFlow does (the odd one goes to the bottom/right). Default `valid`. */
  padding?: 'valid' | 'same';
  activation?: Activation;
}
/** Adds one layer to what is known of the input so far. */
export type LayerSpec = (input: Size) => Layer;

/** Convolution with bias; kernel layout HWIO. Activation `relu` unless told. */
export const conv =
  (name: string, spec: ConvSpec): LayerSpec =>
  (input) => {
    const stride = spec.stride ?? 1;
    const axis = (size: number) => along(size, spec.kernel, stride, spec.padding ?? 'valid');
    const [h, w] = [axis(input[0]), axis(input[1])];
    return {
      kind: 'conv',
      name,
      in: input,
      out: sized(name, [h.out, w.out, spec.filters]),
      kernel: spec.kernel,
      stride,
      // One number serves both axes: they differ only for non-square images with a stride, refused below.
      pad: sameOnBothAxes(name, h.pad, w.pad),
      bias: true,
      activation: spec.activation ?? 'relu',
    };
  };

/** Max pooling without padding; stride equals size. */
export const maxpool =
  (name: string, size: number): LayerSpec =>
  (input) => {
    const axis = (n: number) => along(n, size, size, 'valid').out;
    const out = sized(name, [axis(input[0]), axis(input[1]), input[2]]);
    return { kind: 'maxpool', name, in: input, out, size, stride: size };
  };

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
 * Chains layers from an input [height, width, channels].
 * @throws WinnowError if the image is too small for a layer, or two layers share a name.
 */
export function network(input: Size, specs: readonly LayerSpec[]): Arch {
  const layers: Layer[] = [];
  let size = input;
  for (const spec of specs) {
    const layer = spec(size);
    if (layers.some((l) => l.name === layer.name)) {
      throw new WinnowError({
        code: 'model.name',
        path: 'model',
        message: `layer names must be unique, found ${layer.name} twice`,
        values: { name: layer.name },
      });
    }
    layers.push(layer);
    size = layer.kind === 'dense' ? [1, 1, layer.out] : layer.out;
  }
  return { input, layers };
}

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

export const isWeightLayer = (layer: Layer): layer is WeightLayer => layer.kind !== 'maxpool';
/** Layers with a kernel, in order. */
export const weightLayers = (arch: Arch): WeightLayer[] => arch.layers.filter(isWeightLayer);
export const kernelName = (layer: { name: string }): string => `${layer.name}/kernel`;
export const biasName = (layer: { name: string }): string => `${layer.name}/bias`;
/** Names of the prunable tensors (kernels; biases never are), in layer order. */
export const kernelNames = (arch: Arch): string[] => weightLayers(arch).map(kernelName);

/** [in, out] of a dense layer, [height, width, in, out] of a convolution. The last axis is the output channel. */
export function kernelShape(layer: WeightLayer): number[] {
  return layer.kind === 'dense'
    ? [layer.in, layer.out]
    : [layer.kernel, layer.kernel, layer.in[2], layer.out[2]];
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

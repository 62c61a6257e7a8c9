/** The network and its loss as differentiable TensorFlow.js operations. */
import * as tf from '@tensorflow/tfjs-core';
import { biasName, INPUT, kernelName, normNames, sourcesOf } from '../../../models/build';
import type {
  Activation,
  Arch,
  BatchNormLayer,
  ConvLayer,
  DenseLayer,
  DepthwiseLayer,
  Layer,
  Size,
} from '../../../models/types';
import { normalise } from './batch-norm';

/** Effective (masked, fake-quantized) tensors by name. */
export type Effective = Readonly<Record<string, tf.Tensor>>;
/** Told of each batch norm in a training pass: mean and unbiased variance of the batch, [c] each. */
export type Observe = (layer: BatchNormLayer, mean: tf.Tensor, variance: tf.Tensor) => void;

/**
 * x [n, h, w, c] -> logits [n, classes].
 * @param observe Makes it a training pass: batch norms use the statistics of the batch. To be called in a tidy scope.
 */
export function forward(arch: Arch, weights: Effective, x: tf.Tensor4D, observe?: Observe): tf.Tensor2D {
  const values = new Map<string, tf.Tensor>([[INPUT, x]]);
  let last: tf.Tensor = x;
  arch.layers.forEach((layer, i) => {
    const inputs = sourcesOf(arch, i).map((name) => values.get(name)!);
    last = apply(layer, weights, inputs, observe);
    values.set(layer.name, last);
  });
  return rows(last, last.size / x.shape[0]);
}

function apply(layer: Layer, weights: Effective, inputs: tf.Tensor[], observe?: Observe): tf.Tensor {
  if (layer.kind === 'dense') return dense(layer, weights, inputs[0]);
  const x = image(inputs[0], layer.in);
  switch (layer.kind) {
    case 'conv':
      return conv(layer, weights, x);
    case 'depthwise':
      return depthwise(layer, weights, x);
    case 'maxpool':
      return tf.maxPool(x, layer.size, layer.stride, 'valid');
    case 'avgpool':
      return tf.avgPool(x, layer.size, layer.stride, 'valid');
    case 'globalpool':
      return tf.mean(x, [1, 2], true);
    case 'batchnorm':
      return activate(norm(layer, weights, x, observe), layer.activation);
    case 'add':
      return activate(tf.add(x, image(inputs[1], layer.in)), layer.activation);
  }
}
const activate = (x: tf.Tensor, activation: Activation) => (activation === 'relu' ? tf.relu(x) : x);
const rows = (h: tf.Tensor, size: number): tf.Tensor2D =>
  h.rank === 2 ? (h as tf.Tensor2D) : tf.reshape(h, [-1, size]);
const image = (h: tf.Tensor, size: Size): tf.Tensor4D =>
  h.rank === 4 ? (h as tf.Tensor4D) : tf.reshape(h, [-1, ...size]);

function dense(layer: DenseLayer, weights: Effective, h: tf.Tensor): tf.Tensor {
  return tf.fused.matMul({
    a: rows(h, layer.in),
    b: weights[kernelName(layer)] as tf.Tensor2D,
    bias: layer.bias ? weights[biasName(layer)] : undefined,
    activation: layer.activation,
  });
}
/** What both kinds of convolution are told alike. */
const windowed = (layer: ConvLayer | DepthwiseLayer, weights: Effective, x: tf.Tensor4D) => ({
  x,
  strides: layer.stride,
  pad: [[0, 0], padding(layer, 0), padding(layer, 1), [0, 0]] as tf.backend_util.ExplicitPadding,
  dataFormat: 'NHWC' as const,
  bias: layer.bias ? weights[biasName(layer)] : undefined,
  activation: layer.activation,
});
function conv(layer: ConvLayer, weights: Effective, x: tf.Tensor4D): tf.Tensor {
  const filter = weights[kernelName(layer)] as tf.Tensor4D;
  return tf.fused.conv2d({ ...windowed(layer, weights, x), filter });
}
function depthwise(layer: DepthwiseLayer, weights: Effective, x: tf.Tensor4D): tf.Tensor {
  const { kernel: k, out } = layer;
  const filter = tf.reshape(weights[kernelName(layer)], [k, k, out[2], 1]) as tf.Tensor4D;
  const { pad, ...rest } = windowed(layer, weights, x);
  // It takes explicit padding as `fused.conv2d` does, but is not declared to.
  return tf.fused.depthwiseConv2d({ ...rest, filter, pad: pad as unknown as 'valid' });
}
/** Zeros before and after along one axis; those after follow from the output size. */
function padding(layer: ConvLayer | DepthwiseLayer, axis: 0 | 1): [number, number] {
  const reach = (layer.out[axis] - 1) * layer.stride + layer.kernel;
  return [layer.pad, Math.max(0, reach - layer.in[axis] - layer.pad)];
}
function norm(layer: BatchNormLayer, weights: Effective, x: tf.Tensor4D, observe?: Observe): tf.Tensor4D {
  const names = normNames(layer);
  const [gamma, beta] = [weights[names.gamma], weights[names.beta]] as tf.Tensor1D[];
  if (observe) {
    return normalise(x, gamma, beta, layer.epsilon, (mean, variance) => observe(layer, mean, variance));
  }
  const [mean, variance] = [weights[names.mean], weights[names.variance]] as tf.Tensor1D[];
  return tf.batchNorm(x, mean, variance, beta, gamma, layer.epsilon);
}

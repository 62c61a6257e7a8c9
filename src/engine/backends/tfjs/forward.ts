/** The network and its loss as differentiable TensorFlow.js operations. */
import * as tf from '@tensorflow/tfjs-core';
import { biasName, channels, kernelName, kernelShape, weightLayers } from '../../../models/build';
import type { Arch, ConvLayer, DenseLayer, Layer, PoolLayer } from '../../../models/types';
import { WinnowError } from '../../../spec/problem';

/** Effective (masked, fake-quantized) tensors by name. */
export type Effective = Readonly<Record<string, tf.Tensor>>;

/** Shapes of all tensors of a network in the order of its layers: dense [in, out], conv HWIO, bias [out]. */
export function tensorShapes(arch: Arch): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  for (const layer of weightLayers(arch)) {
    shapes.set(kernelName(layer), kernelShape(layer));
    if (layer.bias) shapes.set(biasName(layer), [channels(layer)]);
  }
  return shapes;
}

/** Number of classes: the width of the last layer, which must be dense. */
export function classesOf(arch: Arch): number {
  const last = arch.layers.at(-1);
  if (last?.kind === 'dense') return last.out;
  throw new WinnowError({
    code: 'unsupported',
    path: `layers.${arch.layers.length - 1}`,
    message: `the last layer must be dense and give the logits, found ${last?.kind ?? 'no layer'}`,
  });
}

/**
 * Max-pooling gradients of the wasm package are wrong for windows whose maximum is not positive, so there
 * a pool may only follow a relu (which gives such windows no gradient anyway).
 */
export function requireReluBeforePool(arch: Arch): void {
  arch.layers.forEach((layer, i) => {
    const before = arch.layers[i - 1];
    if (layer.kind !== 'maxpool') return;
    if (before && before.kind !== 'maxpool' && before.activation === 'relu') return;
    throw new WinnowError({
      code: 'unsupported',
      path: `layers.${i}`,
      message: `on the wasm backend a maxpool layer must follow a relu layer; ${layer.name} does not`,
    });
  });
}

/** x [n, h, w, c] -> logits [n, classes]. */
export function forward(arch: Arch, weights: Effective, x: tf.Tensor4D): tf.Tensor2D {
  let h: tf.Tensor = x;
  for (const layer of arch.layers) h = apply(layer, weights, h);
  return h as tf.Tensor2D;
}
function apply(layer: Layer, weights: Effective, h: tf.Tensor): tf.Tensor {
  if (layer.kind === 'maxpool') return pool(layer, h as tf.Tensor4D);
  return layer.kind === 'dense' ? dense(layer, weights, h) : conv(layer, weights, h as tf.Tensor4D);
}
function dense(layer: DenseLayer, weights: Effective, h: tf.Tensor): tf.Tensor {
  const a = h.rank === 2 ? (h as tf.Tensor2D) : tf.reshape(h, [-1, layer.in] as [number, number]);
  return tf.fused.matMul({
    a,
    b: weights[kernelName(layer)] as tf.Tensor2D,
    bias: layer.bias ? weights[biasName(layer)] : undefined,
    activation: layer.activation,
  });
}
function conv(layer: ConvLayer, weights: Effective, x: tf.Tensor4D): tf.Tensor {
  return tf.fused.conv2d({
    x,
    filter: weights[kernelName(layer)] as tf.Tensor4D,
    strides: layer.stride,
    pad: [[0, 0], padding(layer, 0), padding(layer, 1), [0, 0]],
    dataFormat: 'NHWC',
    bias: layer.bias ? weights[biasName(layer)] : undefined,
    activation: layer.activation,
  });
}
/** Zeros before and after along one axis; those after follow from the output size. */
function padding(layer: ConvLayer, axis: 0 | 1): [number, number] {
  const reach = (layer.out[axis] - 1) * layer.stride + layer.kernel;
  return [layer.pad, Math.max(0, reach - layer.in[axis] - layer.pad)];
}
const pool = (layer: PoolLayer, x: tf.Tensor4D) => tf.maxPool(x, layer.size, layer.stride, 'valid');

/**
 * Sum over the batch of the cross-entropy in nats, times `factor`. Written as one custom gradient,
 * (softmax - onehot) * factor, because the composed one takes three times the operations.
 */
export function crossEntropy(logits: tf.Tensor2D, onehot: tf.Tensor2D, factor: number): tf.Scalar {
  const f = tf.customGrad((z, save) => {
    const logp = tf.logSoftmax(z as tf.Tensor);
    (save as tf.GradSaveFunc)([logp]);
    return {
      value: tf.mul(tf.sum(tf.mul(onehot, logp)), -factor),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.mul(tf.mul(dy, factor), tf.sub(tf.exp(saved[0]), onehot)),
    };
  });
  return f(logits) as tf.Scalar;
}

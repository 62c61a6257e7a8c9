/** From bytes to tensors: x = pixel * scale + shift, labels one-hot. */
import * as tf from '@tensorflow/tfjs-core';
import type { Examples } from '../../../datasets/types';

type Shape = readonly [number, number, number];

/** Raw pixels [n, h*w*c] -> [n, h, w, c]. A fresh array each time: the cpu backend keeps it as it is. */
export function images(pixels: Uint8Array, shape: Shape, scale: number, shift: number): tf.Tensor4D {
  const x = new Float32Array(pixels.length);
  for (let i = 0; i < x.length; i++) x[i] = pixels[i] * scale + shift;
  const size = shape[0] * shape[1] * shape[2];
  return tf.tensor4d(x, [pixels.length / size, ...shape]);
}
/** Labels [n] -> [n, classes]. */
export function onehot(labels: Uint8Array, classes: number): tf.Tensor2D {
  const y = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    y[i * classes + label] = 1;
  });
  return tf.tensor2d(y, [labels.length, classes]);
}
/** The examples at these indices, as x and one-hot y. */
export function gather(examples: Examples, indices: Uint32Array, classes: number) {
  const size = examples.shape[0] * examples.shape[1] * examples.shape[2];
  const pixels = new Uint8Array(indices.length * size);
  const labels = new Uint8Array(indices.length);
  indices.forEach((index, i) => {
    pixels.set(examples.pixels.subarray(index * size, (index + 1) * size), i * size);
    labels[i] = examples.labels[index];
  });
  return {
    x: images(pixels, examples.shape, examples.scale, examples.shift),
    y: onehot(labels, classes),
  };
}
/** Fixed pseudo-random images for timing, the same on every device: [n, h, w, c] in [0, 1). */
export function noise(n: number, shape: Shape): tf.Tensor4D {
  const x = new Float32Array(n * shape[0] * shape[1] * shape[2]);
  let state = 1;
  for (let i = 0; i < x.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    x[i] = state / 2 ** 32;
  }
  return tf.tensor4d(x, [n, ...shape]);
}

/** The gradients written by hand against those that TensorFlow.js composes, since they serve as an oracle. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relativeDistance, uniform } from '../../device/trial';
import { openTfjs, type TfjsBackend } from '../tfjs';
import { normalise } from './batch-norm';
import { crossEntropy, meanLoss, score } from './loss';

const noise = (shape: number[], seed: number, width = 1, middle = 0): tf.Tensor => {
  const draw = uniform(seed);
  const n = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: n }, () => middle + (draw() * 2 - 1) * width),
    shape,
  );
};
const values = (tensors: tf.Tensor[]) =>
  Object.fromEntries(tensors.map((t, i) => [i, Float32Array.from(t.dataSync())]));

describe.each(['cpu', 'wasm'] as const)('on tfjs %s', (id) => {
  let backend: TfjsBackend;
  beforeAll(async () => {
    backend = await openTfjs(id);
  });
  afterAll(() => backend.dispose());

  it('batch norm: value, statistics and all three gradients', () => {
    const epsilon = 1e-3;
    const composed = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon))), gamma), beta);
    };
    // A mean far off zero, where a careless variance would cancel.
    const [x, gamma, beta] = [noise([3, 4, 5, 6], 1, 1, 8), noise([6], 2, 0.5, 1), noise([6], 3)];
    const weights = noise([3, 4, 5, 6], 4);
    const statistics: Float32Array[] = [];
    const own = (...[x, gamma, beta]: tf.Tensor[]) =>
      normalise(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D, epsilon, (...both) => {
        statistics.push(...both.map((t) => Float32Array.from(t.dataSync())));
      });
    const gradients = (f: (...args: tf.Tensor[]) => tf.Tensor) =>
      tf.grads((...args) => tf.sum(tf.mul(f(...args), weights)))([x, gamma, beta]);
    const got = values([own(x, gamma, beta), ...gradients(own)]);
    const want = values([
      composed(x, gamma, beta),
      ...gradients(composed as (...args: tf.Tensor[]) => tf.Tensor),
    ]);
    expect(relativeDistance(got, want)).toBeLessThan(2e-5);
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const unbiased = tf.mul(variance, 60 / 59);
    expect(relativeDistance({ 0: statistics[0], 1: statistics[1] }, values([mean, unbiased]))).toBeLessThan(
      1e-5,
    );
  });

  it('losses with hard and with soft labels', () => {
    const [z, teacher] = [noise([5, 7], 1, 4), noise([5, 7], 2, 3)] as tf.Tensor2D[];
    const y = tf.cast(tf.oneHot([0, 6, 3, 3, 2], 7), 'float32') as tf.Tensor2D;
    const cross = (p: tf.Tensor, z: tf.Tensor) => tf.neg(tf.mean(tf.sum(tf.mul(p, tf.logSoftmax(z)), 1)));
    const [hard, t] = [0.25, 3];
    const both: [(z: tf.Tensor2D) => tf.Tensor, (z: tf.Tensor2D) => tf.Tensor][] = [
      [(z) => crossEntropy(z, y, 1 / 5), (z) => cross(y, z)],
      [
        (z) => meanLoss(z, y, { logits: teacher, hard, temperature: t }),
        (z) =>
          tf.add(
            tf.mul(cross(y, z), hard),
            tf.mul(cross(tf.softmax(tf.div(teacher, t)), tf.div(z, t)), (1 - hard) * t * t),
          ),
      ],
    ];
    for (const [own, composed] of both) {
      const run = (f: (z: tf.Tensor2D) => tf.Tensor) =>
        values([f(z), tf.grad(f as (z: tf.Tensor) => tf.Tensor)(z)]);
      expect(relativeDistance(run(own), run(composed))).toBeLessThan(1e-5);
    }
  });

  /** Windows without a positive value, ties, overlaps and a rest that no window covers. */
  it.each([
    [2, 2],
    [3, 2],
    [2, 1],
  ])('max pooling of %i with stride %i sends the gradient to the first maximum', (size, stride) => {
    const x = tf.tensor4d(
      Float32Array.from(noise([2, 7, 8, 3], 5, 2, -2).dataSync(), (v) => Math.round(v)),
      [2, 7, 8, 3],
    );
    const dy = noise(tf.maxPool(x, size, stride, 'valid').shape, 6);
    const got = tf.grad((x) => tf.sum(tf.mul(tf.maxPool(x as tf.Tensor4D, size, stride, 'valid'), dy)))(x);
    expect(relativeDistance(values([got]), { 0: poolGradient(x, dy, size, stride) })).toBeLessThan(1e-6);
  });
});

/** By its definition, window by window. */
function poolGradient(x: tf.Tensor4D, dy: tf.Tensor, size: number, stride: number): Float32Array {
  const [n, , , c] = x.shape;
  const [, oh, ow] = dy.shape;
  const [from, grads, dx] = [x.bufferSync(), dy.dataSync(), tf.buffer(x.shape)];
  for (let out = 0; out < dy.size; out++) {
    const [k, j, i] = [out % c, Math.floor(out / c) % ow, Math.floor(out / c / ow) % oh];
    const image = Math.floor(out / c / ow / oh) % n;
    let best: [number, number] = [i * stride, j * stride];
    for (let r = 0; r < size; r++) {
      for (let q = 0; q < size; q++) {
        const at: [number, number] = [i * stride + r, j * stride + q];
        if (from.get(image, ...at, k) > from.get(image, ...best, k)) best = at;
      }
    }
    dx.set(dx.get(image, ...best, k) + grads[out], image, ...best, k);
  }
  return Float32Array.from(dx.values);
}

it('counts an answer as right if it is the first largest logit, and never with a NaN', () => {
  const logits = [1, 2, 2, 3, 1, 0, Number.NaN, 9, 0];
  expect(score(logits, Uint8Array.of(1, 0, 1), 3)).toEqual({ correct: 2, loss: Number.NaN });
  const { loss } = score(logits, Uint8Array.of(1, 0), 3);
  const first = Math.log(Math.exp(1) + 2 * Math.exp(2)) - 2;
  expect(loss).toBeCloseTo(first + Math.log(Math.exp(3) + Math.exp(1) + 1) - 3, 12);
});

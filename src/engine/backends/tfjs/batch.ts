/** From bytes to tensors: x = pixel * scale + shift, labels one-hot. Gathering and moving happen on the CPU. */
import * as tf from '@tensorflow/tfjs-core';
import type { Examples } from '../../../datasets/types';
import { MOVE_BYTES } from '../../../kernels/gather/contract';
import type { SoftTargets, TrainJob } from '../../types';
import { misuse } from '../network';
import type { Teacher } from './loss';

type Shape = readonly [number, number, number];

/** Raw pixels [n, h*w*c] -> [n, h, w, c]. A fresh array each time: the cpu backend keeps it as it is. */
export function images(pixels: Uint8Array, shape: Shape, scale: number, shift: number): tf.Tensor4D {
  const x = new Float32Array(pixels.length);
  for (let i = 0; i < x.length; i++) x[i] = pixels[i] * scale + shift;
  const size = shape[0] * shape[1] * shape[2];
  return tf.tensor4d(x, [pixels.length / size, ...shape]);
}
/** Labels [n] -> [n, classes]. */
function onehot(labels: Uint8Array, classes: number): tf.Tensor2D {
  const y = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    y[i * classes + label] = 1;
  });
  return tf.tensor2d(y, [labels.length, classes]);
}

/**
 * The batch of step t (0-based) as x [batch, h, w, c], one-hot y [batch, classes] and the teacher's part.
 * @throws WinnowError `engine.misuse` when the job names a wrong number of examples or one that is not loaded.
 */
export function batchOf(job: TrainJob, step: number, classes: number) {
  const { examples, batch, soft } = job;
  const { shape, scale, shift } = examples;
  const picked = job.indices(step);
  if (picked.length !== batch) throw misuse(`step ${step} needs ${batch} indices, found ${picked.length}`);
  const size = shape[0] * shape[1] * shape[2];
  const pixels = new Uint8Array(batch * size);
  const labels = new Uint8Array(batch);
  const moves = job.moves?.(step);
  picked.forEach((index, i) => {
    if (index >= examples.count) throw misuse(`example ${index} of ${examples.count} is not loaded`);
    const source = examples.pixels.subarray(index * size, (index + 1) * size);
    const to = pixels.subarray(i * size, (i + 1) * size);
    if (moves) move(source, to, shape, moves.subarray(i * MOVE_BYTES, (i + 1) * MOVE_BYTES));
    else to.set(source);
    labels[i] = examples.labels[index];
  });
  return {
    x: images(pixels, shape, scale, shift),
    y: onehot(labels, classes),
    teacher: soft && teacherOf(soft, picked, classes),
  };
}

/** One image cropped and flipped as kernels/gather/contract.ts defines it; what lies outside stays 0. */
function move(source: Uint8Array, to: Uint8Array, [h, w, c]: Shape, [flip, down, right]: Int8Array): void {
  for (let r = 0; r < h; r++) {
    for (let q = 0; q < w; q++) {
      const [from, at] = [r + down, (flip ? w - 1 - q : q) + right];
      if (from < 0 || from >= h || at < 0 || at >= w) continue;
      const pixel = (from * w + at) * c;
      to.set(source.subarray(pixel, pixel + c), (r * w + q) * c);
    }
  }
}

function teacherOf(
  { logits, hard, temperature }: SoftTargets,
  picked: Uint32Array,
  classes: number,
): Teacher {
  const rows = new Float32Array(picked.length * classes);
  picked.forEach((index, i) => {
    rows.set(logits.subarray(index * classes, (index + 1) * classes), i * classes);
  });
  return { logits: tf.tensor2d(rows, [picked.length, classes]), hard, temperature };
}

/** Examples [from, to) as x, and their labels. */
export function slice({ pixels, labels, shape, scale, shift }: Examples, from: number, to: number) {
  const size = shape[0] * shape[1] * shape[2];
  return {
    x: images(pixels.subarray(from * size, to * size), shape, scale, shift),
    labels: labels.subarray(from, to),
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

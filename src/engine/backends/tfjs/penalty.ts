/** Penalties on weights as in kernels/penalty/contract.ts, in TensorFlow.js. To be called in a tidy scope. */
import * as tf from '@tensorflow/tfjs-core';
import type { TrainJob } from '../../types';

/** The gradient with that of a penalty on this tensor. */
export function penalized({ penalty }: TrainJob, name: string, w: tf.Tensor, g: tf.Tensor): tf.Tensor {
  if (penalty?.kind !== 'l1-subgradient' || !penalty.kernels.includes(name)) return g;
  return tf.add(g, tf.mul(tf.sign(w), penalty.lambda));
}

/** The weights after the shrinking step of a penalty on this tensor. */
export function shrunk({ penalty, optimizer }: TrainJob, name: string, w: tf.Tensor): tf.Tensor {
  if (!penalty || penalty.kind === 'l1-subgradient' || !penalty.kernels.includes(name)) return w;
  const t = optimizer.lr * penalty.lambda;
  if (penalty.kind === 'l1-proximal') return tf.mul(tf.sign(w), tf.relu(tf.sub(tf.abs(w), t)));
  const cols = w.shape[w.shape.length - 1] as number;
  const columns = tf.reshape(w, [w.size / cols, cols]);
  const norm = tf.sqrt(tf.sum(tf.square(columns), 0, true));
  const reach = t * Math.sqrt(w.size / cols);
  const factor = tf.where(tf.lessEqual(norm, reach), tf.zerosLike(norm), tf.sub(1, tf.div(reach, norm)));
  return tf.reshape(tf.mul(columns, factor), w.shape);
}

/**
 * `src/methods/fake-quant.ts` as TensorFlow.js operations, for the inside of a training step, where reading
 * the weights back would stall a GPU. Evaluation uses the original, whose weights are those of the file.
 */
import * as tf from '@tensorflow/tfjs-core';
import { symmetricLimit } from '../../../methods/fake-quant';
import type { QuantSpec } from '../../../models/types';

/** Smallest scale, so that an all-zero channel stays zero. */
const FLOOR = 1e-12;

/**
 * Effective weights of a kernel whose pruned weights are 0 already. Last axis is the output channel.
 * Its gradient is of no use (rounding is flat): the caller passes the gradient straight through.
 */
export function fakeQuantOf(w: tf.Tensor, spec: QuantSpec, mask?: tf.Tensor): tf.Tensor {
  const axes = spec.granularity === 'channel' ? w.shape.slice(0, -1).map((_, i) => i) : undefined;
  if (spec.bits === 1) return signTimesMean(w, axes, mask);
  return spec.scheme === 'affine' ? affine(w, axes, spec.bits) : symmetric(w, axes, spec.bits);
}

function signTimesMean(w: tf.Tensor, axes: number[] | undefined, mask?: tf.Tensor): tf.Tensor {
  const kept = mask ?? tf.onesLike(w);
  const mean = tf.div(tf.sum(tf.abs(w), axes), tf.maximum(tf.sum(kept, axes), 1));
  // 0 counts as positive, so not tf.sign.
  const sign = tf.sub(tf.mul(tf.cast(tf.greaterEqual(w, 0), 'float32'), 2), 1);
  return tf.mul(tf.mul(sign, mean), kept);
}
function affine(w: tf.Tensor, axes: number[] | undefined, bits: number): tf.Tensor {
  const most = 2 ** bits - 1;
  const low = tf.minimum(tf.min(w, axes), 0);
  const high = tf.maximum(tf.max(w, axes), 0);
  const scale = tf.maximum(tf.div(tf.sub(high, low), most), FLOOR);
  const zero = tf.clipByValue(tf.round(tf.div(tf.neg(low), scale)), 0, most);
  const codes = tf.clipByValue(tf.add(tf.round(tf.div(w, scale)), zero), 0, most);
  return tf.mul(tf.sub(codes, zero), scale);
}
function symmetric(w: tf.Tensor, axes: number[] | undefined, bits: number): tf.Tensor {
  const limit = symmetricLimit(bits);
  const scale = tf.maximum(tf.div(tf.max(tf.abs(w), axes), limit), FLOOR);
  return tf.mul(tf.clipByValue(tf.round(tf.div(w, scale)), -limit, limit), scale);
}

/**
 * Optimizers to the formulas of PyTorch (torch.optim.SGD, Adam and AdamW), which those of TensorFlow.js are not:
 * its Adam adds epsilon before the bias correction of v, its Nesterov differs, and it has no weight decay.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../types';

export interface Optimizer {
  /** New weight of one tensor. `t` counts steps from 1. To be called in a tidy scope. */
  update(name: string, weight: tf.Tensor, gradient: tf.Tensor, t: number): tf.Tensor;
  /** What is remembered: each moment of each tensor seen so far, in the order of OptimizerState. */
  moments(): Map<string, tf.Variable>[];
  /** Takes over the moments that `moments` gave, read and shaped. */
  restore(moments: readonly ReadonlyMap<string, tf.Tensor>[]): void;
  dispose(): void;
}

/** Fresh state: all moments zero. */
export function makeOptimizer(spec: OptimizerSpec): Optimizer {
  // Adam: m and v. SGD: the velocity.
  const moments = Array.from({ length: spec.kind === 'sgd' ? 1 : 2 }, () => new Map<string, tf.Variable>());
  const slot: Slot = (moment, name, like) => {
    const known = moments[moment].get(name);
    if (known) return known;
    const made = tf.variable(tf.zerosLike(like), false);
    moments[moment].set(name, made);
    return made;
  };
  const rule = spec.kind === 'sgd' ? sgd(spec, slot) : adam(spec, slot);
  const dispose = () => {
    for (const moment of moments) {
      for (const variable of moment.values()) variable.dispose();
      moment.clear();
    }
  };
  return {
    update: rule,
    moments: () => moments,
    restore(saved) {
      dispose();
      saved.forEach((tensors, i) => {
        for (const [name, tensor] of tensors) moments[i].set(name, tf.variable(tensor, false));
      });
    },
    dispose,
  };
}
type Slot = (moment: number, name: string, like: tf.Tensor) => tf.Variable;
type Sgd = Extract<OptimizerSpec, { kind: 'sgd' }>;
type Adam = Exclude<OptimizerSpec, Sgd>;

/** v = momentum * v + g; w -= lr * v, or with Nesterov w -= lr * (g + momentum * v). Decay: g += decay * w. */
function sgd({ lr, momentum, nesterov, weightDecay = 0 }: Sgd, slot: Slot): Optimizer['update'] {
  return (name, w, gradient) => {
    const g = decayed(gradient, w, weightDecay);
    if (momentum === 0) return tf.sub(w, tf.mul(g, lr));
    const v = slot(0, name, w);
    v.assign(tf.add(tf.mul(v, momentum), g));
    return tf.sub(w, tf.mul(nesterov ? tf.add(g, tf.mul(v, momentum)) : v, lr));
  };
}
/**
 * m and v bias-corrected, then w -= lr * mhat / (sqrt(vhat) + epsilon). Decay: g += decay * w before, or decoupled
 * (AdamW) w -= lr * decay * w besides.
 */
function adam(spec: Adam, slot: Slot): Optimizer['update'] {
  const { kind, lr, beta1, beta2, epsilon, weightDecay = 0 } = spec;
  const [coupled, decoupled] = kind === 'adam' ? [weightDecay, 0] : [0, weightDecay];
  return (name, w, gradient, t) => {
    const g = decayed(gradient, w, coupled);
    const [m, v] = [slot(0, name, w), slot(1, name, w)];
    m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
    v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)));
    const root = tf.mul(tf.sqrt(v), 1 / Math.sqrt(1 - beta2 ** t));
    const step = tf.mul(tf.div(m, tf.add(root, epsilon)), lr / (1 - beta1 ** t));
    return tf.sub(decoupled === 0 ? w : tf.mul(w, 1 - lr * decoupled), step);
  };
}
const decayed = (g: tf.Tensor, w: tf.Tensor, decay: number): tf.Tensor =>
  decay === 0 ? g : tf.add(g, tf.mul(w, decay));

/**
 * Optimizers to the formulas of PyTorch (torch.optim.SGD, torch.optim.Adam), which those of
 * TensorFlow.js are not: its Adam adds epsilon before the bias correction of v, its Nesterov differs.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../types';

export interface Optimizer {
  /** New weight of one tensor. `t` counts steps from 1. To be called in a tidy scope. */
  update(name: string, weight: tf.Tensor, gradient: tf.Tensor, t: number): tf.Tensor;
  dispose(): void;
}

/** Fresh state: all moments zero. */
export function makeOptimizer(spec: OptimizerSpec): Optimizer {
  const slots = new Map<string, tf.Variable>();
  const slot = (key: string, like: tf.Tensor) => {
    if (!slots.has(key)) slots.set(key, tf.variable(tf.zerosLike(like), false));
    return slots.get(key)!;
  };
  const rule = spec.kind === 'adam' ? adam(spec, slot) : sgd(spec, slot);
  return {
    update: rule,
    dispose() {
      for (const v of slots.values()) v.dispose();
      slots.clear();
    },
  };
}
type Slot = (key: string, like: tf.Tensor) => tf.Variable;
type Of<K extends OptimizerSpec['kind']> = Extract<OptimizerSpec, { kind: K }>;

/** v = momentum * v + g; w -= lr * v, or with Nesterov w -= lr * (g + momentum * v). */
function sgd({ lr, momentum, nesterov }: Of<'sgd'>, slot: Slot): Optimizer['update'] {
  return (name, w, g) => {
    if (momentum === 0) return tf.sub(w, tf.mul(g, lr));
    const v = slot(`${name}/v`, w);
    v.assign(tf.add(tf.mul(v, momentum), g));
    return tf.sub(w, tf.mul(nesterov ? tf.add(g, tf.mul(v, momentum)) : v, lr));
  };
}
/** m and v bias-corrected, then w -= lr * mhat / (sqrt(vhat) + epsilon). */
function adam({ lr, beta1, beta2, epsilon }: Of<'adam'>, slot: Slot): Optimizer['update'] {
  return (name, w, g, t) => {
    const m = slot(`${name}/m`, w);
    const v = slot(`${name}/v`, w);
    m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
    v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)));
    const root = tf.mul(tf.sqrt(v), 1 / Math.sqrt(1 - beta2 ** t));
    return tf.sub(w, tf.mul(tf.div(m, tf.add(root, epsilon)), lr / (1 - beta1 ** t)));
  };
}

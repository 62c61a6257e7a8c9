/** Softmax cross-entropy: differentiable for training, and counted in double precision for evaluation. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Sum over the rows of logits [n, classes] of the cross-entropy in nats with the distributions `target` [n, classes],
 * times `factor`. Written as one custom gradient, (softmax - target) * factor, because the composed one takes three
 * times the operations. The target gets no gradient.
 */
export function crossEntropy(logits: tf.Tensor2D, target: tf.Tensor2D, factor: number): tf.Scalar {
  const f = tf.customGrad((z, save) => {
    const logp = tf.logSoftmax(z as tf.Tensor);
    // The target too: made in the same pass, it would be gone by the time gradients are taken.
    (save as tf.GradSaveFunc)([logp, target]);
    return {
      value: tf.mul(tf.sum(tf.mul(target, logp)), -factor),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.mul(tf.mul(dy, factor), tf.sub(tf.exp(saved[0]), saved[1])),
    };
  });
  return f(logits) as tf.Scalar;
}

/** Logits of the teacher for the batch [n, classes], the weight of the hard labels and the temperature. */
export interface Teacher {
  logits: tf.Tensor2D;
  hard: number;
  temperature: number;
}
/** Mean loss of a batch, by the formula of kernels/softmax-loss/contract.ts. */
export function meanLoss(logits: tf.Tensor2D, onehot: tf.Tensor2D, teacher?: Teacher): tf.Scalar {
  const share = 1 / logits.shape[0];
  if (!teacher) return crossEntropy(logits, onehot, share);
  const { hard, temperature: t } = teacher;
  const soft = tf.softmax(tf.div(teacher.logits, t)) as tf.Tensor2D;
  const softLoss = crossEntropy(tf.div(logits, t), soft, share * (1 - hard) * t * t);
  return tf.add(crossEntropy(logits, onehot, share * hard), softLoss);
}

/**
 * Correct answers and summed cross-entropy of logits [n, classes]. An answer is the first largest logit; a row with a
 * NaN in it is wrong.
 */
export function score(logits: ArrayLike<number>, labels: Uint8Array, classes: number) {
  let [correct, loss] = [0, 0];
  labels.forEach((label, i) => {
    const row = Array.from({ length: classes }, (_, k) => logits[i * classes + k]);
    const top = row.reduce((a, b) => Math.max(a, b));
    if (row.indexOf(top) === label) correct++;
    loss += top - row[label] + Math.log(row.reduce((sum, z) => sum + Math.exp(z - top), 0));
  });
  return { correct, loss };
}

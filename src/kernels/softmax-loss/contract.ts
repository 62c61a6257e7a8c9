/** Softmax cross-entropy with hard and soft labels: loss, gradient and correct count in one pass. */
import type { Ptr } from '../memory';

/** Soft labels as in Hinton, Vinyals, Dean 2015 (distillation). */
export interface SoftLabels {
  /** Logits of the teacher [rows, classes]. */
  teacher: Ptr;
  /** Weight of the hard labels, 0..1; soft labels have the rest. */
  hard: number;
  /** T > 0. */
  temperature: number;
}
export interface SoftmaxLossOps {
  /**
   * Sum over rows of z [rows, classes] of -log softmax(z)[label] in nats; labels are bytes. Unless `dz` is 0 writes
   * the gradient of the mean to it. With soft labels the loss of a row is
   *   hard * CE(label, softmax(z)) + (1 - hard) * T^2 * CE(softmax(teacher / T), softmax(z / T)),
   * whose gradient keeps its size when T changes.
   */
  softmaxLoss(z: Ptr, labels: Ptr, dz: Ptr, rows: number, classes: number, soft?: SoftLabels): number;
  /** Of the last `softmaxLoss`: rows whose label is the first largest logit. A NaN in the row makes it wrong. */
  lastCorrect(): number;
}

/** Softmax cross-entropy by its formula, in double precision. Contract: contract.ts. */
import type { SoftLabels, SoftmaxLossOps } from './contract';

/** Log of softmax(row / temperature). */
function logSoftmax(row: Float32Array, temperature: number): Float64Array {
  const top = Math.max(...row);
  const shifted = Float64Array.from(row, (v) => (v - top) / temperature);
  const log = Math.log(shifted.reduce((sum, v) => sum + Math.exp(v), 0));
  return shifted.map((v) => v - log);
}

export function softmaxLossOps(view: () => Float32Array, raw: () => Uint8Array): SoftmaxLossOps {
  let correct = 0;
  /** Loss of one row; adds its gradient to `grad`. */
  const hardRow = (row: Float32Array, label: number, weight: number, grad: Float64Array) => {
    const logs = logSoftmax(row, 1);
    logs.forEach((l, j) => {
      grad[j] += weight * (Math.exp(l) - (j === label ? 1 : 0));
    });
    return -weight * logs[label];
  };
  const softRow = (row: Float32Array, teacher: Float32Array, soft: SoftLabels, grad: Float64Array) => {
    const { temperature: t, hard } = soft;
    const logs = logSoftmax(row, t);
    const target = logSoftmax(teacher, t).map(Math.exp);
    logs.forEach((l, j) => {
      grad[j] += (1 - hard) * t * (Math.exp(l) - target[j]);
    });
    return -(1 - hard) * t * t * logs.reduce((sum, l, j) => sum + target[j] * l, 0);
  };
  return {
    softmaxLoss(z, labels, dz, rows, classes, soft) {
      const [f, u] = [view(), raw()];
      let total = 0;
      correct = 0;
      for (let i = 0; i < rows; i++) {
        const rowOf = (at: number) => f.subarray(at / 4 + i * classes, at / 4 + (i + 1) * classes);
        const row = rowOf(z);
        const label = u[labels + i];
        const grad = new Float64Array(classes);
        total += hardRow(row, label, soft ? soft.hard : 1, grad);
        if (soft) total += softRow(row, rowOf(soft.teacher), soft, grad);
        if (row.indexOf(Math.max(...row)) === label) correct++;
        if (dz)
          grad.forEach((g, j) => {
            f[dz / 4 + i * classes + j] = g / rows;
          });
      }
      return total;
    },
    lastCorrect: () => correct,
  };
}

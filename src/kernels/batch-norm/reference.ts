/** Batch normalisation by its formulas, in double precision. Contract: contract.ts. */
import { clip } from '../dense/reference';
import type { BatchNormOps } from './contract';

export const batchNormOps = (view: () => Float32Array): BatchNormOps => ({
  batchNormTrain({ c, epsilon, momentum }, x, gamma, beta, mean, variance, y, saved, rows, relu) {
    const f = view();
    for (let j = 0; j < c; j++) {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += f[x / 4 + i * c + j];
      const mu = sum / rows;
      let squares = 0;
      for (let i = 0; i < rows; i++) squares += (f[x / 4 + i * c + j] - mu) ** 2;
      const rstd = 1 / Math.sqrt(squares / rows + epsilon);
      f[saved / 4 + j] = mu;
      f[saved / 4 + c + j] = rstd;
      f[mean / 4 + j] = (1 - momentum) * f[mean / 4 + j] + momentum * mu;
      f[variance / 4 + j] = (1 - momentum) * f[variance / 4 + j] + (momentum * squares) / (rows - 1);
      for (let i = 0; i < rows; i++) {
        const v = f[gamma / 4 + j] * (f[x / 4 + i * c + j] - mu) * rstd + f[beta / 4 + j];
        f[y / 4 + i * c + j] = relu ? clip(v) : v;
      }
    }
  },
  batchNormEval({ c, epsilon }, x, gamma, beta, mean, variance, y, rows, relu) {
    const f = view();
    for (let j = 0; j < c; j++) {
      const rstd = 1 / Math.sqrt(f[variance / 4 + j] + epsilon);
      for (let i = 0; i < rows; i++) {
        const v = f[gamma / 4 + j] * (f[x / 4 + i * c + j] - f[mean / 4 + j]) * rstd + f[beta / 4 + j];
        f[y / 4 + i * c + j] = relu ? clip(v) : v;
      }
    }
  },
  batchNormBackward({ c }, x, dy, gamma, saved, dx, dgamma, dbeta, rows) {
    const f = view();
    for (let j = 0; j < c; j++) {
      const [mu, rstd] = [f[saved / 4 + j], f[saved / 4 + c + j]];
      let [sum, dot] = [0, 0];
      for (let i = 0; i < rows; i++) {
        sum += f[dy / 4 + i * c + j];
        dot += f[dy / 4 + i * c + j] * (f[x / 4 + i * c + j] - mu) * rstd;
      }
      f[dgamma / 4 + j] = dot;
      f[dbeta / 4 + j] = sum;
      for (let i = 0; i < rows; i++) {
        const normal = (f[x / 4 + i * c + j] - mu) * rstd;
        f[dx / 4 + i * c + j] =
          f[gamma / 4 + j] * rstd * (f[dy / 4 + i * c + j] - sum / rows - (normal * dot) / rows);
      }
    }
  },
});

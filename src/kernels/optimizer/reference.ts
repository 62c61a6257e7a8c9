/** Loss and optimizers by their formulas. Contract: contract.ts. */
import type { OptimizerOps } from './contract';

export const optimizerOps = (view: () => Float32Array, bytes: () => Uint8Array): OptimizerOps => ({
  adam(w, g, m, v, mask, n, { lr, beta1, beta2, epsilon, weightDecay = 0, decoupled }, t) {
    const [f, u] = [view(), bytes()];
    const [rest1, rest2] = [1 - beta1 ** t, 1 - beta2 ** t];
    for (let i = 0; i < n; i++) {
      const kept = mask === 0 || u[mask + i] !== 0;
      const l2 = decoupled ? 0 : weightDecay * f[w / 4 + i];
      const grad = kept ? f[g / 4 + i] + l2 : 0;
      f[m / 4 + i] = beta1 * f[m / 4 + i] + (1 - beta1) * grad;
      f[v / 4 + i] = beta2 * f[v / 4 + i] + (1 - beta2) * grad * grad;
      const step = f[m / 4 + i] / rest1 / (Math.sqrt(f[v / 4 + i] / rest2) + epsilon);
      const decay = decoupled ? lr * weightDecay * f[w / 4 + i] : 0;
      if (kept) f[w / 4 + i] = f[w / 4 + i] - decay - lr * step;
    }
  },
  sgd(w, g, v, mask, n, { lr, momentum, nesterov, weightDecay = 0 }) {
    const [f, u] = [view(), bytes()];
    for (let i = 0; i < n; i++) {
      const kept = mask === 0 || u[mask + i] !== 0;
      const grad = kept ? f[g / 4 + i] + weightDecay * f[w / 4 + i] : 0;
      let step = grad;
      if (momentum !== 0) {
        f[v / 4 + i] = momentum * f[v / 4 + i] + grad;
        step = nesterov ? grad + momentum * f[v / 4 + i] : f[v / 4 + i];
      }
      if (kept) f[w / 4 + i] -= lr * step;
    }
  },
});

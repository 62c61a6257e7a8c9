/** The optimizers over the whole arena in one dispatch. Formulas and masks as in ../contract.ts. */
import { STATE } from '../gather/wgsl';
import { bind, elementwise, type Kernel } from '../webgpu/kernel';

/** Floats of the `rates` uniform, in this order. */
export const RATES = ['lr', 'beta1', 'beta2', 'epsilon', 'rest1', 'rest2', 'momentum', 'unused'] as const;
const rates = `struct Rates { ${RATES.map((name) => `${name}: f32`).join(', ')} }`;

const arenas = [
  ['w', 'vec4<f32>', 'read_write'],
  ['g', 'vec4<f32>', 'read'],
  ['mask', 'vec4<f32>', 'read'],
  ['rates', 'Rates', 'uniform'],
] as const;
const begin = (n: number) => `  if (i >= ${n / 4}u) { return; }
  let kept = mask[i] != vec4<f32>();
  let grad = select(vec4<f32>(), g[i], kept);`;

/**
 * Bindings w, g, mask, rates, m, v, state, schedule: n floats. The last two of the `stride` words of the
 * schedule of the step before the counter are 1 / (1 - beta^t), computed in double precision.
 */
export function adam(n: number, ring: number, stride: number): Kernel {
  return elementwise(
    'adam',
    8,
    `${rates}
${bind(
  ...arenas,
  ['m', 'vec4<f32>', 'read_write'],
  ['v', 'vec4<f32>', 'read_write'],
  ['state', 'u32', 'read'],
  ['schedule', 'u32', 'read'],
)}`,
    () => n / 4,
    `${begin(n)}
  // The loss has counted this step already.
  let at = (state[${STATE.step}] - 1u) % ${ring}u * ${stride}u + ${stride - 2}u;
  let m1 = rates.beta1 * m[i] + rates.rest1 * grad;
  let v1 = rates.beta2 * v[i] + rates.rest2 * grad * grad;
  m[i] = m1;
  v[i] = v1;
  let step = m1 * bitcast<f32>(schedule[at]) / (sqrt(v1 * bitcast<f32>(schedule[at + 1u])) + rates.epsilon);
  w[i] = select(vec4<f32>(), w[i] - rates.lr * step, kept);`,
  );
}

/** Bindings w, g, mask, rates and, with momentum, v. */
export function sgd(n: number, momentum: boolean, nesterov: boolean): Kernel {
  const step = nesterov ? 'grad + rates.momentum * v1' : 'v1';
  return elementwise(
    'sgd',
    momentum ? 5 : 4,
    `${rates}
${bind(...arenas, ...(momentum ? ([['v', 'vec4<f32>', 'read_write']] as const) : []))}`,
    () => n / 4,
    `${begin(n)}
  ${
    momentum
      ? `let v1 = rates.momentum * v[i] + grad;
  v[i] = v1;
  let step = ${step};`
      : 'let step = grad;'
  }
  w[i] = select(vec4<f32>(), w[i] - rates.lr * step, kept);`,
  );
}

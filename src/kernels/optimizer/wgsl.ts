/** The optimizers over the whole arena in one dispatch, formulas as in contract.ts. In `mask` 1 is trained. */
import { type ScheduleShape, STATE, scheduleAt, scheduleStride } from '../gather/wgsl';
import { type Binding, elementwise, type Kernel } from '../webgpu/kernel';

/** Floats of the `rates` uniform, in this order. */
export const RATES = ['lr', 'beta1', 'beta2', 'epsilon', 'rest1', 'rest2', 'momentum', 'decay'] as const;
/** How weight decay comes in: not at all, with the gradient (L2), or beside it (AdamW). */
export type Decay = 'none' | 'coupled' | 'decoupled';

const rates = `struct Rates { ${RATES.map((name) => `${name}: f32`).join(', ')} }`;
const arenas: readonly Binding[] = [
  ['w', 'vec4<f32>', 'read_write'],
  ['g', 'vec4<f32>', 'read'],
  ['mask', 'vec4<f32>', 'read'],
  ['rates', 'Rates', 'uniform'],
];
const begin = (n: number, decay: Decay) => `  if (i >= ${n / 4}u) { return; }
  let kept = mask[i] == vec4<f32>(1.0);
  let before = w[i];
  let grad = select(vec4<f32>(), g[i]${decay === 'coupled' ? ' + rates.decay * before' : ''}, kept);`;

/**
 * Bindings w, g, mask, rates, m, v, state, schedule: n floats. The last two words of the schedule of the step
 * before the counter are 1 / (1 - beta^t), computed in double precision.
 */
export function adam(n: number, s: ScheduleShape, decay: Decay): Kernel {
  const start = decay === 'decoupled' ? 'before - rates.lr * rates.decay * before' : 'before';
  return elementwise(
    'adam',
    [
      ...arenas,
      ['m', 'vec4<f32>', 'read_write'],
      ['v', 'vec4<f32>', 'read_write'],
      ['state', 'u32', 'read'],
      ['schedule', 'u32', 'read'],
    ],
    rates,
    () => n / 4,
    `${begin(n, decay)}
  // The loss has counted this step already.
  let at = ${scheduleAt(s, `(state[${STATE.step}] - 1u)`)} + ${scheduleStride(s) - 2}u;
  let m1 = rates.beta1 * m[i] + rates.rest1 * grad;
  let v1 = rates.beta2 * v[i] + rates.rest2 * grad * grad;
  m[i] = m1;
  v[i] = v1;
  let step = m1 * bitcast<f32>(schedule[at]) / (sqrt(v1 * bitcast<f32>(schedule[at + 1u])) + rates.epsilon);
  w[i] = select(before, ${start} - rates.lr * step, kept);`,
  );
}

/** Bindings w, g, mask, rates and, with momentum, v. */
export function sgd(n: number, momentum: boolean, nesterov: boolean, decay: Decay): Kernel {
  const step = nesterov ? 'grad + rates.momentum * v1' : 'v1';
  return elementwise(
    'sgd',
    [...arenas, ...(momentum ? ([['v', 'vec4<f32>', 'read_write']] as const) : [])],
    rates,
    () => n / 4,
    `${begin(n, decay)}
  ${
    momentum
      ? `let v1 = rates.momentum * v[i] + grad;
  v[i] = v1;
  let step = ${step};`
      : 'let step = grad;'
  }
  w[i] = select(before, before - rates.lr * step, kept);`,
  );
}

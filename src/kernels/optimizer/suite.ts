/** Cases of optimizer/contract.ts: one step each, from the middle of a training too. */
import { noise, sparse } from '../testing/bench';
import { changed, given, type OpCase, planted, ROUNDING } from '../testing/suite';
import type { AdamRates, SgdRates } from './contract';

export type OptimizerCase =
  | OpCase<'adam', { n: number; rates: AdamRates; t: number; masked: boolean }>
  | OpCase<'sgd', { n: number; rates: SgdRates; masked: boolean }>;

const ADAMS: Record<string, AdamRates> = {
  adam: { lr: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  'large epsilon': { lr: 0.1, beta1: 0.8, beta2: 0.99, epsilon: 0.1 },
  'weight decay': { lr: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
  adamw: { lr: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.5, decoupled: true },
};
const SGDS: Record<string, SgdRates> = {
  sgd: { lr: 0.1, momentum: 0, nesterov: false },
  momentum: { lr: 0.1, momentum: 0.9, nesterov: false },
  nesterov: { lr: 0.1, momentum: 0.9, nesterov: true },
  'weight decay': { lr: 0.1, momentum: 0, nesterov: false, weightDecay: 0.02 },
  'nesterov, weight decay': { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.02 },
};
const wildness = (g: Float32Array): string =>
  g.some(Number.isNaN) ? `, ${g.reduce((n, v) => n + (Number.isFinite(v) ? 0 : 1), 0)} wild gradients` : '';
const maskOf = (n: number) => Uint8Array.from({ length: n }, (_, i) => (i % 3 === 1 ? 0 : 0xff));

function adam(what: string, n: number, t: number, masked: boolean, g = sparse(n, 2, 0.8)): OptimizerCase {
  const rates = ADAMS[what];
  const before = t === 1 ? new Float32Array(n) : noise(n, 3);
  return {
    op: 'adam',
    label: `${what}, ${n} weights, step ${t}${masked ? ', masked' : ''}${wildness(g)}`,
    shape: { n, rates, t, masked },
    operands: {
      w: changed(noise(n, 1)),
      g: given(g),
      m: changed(before),
      v: changed(before.map((x) => x * x)),
      ...(masked ? { mask: given(maskOf(n)) } : {}),
    },
    onMachine: (m, at) => void m.adam(at.w, at.g, at.m, at.v, masked ? at.mask : 0, n, rates, t),
    tolerance: ROUNDING,
  };
}
function sgd(what: string, n: number, masked: boolean, g = sparse(n, 4, 0.8)): OptimizerCase {
  const rates = SGDS[what];
  return {
    op: 'sgd',
    label: `${what}, ${n} weights${masked ? ', masked' : ''}${wildness(g)}`,
    shape: { n, rates, masked },
    operands: {
      w: changed(noise(n, 1)),
      g: given(g),
      v: changed(noise(n, 5)),
      ...(masked ? { mask: given(maskOf(n)) } : {}),
    },
    onMachine: (m, at) => void m.sgd(at.w, at.g, at.v, masked ? at.mask : 0, n, rates),
    tolerance: ROUNDING,
  };
}
/** NaN and infinity at pruned and, where `kept`, at kept weights. */
const wild = (n: number, kept: boolean) => {
  const g = planted(planted(noise(n, 6), 1, 6, Number.NaN), 4, 6, Infinity);
  return kept ? planted(g, 5, n, Number.NaN) : g;
};
const flags = [false, true];

export const optimizerSuite: OptimizerCase[] = [
  ...Object.keys(ADAMS).flatMap((what) => [
    ...[1, 2, 1000].flatMap((t) => flags.map((masked) => adam(what, 60, t, masked))),
    adam(what, 60, 3, true, wild(60, false)),
    adam(what, 60, 3, true, wild(60, true)),
  ]),
  ...Object.keys(SGDS).flatMap((what) => [
    ...flags.map((masked) => sgd(what, 60, masked)),
    sgd(what, 60, true, wild(60, false)),
    sgd(what, 60, true, wild(60, true)),
  ]),
  adam('adamw', 4, 1, false),
  sgd('nesterov', 4, false),
];

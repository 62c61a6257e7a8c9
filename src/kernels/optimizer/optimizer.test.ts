import { describe, expect, it } from 'vitest';
import golden from '../goldens/pytorch.json';
import type { Machine } from '../machine';
import { referenceMachine } from '../reference/machine';
import { type Bench, bench, noise, sparse } from '../testing/bench';
import { checkSuite } from '../testing/check';
import { FLAVOURS, openMachine } from '../testing/machines';
import { difference } from '../testing/run';
import type { AdamRates, SgdRates } from './contract';
import { optimizerSuite } from './suite';

checkSuite(optimizerSuite);

const fast = await Promise.all(FLAVOURS.map(async (f) => [f, await openMachine(f)] as [string, Machine]));
const machines: [string, Machine][] = [['reference', referenceMachine()], ...fast];

type Rates = ({ kind: 'adam' } & AdamRates) | ({ kind: 'sgd' } & SgdRates);
const ADAM: Rates = { kind: 'adam', lr: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const ADAMW: Rates = { ...ADAM, weightDecay: 0.1, decoupled: true };
const NESTEROV: Rates = { kind: 'sgd', lr: 0.1, momentum: 0.9, nesterov: true };
const MOMENTUM: Rates = { ...NESTEROV, nesterov: false, weightDecay: 0.01 };
const SGD: Rates = { kind: 'sgd', lr: 0.1, momentum: 0, nesterov: false };

/** Steps with the given gradients; the weights after every step, and where the moments are. */
function train(b: Bench, start: Float32Array, grads: Float32Array[], rates: Rates, mask?: Uint8Array) {
  const n = start.length;
  const w = b.put(start);
  const [m, v] = [b.put(new Float32Array(n)), b.put(new Float32Array(n))];
  const [g, at] = [b.room(n), mask ? b.put(mask) : 0];
  const after = grads.map((grad, t) => {
    b.machine.floats.set(grad, g / 4);
    if (rates.kind === 'adam') b.machine.adam(w, g, m, v, at, n, rates, t + 1);
    else b.machine.sgd(w, g, v, at, n, rates);
    return b.take(w, n);
  });
  return { after, last: after[after.length - 1], moments: () => [...b.take(m, n), ...b.take(v, n)] };
}

describe.each(machines)('%s: five steps as PyTorch makes them', (_name, machine) => {
  it.each(Object.entries(golden.optimizers))('%s', (_optimizer, { optimizer, start, grads, after }) => {
    const steps = grads.map((g) => Float32Array.from(g));
    const got = train(bench(machine), Float32Array.from(start), steps, optimizer as Rates);
    after.forEach((want, t) => {
      expect(difference(got.after[t], want, 2e-6), `step ${t + 1}`).toBeUndefined();
    });
  });
});

const N = 60;
const mask = Uint8Array.from({ length: N }, (_, i) => (i % 3 === 1 ? 0 : 0xff));
const grads = [1, 2, 3, 4].map((seed) => sparse(N, seed, 0.8));
const KINDS: [string, Rates][] = [
  ['adam', ADAM],
  ['adamw', ADAMW],
  ['sgd', SGD],
  ['momentum with weight decay', MOMENTUM],
  ['nesterov', NESTEROV],
];

describe.each(machines)('%s', (_name, machine) => {
  it.each(KINDS)('%s: what is not trained stays bit for bit, its moments zero', (_kind, rates) => {
    const wild = grads.map((g) => g.map((v, i) => (i % 6 === 1 ? Number.NaN : i % 6 === 4 ? Infinity : v)));
    const start = noise(N, 1);
    [0, -0, 1e-42, Number.NaN, -Infinity].forEach((odd, k) => {
      start[3 * k + 1] = odd;
    });
    const { last, moments } = train(bench(machine), start, wild, rates, mask);
    mask.forEach((keep, i) => {
      if (keep === 0) expect(Object.is(last[i], start[i]), `[${i}] = ${last[i]}`).toBe(true);
      else expect(Number.isFinite(last[i]) && last[i] !== start[i], `[${i}] = ${last[i]}`).toBe(true);
    });
    moments().forEach((moment, i) => {
      if (mask[i % N] === 0) expect(Object.is(moment, 0), `moment [${i}] = ${moment}`).toBe(true);
    });
  });
  it.each(KINDS)('%s: NaN in a gradient shows in its weight and nowhere else', (_kind, rates) => {
    const bad = grads.map((g, t) => (t === 1 ? g.map((v, i) => (i === 5 ? Number.NaN : v)) : g));
    const { last } = train(bench(machine), noise(N, 1), bad, rates);
    expect([...last].map(Number.isNaN)).toEqual(Array.from({ length: N }, (_, i) => i === 5));
  });
  it('AdamW without a gradient only shrinks, by 1 - lr * decay', () => {
    const { last } = train(bench(machine), noise(N, 1), [new Float32Array(N)], ADAMW);
    expect(
      difference(
        last,
        noise(N, 1).map((w) => w * 0.999),
        1e-7,
      ),
    ).toBeUndefined();
  });
});

it.each(
  fast.flatMap(
    ([name, machine]) =>
      [
        [name, 'adam', machine, { ...ADAM, beta2: 0.9 }],
        [name, 'momentum', machine, { ...NESTEROV, nesterov: false }],
      ] as [string, string, Machine, Rates][],
  ),
)('%s: %s leaves no subnormal numbers where gradients have died', (_name, _kind, machine, rates) => {
  const alive = [1, 2, 3].map((seed) => noise(8, seed + 1).map((x) => x * 1e-12));
  const early = train(bench(machine), noise(8, 1), alive, rates).moments().slice(8);
  expect(early.every((x) => x !== 0)).toBe(true);
  const dead = Array.from({ length: 1500 }, () => new Float32Array(8));
  const late = train(bench(machine), noise(8, 1), [...alive, ...dead], rates).moments();
  expect(late.filter((x) => x !== 0)).toEqual([]);
});

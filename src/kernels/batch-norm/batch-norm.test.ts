import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import golden from '../goldens/pytorch.json';
import type { Machine } from '../machine';
import { referenceMachine } from '../reference/machine';
import { bench, noise } from '../testing/bench';
import { checkSuite } from '../testing/check';
import { checkGradients, type Differentiable } from '../testing/gradients';
import { FLAVOURS, openMachine } from '../testing/machines';
import { difference } from '../testing/run';
import { batchNormSuite } from './suite';

checkSuite(batchNormSuite);

const machines: [string, Machine][] = [
  ['reference', referenceMachine()],
  ...(await Promise.all(FLAVOURS.map(async (f) => [f, await openMachine(f)] as [string, Machine]))),
];

/** Roughly normal numbers: sums of twelve uniform ones. */
function normal(n: number, mean: number, deviation: number, seed: number): Float32Array {
  const parts = Array.from({ length: 12 }, (_, k) => noise(n, seed * 12 + k));
  return Float32Array.from(
    { length: n },
    (_, i) => mean + (deviation * parts.reduce((s, p) => s + p[i], 0)) / 2,
  );
}
const s = { c: 6, epsilon: 1e-5, momentum: 0.1 };

describe.each(machines)('%s: statistics against double precision', (_name, machine) => {
  it.each([
    ['mean 0, deviation 1', normal(20_000 * 6, 0, 1, 1)],
    ['mean 1000, deviation 1', normal(20_000 * 6, 1000, 1, 2)],
    ['mean -30000, deviation 0.5', normal(20_000 * 6, -30_000, 0.5, 3)],
    ['mean 1000, first row far out', normal(20_000 * 6, 1000, 1, 4).map((v, i) => (i < 6 ? 0 : v)), 2e-5],
    ['mean 1e-6, deviation 1e-7', normal(20_000 * 6, 1e-6, 1e-7, 5)],
    ['a constant', new Float32Array(20_000 * 6).fill(1234.567)],
  ] as [string, Float32Array, number?][])('%s', (_what, x, tolerance = 1e-6) => {
    const rows = x.length / s.c;
    const b = bench(machine);
    const [at, one, zero] = [b.put(x), b.put(new Float32Array(s.c).fill(1)), b.put(new Float32Array(s.c))];
    const [mean, variance] = [b.put(new Float32Array(s.c)), b.put(new Float32Array(s.c).fill(1))];
    const [y, saved] = [b.room(x.length), b.room(2 * s.c)];
    machine.batchNormTrain(s, at, one, zero, mean, variance, y, saved, rows, false);
    const [means, rstds] = [b.take(saved, s.c), b.take(saved + s.c * 4, s.c)];
    const outputs = b.take(y, x.length);
    for (let j = 0; j < s.c; j++) {
      const column = Float64Array.from({ length: rows }, (_, i) => x[i * s.c + j]);
      const mu = column.reduce((a, v) => a + v, 0) / rows;
      const squares = column.reduce((a, v) => a + (v - mu) ** 2, 0);
      const rstd = 1 / Math.sqrt(squares / rows + s.epsilon);
      expect(Math.abs(means[j] - mu)).toBeLessThan(1e-7 * Math.max(Math.abs(mu), Math.sqrt(squares / rows)));
      expect(Math.abs(rstds[j] / rstd - 1)).toBeLessThan(tolerance);
      const unbiased = 0.9 + (0.1 * squares) / (rows - 1);
      expect(Math.abs(b.take(variance, s.c)[j] / unbiased - 1)).toBeLessThan(2 * tolerance);
      const want = column.map((v) => (v - mu) * rstd);
      expect(
        difference(
          outputs.filter((_, i) => i % s.c === j),
          want,
          2 * tolerance,
        ),
      ).toBeUndefined();
    }
  });
});

describe.each(machines)('%s against PyTorch', (_name, machine) => {
  const { epsilon, momentum, rows, c, gamma, beta, steps, evaluation } = golden.batchNorm;
  const shape = { c, epsilon, momentum };
  it('training, running statistics, gradients, evaluation', () => {
    const b = bench(machine);
    const floats = (values: number[]) => b.put(Float32Array.from(values));
    const [g, bt] = [floats(gamma), floats(beta)];
    const [mean, variance] = [floats(new Array(c).fill(0)), floats(new Array(c).fill(1))];
    const [y, saved, dx] = [b.room(rows * c), b.room(2 * c), b.room(rows * c)];
    const [dgamma, dbeta] = [b.room(c), b.room(c)];
    const near = (at: number, want: number[], what: string) =>
      expect(difference(b.take(at, want.length), want, 5e-6), what).toBeUndefined();
    for (const step of steps) {
      const [x, dy] = [floats(step.x), floats(step.dy)];
      machine.batchNormTrain(shape, x, g, bt, mean, variance, y, saved, rows, false);
      machine.batchNormBackward(shape, x, dy, g, saved, dx, dgamma, dbeta, rows);
      near(y, step.y, 'y');
      near(mean, step.mean, 'mean');
      near(variance, step.variance, 'variance');
      near(dx, step.dx, 'dx');
      near(dgamma, step.dgamma, 'dgamma');
      near(dbeta, step.dbeta, 'dbeta');
    }
    machine.batchNormEval(shape, floats(evaluation.x), g, bt, mean, variance, y, rows, true);
    near(y, evaluation.y, 'evaluation');
  });
});

const gradients = (rows: number, c: number): Differentiable => {
  const shape = { c, epsilon: 1e-3, momentum: 0.1 };
  return {
    label: `${rows} x ${c}`,
    inputs: {
      x: { data: noise(rows * c, 1), shape: [rows, c] },
      gamma: { data: noise(c, 2), shape: [c] },
      beta: { data: noise(c, 3), shape: [c] },
    },
    constants: { mean: new Float32Array(c), variance: new Float32Array(c), saved: new Float32Array(2 * c) },
    output: [rows, c],
    forward: (m, at) =>
      m.batchNormTrain(shape, at.x, at.gamma, at.beta, at.mean, at.variance, at.y, at.saved, rows, false),
    backward: (m, at) =>
      m.batchNormBackward(shape, at.x, at.dy, at.gamma, at.saved, at.dx, at.dgamma, at.dbeta, rows),
    tfjs: ({ x, gamma, beta }) => {
      const { mean, variance } = tf.moments(x, 0);
      return tf.add(tf.mul(tf.mul(gamma, tf.sub(x, mean)), tf.rsqrt(tf.add(variance, shape.epsilon))), beta);
    },
    step: 1 / 128,
    tolerance: 1e-3,
  };
};
describe('gradients', () => {
  checkGradients([gradients(7, 3), gradients(20, 5)]);
});

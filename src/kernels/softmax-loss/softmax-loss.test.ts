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
import { softmaxLossSuite } from './suite';

checkSuite(softmaxLossSuite);

const machines: [string, Machine][] = [
  ['reference', referenceMachine()],
  ...(await Promise.all(FLAVOURS.map(async (f) => [f, await openMachine(f)] as [string, Machine]))),
];
function lossOf(machine: Machine, z: number[], labels: number[]) {
  const classes = z.length / labels.length;
  const b = bench(machine);
  const [at, l] = [b.put(Float32Array.from(z)), b.put(Uint8Array.from(labels))];
  const dz = b.room(z.length);
  const loss = machine.softmaxLoss(at, l, dz, labels.length, classes);
  return { loss, correct: machine.lastCorrect(), dz: [...b.take(dz, z.length)] };
}

describe.each(machines)('%s', (name, machine) => {
  it('is log(classes) at zero logits, and huge logits do not overflow', () => {
    expect(lossOf(machine, new Array(10).fill(0), [3]).loss).toBeCloseTo(Math.log(10), 12);
    const { loss, dz } = lossOf(machine, [1e30, -1e30, 0], [0]);
    expect(loss).toBe(0);
    expect(dz.map(Math.abs)).toEqual([0, 0, 0]);
  });
  it('of equal logits only the first counts as the answer, and NaN is always wrong', () => {
    const correct = (z: number[], label: number) => lossOf(machine, z, [label]).correct;
    expect(correct([2, 2, 1], 0)).toBe(1);
    expect(correct([2, 2, 1], 1)).toBe(0);
    expect(correct([Number.NaN, 2, 1], 0)).toBe(0);
    expect(correct([Number.NaN, 2, 1], 1)).toBe(0);
    expect(correct([2, 1, Number.NaN], 0)).toBe(0);
    expect(lossOf(machine, [Number.NaN, 1], [1]).loss).toBeNaN();
  });
  it('of its own logits as teacher has only the gradient of the hard labels', () => {
    const b = bench(machine);
    const [z, labels, dz] = [b.put(noise(12, 1)), b.put(Uint8Array.of(0, 1, 2)), b.room(12)];
    const soft = { teacher: z, hard: 0, temperature: 3 };
    machine.softmaxLoss(z, labels, dz, 3, 4, soft);
    expect(difference(b.take(dz, 12), new Array(12).fill(0), 0) ?? 'none').toBe('none');
  });
  it('soft labels as PyTorch computes them', () => {
    for (const { hard, temperature, rows, classes, z, teacher, labels, loss, dz } of golden.softLabels) {
      const b = bench(machine);
      const [at, l] = [b.put(Float32Array.from(z)), b.put(Uint8Array.from(labels))];
      const soft = { teacher: b.put(Float32Array.from(teacher)), hard, temperature };
      const out = b.room(z.length);
      const sum = machine.softmaxLoss(at, l, out, rows, classes, soft);
      // PyTorch's is in single precision.
      expect(Math.abs(sum / rows / loss - 1), `${name}, hard ${hard}`).toBeLessThan(2e-6);
      expect(difference(b.take(out, z.length), dz, 3e-6)).toBeUndefined();
    }
  });
});

/** The gradient of the mean, as an op whose output is the one number. */
function gradients(
  rows: number,
  classes: number,
  soft?: { hard: number; temperature: number },
): Differentiable {
  const labels = Uint8Array.from({ length: rows }, (_, i) => (i * 7) % classes);
  const teacher = noise(rows * classes, 2).map((v) => v * 3);
  return {
    label: `${rows} rows of ${classes}${soft ? `, hard ${soft.hard}, temperature ${soft.temperature}` : ''}`,
    inputs: { z: { data: noise(rows * classes, 1).map((v) => v * 3), shape: [rows, classes] } },
    constants: { labels, teacher },
    output: [],
    forward(m, at) {
      const softLabels = soft && { ...soft, teacher: at.teacher };
      m.floats[at.y / 4] = m.softmaxLoss(at.z, at.labels, 0, rows, classes, softLabels) / rows;
    },
    backward(m, at) {
      const softLabels = soft && { ...soft, teacher: at.teacher };
      m.softmaxLoss(at.z, at.labels, at.dz, rows, classes, softLabels);
      // The op knows no dy.
      const dy = m.floats[at.dy / 4];
      for (let i = 0; i < rows * classes; i++) m.floats[at.dz / 4 + i] *= dy;
    },
    tfjs({ z }) {
      const t = soft?.temperature ?? 1;
      const onehot = tf.oneHot(tf.tensor1d(labels, 'int32'), classes);
      const target = tf.softmax(tf.div(tf.tensor2d(teacher, [rows, classes]), t));
      const cross = (p: tf.Tensor, logits: tf.Tensor) => tf.neg(tf.sum(tf.mul(p, tf.logSoftmax(logits)), -1));
      const hardLoss = cross(onehot, z);
      if (!soft) return tf.mean(hardLoss);
      const softLoss = tf.mul(cross(target, tf.div(z, t)), t * t * (1 - soft.hard));
      return tf.mean(tf.add(tf.mul(hardLoss, soft.hard), softLoss));
    },
    step: 1 / 64,
    tolerance: 1e-3,
  };
}
describe('gradients', () => {
  checkGradients([
    gradients(5, 4),
    gradients(5, 4, { hard: 0, temperature: 2 }),
    gradients(4, 7, { hard: 0.3, temperature: 4 }),
    gradients(4, 3, { hard: 1, temperature: 4 }),
  ]);
});

import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { bench, noise, sparse } from '../testing/bench';
import { checkSuite } from '../testing/check';
import { checkGradients, type Differentiable } from '../testing/gradients';
import { FLAVOURS, openMachine } from '../testing/machines';
import type { DenseShape } from './contract';
import { denseSuite } from './suite';

checkSuite(denseSuite);

it.each(FLAVOURS)('%s gives a row the same bits in every batch', async (flavour) => {
  const machine = await openMachine(flavour);
  const first = (s: DenseShape, batch: number, density: number) => {
    const b = bench(machine);
    const [x, w] = [b.put(sparse(60 * s.in, 1, density)), b.put(noise(s.in * s.out, 2))];
    const [bias, y] = [b.put(noise(s.out, 3)), b.room(batch * s.out)];
    machine.setScratch(b.room(machine.scratchDense(s, batch) / 4));
    machine.denseForward(s, x, w, bias, y, batch, true);
    return b.take(y, s.out);
  };
  // The second is so large that its weights are multiplied in strips.
  for (const s of [
    { in: 61, out: 19 },
    { in: 530, out: 300 },
  ]) {
    for (const density of [1, 0.2]) {
      const want = first(s, 60, density);
      for (const batch of [1, 3, 4, 5, 7, 59]) expect(first(s, batch, density)).toEqual(want);
    }
  }
});

it.each(FLAVOURS)('%s keeps NaN in the row that has it', async (flavour) => {
  const machine = await openMachine(flavour);
  const b = bench(machine);
  const s = { in: 9, out: 5 };
  const values = noise(6 * 9, 1);
  values[9 * 2 + 4] = Number.NaN;
  const [x, w, y] = [b.put(values), b.put(noise(45, 2)), b.room(30)];
  machine.setScratch(b.room(machine.scratchDense(s, 6) / 4));
  machine.denseForward(s, x, w, 0, y, 6, true);
  const nans = [...b.take(y, 30)].map(Number.isNaN);
  expect(nans).toEqual(Array.from({ length: 30 }, (_, i) => Math.floor(i / 5) === 2));
});

const gradients = (batch: number, inn: number, out: number): Differentiable => {
  const s = { in: inn, out };
  return {
    label: `${batch} of ${inn} -> ${out}`,
    inputs: {
      x: { data: noise(batch * inn, 1), shape: [batch, inn] },
      w: { data: noise(inn * out, 2), shape: [inn, out] },
      b: { data: noise(out, 3), shape: [out] },
    },
    output: [batch, out],
    forward: (m, at) => m.denseForward(s, at.x, at.w, at.b, at.y, batch, false),
    backward(m, at) {
      m.denseBackwardInput(s, at.dy, at.w, at.dx, batch);
      m.denseBackwardWeights(s, at.x, at.dy, at.dw, batch);
      m.biasGrad(at.dy, at.db, batch, out);
    },
    tfjs: ({ x, w, b }) => tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b),
    step: 0.5,
    tolerance: 1e-5,
  };
};
/** Values at least 1/8 from the corner of relu. */
const away = noise(40, 4).map((v) => v + Math.sign(v) / 8);
const relu: Differentiable = {
  label: 'relu',
  // A dense layer whose kernel is the identity.
  inputs: { x: { data: away, shape: [10, 4] } },
  constants: { w: Float32Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0)) },
  output: [10, 4],
  forward: (m, at) => m.denseForward({ in: 4, out: 4 }, at.x, at.w, 0, at.y, 10, true),
  backward(m, at) {
    m.floats.copyWithin(at.dx / 4, at.dy / 4, at.dy / 4 + 40);
    m.reluBackward(at.dx, at.y, 40);
  },
  tfjs: ({ x }) => tf.relu(x),
  step: 1 / 16,
  tolerance: 1e-5,
};
describe('gradients', () => {
  checkGradients([gradients(5, 7, 3), gradients(1, 4, 6), relu]);
});

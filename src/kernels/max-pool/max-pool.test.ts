import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { noise } from '../testing/bench';
import { checkSuite } from '../testing/check';
import { checkGradients, type Differentiable } from '../testing/gradients';
import { FLAVOURS, openMachine } from '../testing/machines';
import { runCase } from '../testing/run';
import { given, made, madeWhole, type OpCase } from '../testing/suite';
import type { PoolShape } from './contract';
import { maxPoolSuite } from './suite';

checkSuite(maxPoolSuite);

it.each(FLAVOURS)('%s takes the first of equals, forward and backward', async (flavour) => {
  const s = { h: 2, w: 2, c: 5, oh: 1, ow: 1, size: 2, stride: 2 };
  const test: OpCase = {
    op: 'poolForward',
    label: 'equals',
    shape: s,
    operands: {
      x: given(new Float32Array(20).fill(3)),
      dy: given(Float32Array.of(1, 2, 3, 4, 5)),
      y: made(5),
      taps: madeWhole(5),
      dx: made(20),
    },
    onMachine(m, at) {
      m.poolForward(s, at.x, at.y, at.taps, 1);
      m.poolBackward(s, at.dy, at.taps, at.dx, 1);
      return undefined;
    },
    tolerance: 0,
  };
  const { dx } = runCase(await openMachine(flavour), test).written;
  expect([...dx]).toEqual([1, 2, 3, 4, 5, ...new Array(15).fill(0)]);
});

const BATCH = 2;
/** No two values nearer than twice the step, so that the maximum stays where it is. */
const apart = (n: number) => Float32Array.from({ length: n }, (_, i) => ((i * 37) % n) / 16);
const gradients = (s: PoolShape): Differentiable => ({
  label: `window ${s.size}, stride ${s.stride}`,
  inputs: { x: { data: apart(BATCH * s.h * s.w * s.c), shape: [BATCH, s.h, s.w, s.c] } },
  constants: { taps: noise(BATCH * s.oh * s.ow * s.c, 1) },
  output: [BATCH, s.oh, s.ow, s.c],
  forward: (m, at) => m.poolForward(s, at.x, at.y, at.taps, BATCH),
  backward: (m, at) => m.poolBackward(s, at.dy, at.taps, at.dx, BATCH),
  tfjs: ({ x }) => tf.maxPool(x as tf.Tensor4D, s.size, s.stride, 'valid'),
  step: 1 / 64,
  tolerance: 1e-4,
});
describe('gradients', () => {
  checkGradients([
    gradients({ h: 4, w: 6, c: 3, oh: 2, ow: 3, size: 2, stride: 2 }),
    gradients({ h: 7, w: 7, c: 3, oh: 3, ow: 3, size: 3, stride: 2 }),
  ]);
});

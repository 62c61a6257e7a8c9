import * as tf from '@tensorflow/tfjs-core';
import { describe } from 'vitest';
import type { PoolShape } from '../max-pool/contract';
import { noise } from '../testing/bench';
import { checkSuite } from '../testing/check';
import { checkGradients, type Differentiable } from '../testing/gradients';
import type { GlobalPoolShape } from './contract';
import { avgPoolSuite } from './suite';

checkSuite(avgPoolSuite);

const BATCH = 2;
const windows = (s: PoolShape): Differentiable => ({
  label: `window ${s.size}, stride ${s.stride}`,
  inputs: { x: { data: noise(BATCH * s.h * s.w * s.c, 1), shape: [BATCH, s.h, s.w, s.c] } },
  output: [BATCH, s.oh, s.ow, s.c],
  forward: (m, at) => m.avgPoolForward(s, at.x, at.y, BATCH),
  backward: (m, at) => m.avgPoolBackward(s, at.dy, at.dx, BATCH),
  tfjs: ({ x }) => tf.avgPool(x as tf.Tensor4D, s.size, s.stride, 'valid'),
  step: 0.5,
  tolerance: 1e-5,
});
const whole = (s: GlobalPoolShape): Differentiable => ({
  label: `whole image ${s.h} x ${s.w}`,
  inputs: { x: { data: noise(BATCH * s.h * s.w * s.c, 2), shape: [BATCH, s.h, s.w, s.c] } },
  output: [BATCH, s.c],
  forward: (m, at) => m.globalPoolForward(s, at.x, at.y, BATCH),
  backward: (m, at) => m.globalPoolBackward(s, at.dy, at.dx, BATCH),
  tfjs: ({ x }) => tf.mean(x, [1, 2]),
  step: 0.5,
  tolerance: 1e-5,
});

describe('gradients', () => {
  checkGradients([
    windows({ h: 4, w: 6, c: 3, oh: 2, ow: 3, size: 2, stride: 2 }),
    windows({ h: 7, w: 7, c: 2, oh: 3, ow: 3, size: 3, stride: 2 }),
    whole({ h: 3, w: 4, c: 5 }),
  ]);
});

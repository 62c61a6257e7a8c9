import * as tf from '@tensorflow/tfjs-core';
import { describe } from 'vitest';
import { noise } from '../testing/bench';
import { checkSuite } from '../testing/check';
import { checkGradients, type Differentiable, padded } from '../testing/gradients';
import type { DepthwiseShape } from './contract';
import { depthwise, depthwiseSuite } from './suite';

checkSuite(depthwiseSuite);

const BATCH = 2;
const gradients = (label: string, s: DepthwiseShape): Differentiable => ({
  label,
  inputs: {
    x: { data: noise(BATCH * s.h * s.w * s.c, 1), shape: [BATCH, s.h, s.w, s.c] },
    w: { data: noise(s.k * s.k * s.c, 2), shape: [s.k, s.k, s.c] },
    b: { data: noise(s.c, 3), shape: [s.c] },
  },
  output: [BATCH, s.oh, s.ow, s.c],
  forward: (m, at) => m.depthwiseForward(s, at.x, at.w, at.b, at.y, BATCH, false),
  backward(m, at) {
    m.depthwiseBackwardInput(s, at.dy, at.w, at.dx, BATCH);
    m.depthwiseBackwardWeights(s, at.x, at.dy, at.dw, BATCH);
    m.biasGrad(at.dy, at.db, BATCH * s.oh * s.ow, s.c);
  },
  tfjs: ({ x, w, b }) => {
    const kernel = tf.reshape(w, [s.k, s.k, s.c, 1]) as tf.Tensor4D;
    return tf.add(tf.depthwiseConv2d(padded(x, s), kernel, s.stride, 'valid'), b);
  },
  step: 0.5,
  tolerance: 1e-5,
});

describe('gradients', () => {
  checkGradients([
    gradients('3 x 3', depthwise(6, 3, 3)),
    gradients('3 x 3, padded', depthwise(5, 5, 3, 1, 1)),
    gradients('3 x 3, padded, stride 2', depthwise(7, 4, 3, 2, 1)),
    gradients('3 x 3, padded at bottom and right only, stride 2', depthwise(6, 2, 3, 2, 0, 3)),
    gradients('5 x 5, padded', depthwise(5, 2, 5, 1, 2)),
  ]);
});

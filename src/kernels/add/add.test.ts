import * as tf from '@tensorflow/tfjs-core';
import { describe } from 'vitest';
import { noise } from '../testing/bench';
import { checkSuite } from '../testing/check';
import { checkGradients } from '../testing/gradients';
import { addSuite } from './suite';

checkSuite(addSuite);

/** At least 1/8 from the corner of relu. */
const away = noise(24, 1).map((v) => (v < 0 ? v - 1 : v + 0.25));
const other = noise(24, 2).map((v) => v / 8);

describe('gradients', () => {
  checkGradients([
    {
      label: 'relu of a sum',
      inputs: { a: { data: away, shape: [24] }, b: { data: other, shape: [24] } },
      output: [24],
      forward: (m, at) => m.add(at.a, at.b, at.y, 24, true),
      backward(m, at) {
        m.floats.copyWithin(at.da / 4, at.dy / 4, at.dy / 4 + 24);
        m.reluBackward(at.da, at.y, 24);
        m.floats.copyWithin(at.db / 4, at.da / 4, at.da / 4 + 24);
      },
      tfjs: ({ a, b }) => tf.relu(tf.add(a, b)),
      step: 1 / 16,
      tolerance: 1e-5,
    },
  ]);
});

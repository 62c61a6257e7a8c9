import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { bench, noise } from '../testing/bench';
import { checkSuite } from '../testing/check';
import { checkGradients, type Differentiable, padded } from '../testing/gradients';
import { FLAVOURS, openMachine } from '../testing/machines';
import type { ConvShape } from './contract';
import { conv, convSuite } from './suite';

checkSuite(convSuite);

const machines = await Promise.all(FLAVOURS.map(async (f) => [f, await openMachine(f)] as const));
// Summed directly, and by Winograd's filtering with both sizes of kernels; tiles reach beyond the image.
const SHAPES: ConvShape[] = [conv(9, 3, 5, 3, 1, 1), conv(9, 12, 20, 3, 1, 1), conv(11, 12, 20, 5)];

describe.each(machines)('%s', (_flavour, machine) => {
  /** y of `x`, image after image. */
  function forward(s: ConvShape, x: Float32Array): Float32Array {
    const b = bench(machine);
    const batch = x.length / (s.h * s.w * s.c);
    const [input, w] = [b.put(x), b.put(noise(s.k * s.k * s.c * s.n, 2))];
    const [y, packed] = [b.room(batch * s.oh * s.ow * s.n), b.room(machine.packedConvBytes(s) / 4)];
    machine.setScratch(b.room(machine.scratchConv(s) / 4));
    machine.packConv(s, w, packed);
    machine.convForward(s, input, w, packed, 0, y, batch, true);
    return b.take(y, batch * s.oh * s.ow * s.n);
  }

  it.each(SHAPES)('an image has the same result in any batch: %o', (s) => {
    const [input, output] = [s.h * s.w * s.c, s.oh * s.ow * s.n];
    const x = noise(17 * input, 1);
    const all = forward(s, x);
    for (const i of [0, 1, 5, 16]) {
      const alone = forward(s, x.slice(i * input, (i + 1) * input));
      expect([...alone]).toEqual([...all.subarray(i * output, (i + 1) * output)]);
    }
  });

  it.each(SHAPES)('NaN shows wherever a window holds it, and in no other image: %o', (s) => {
    const [input, output] = [s.h * s.w * s.c, s.oh * s.ow * s.n];
    const x = noise(3 * input, 1);
    const [row, column] = [4, 6];
    x[input + (row * s.w + column) * s.c + 2] = Number.NaN;
    const y = forward(s, x);
    const image = (i: number) => y.subarray(i * output, (i + 1) * output);
    expect(image(0).some(Number.isNaN)).toBe(false);
    expect(image(2).some(Number.isNaN)).toBe(false);
    for (let oy = 0; oy < s.oh; oy++) {
      for (let ox = 0; ox < s.ow; ox++) {
        const [top, left] = [oy - s.pad, ox - s.pad];
        if (row < top || row >= top + s.k || column < left || column >= left + s.k) continue;
        const at = (oy * s.ow + ox) * s.n;
        expect([...image(1).subarray(at, at + s.n)].every(Number.isNaN), `${oy}, ${ox}`).toBe(true);
      }
    }
  });
});

const BATCH = 2;
const gradients = (label: string, s: ConvShape): Differentiable => ({
  label,
  inputs: {
    x: { data: noise(BATCH * s.h * s.w * s.c, 1), shape: [BATCH, s.h, s.w, s.c] },
    w: { data: noise(s.k * s.k * s.c * s.n, 2), shape: [s.k, s.k, s.c, s.n] },
    b: { data: noise(s.n, 3), shape: [s.n] },
  },
  output: [BATCH, s.oh, s.ow, s.n],
  forward: (m, at) => m.convForward(s, at.x, at.w, 0, at.b, at.y, BATCH, false),
  backward(m, at) {
    m.convBackwardInput(s, at.dy, at.w, at.dx, BATCH);
    m.convBackwardWeights(s, at.x, at.dy, at.dw, BATCH);
    m.biasGrad(at.dy, at.db, BATCH * s.oh * s.ow, s.n);
  },
  tfjs: ({ x, w, b }) => tf.add(tf.conv2d(padded(x, s), w as tf.Tensor4D, s.stride, 'valid'), b),
  step: 0.5,
  tolerance: 1e-5,
});

describe('gradients', () => {
  checkGradients([
    gradients('3 x 3', conv(6, 2, 3, 3)),
    gradients('3 x 3, padded', conv(5, 3, 4, 3, 1, 1)),
    gradients('3 x 3, padded, stride 2', conv(7, 2, 3, 3, 2, 1)),
    gradients('3 x 3, padded at bottom and right only, stride 2', conv(6, 2, 3, 3, 2, 0, 3)),
    gradients('1 x 1, stride 2', conv(6, 3, 4, 1, 2)),
    gradients('not square', { h: 4, w: 7, c: 2, oh: 2, ow: 5, n: 3, k: 3, stride: 1, pad: 0 }),
  ]);
});

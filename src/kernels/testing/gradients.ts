/**
 * Checks that the plain reference, which all executors are compared with, has its derivatives right: against central
 * finite differences of its own forward pass, and against the automatic differentiation of TensorFlow.js.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
// Only for the gradients it registers: the core's own file of them is written for bundlers.
import '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import type { Machine } from '../machine';
import type { Ptr } from '../memory';
import { referenceMachine } from '../reference/machine';
import { bench, noise } from './bench';
import { difference } from './run';

export interface Differentiable {
  label: string;
  /** What the derivative is taken of, each with its shape. */
  inputs: Record<string, { data: Float32Array; shape: number[] }>;
  /** Everything else that the op needs. */
  constants?: Record<string, Float32Array | Uint8Array>;
  /** Shape of `y`. */
  output: number[];
  /** Writes `y`. */
  forward(m: Machine, at: Record<string, Ptr>): void;
  /** From `dy` writes gradients to `d` and the input's name (`dx` of x); forward has run. */
  backward(m: Machine, at: Record<string, Ptr>): void;
  /** The same in TensorFlow.js; left out where that has no such op. */
  tfjs?(inputs: Record<string, tf.Tensor>): tf.Tensor;
  /** Half the step of finite differences: large for what is linear in each input, where only rounding counts. */
  step: number;
  tolerance: number;
}
await tf.setBackend('cpu');
// Its advice, printed in Node, to install a native package.
(tf.backend() as { firstUse?: boolean }).firstUse = false;

const size = (shape: number[]): number => shape.reduce((n, d) => n * d, 1);

function place(test: Differentiable) {
  const machine = referenceMachine();
  const b = bench(machine);
  const at: Record<string, Ptr> = {};
  for (const [name, { data }] of Object.entries(test.inputs)) {
    at[name] = b.put(data);
    at[`d${name}`] = b.room(data.length);
  }
  for (const [name, data] of Object.entries(test.constants ?? {})) at[name] = b.put(data);
  const dy = noise(size(test.output), 99);
  [at.y, at.dy] = [b.room(dy.length), b.put(dy)];
  const take = (name: string, n: number) => machine.floats.slice(at[name] / 4, at[name] / 4 + n);
  return { machine, at, dy, take };
}

/** The derivative of sum(dy * y) by every element of an input. */
function numeric(test: Differentiable, name: string): Float64Array {
  const { machine, at, dy, take } = place(test);
  const value = (): number => {
    test.forward(machine, at);
    return take('y', dy.length).reduce((sum, y, i) => sum + y * dy[i], 0);
  };
  return Float64Array.from(test.inputs[name].data, (x, i) => {
    const where = at[name] / 4 + i;
    const [up, down] = [Math.fround(x + test.step), Math.fround(x - test.step)];
    machine.floats[where] = up;
    const high = value();
    machine.floats[where] = down;
    const low = value();
    machine.floats[where] = x;
    return (high - low) / (up - down);
  });
}

/** Two tests per case (one without `tfjs`). */
export function checkGradients(tests: readonly Differentiable[]): void {
  for (const test of tests) {
    it(`${test.label}: gradients are those of finite differences`, () => {
      const { machine, at, take } = place(test);
      test.forward(machine, at);
      test.backward(machine, at);
      for (const [name, { data }] of Object.entries(test.inputs)) {
        expect(
          difference(take(`d${name}`, data.length), numeric(test, name), test.tolerance),
          name,
        ).toBeUndefined();
      }
    });
    if (test.tfjs) {
      it(`${test.label}: value and gradients are those of TensorFlow.js`, () => againstTfjs(test));
    }
  }
}

function againstTfjs(test: Differentiable): void {
  const { machine, at, dy, take } = place(test);
  test.forward(machine, at);
  test.backward(machine, at);
  const names = Object.keys(test.inputs);
  tf.tidy(() => {
    const inputs = names.map((name) => tf.tensor(test.inputs[name].data, test.inputs[name].shape, 'float32'));
    const of = (tensors: tf.Tensor[]) =>
      test.tfjs!(Object.fromEntries(names.map((name, i) => [name, tensors[i]])));
    const y = of(inputs);
    expect(y.shape).toEqual(test.output);
    expect(difference(take('y', dy.length), y.dataSync(), 5e-6), 'y').toBeUndefined();
    const gradients = tf.grads((...tensors: tf.Tensor[]) => of(tensors))(inputs, tf.tensor(dy, test.output));
    names.forEach((name, i) => {
      const want = gradients[i].dataSync();
      expect(difference(take(`d${name}`, want.length), want, 2e-5), name).toBeUndefined();
    });
  });
}

/** Zeros around NHWC images so that a convolution without padding has what `s` asks for. */
export const padded = (
  x: tf.Tensor,
  s: { h: number; w: number; oh: number; ow: number; k: number; stride: number; pad: number },
): tf.Tensor4D => {
  const missing = (out: number, n: number) => Math.max(0, (out - 1) * s.stride + s.k - n - s.pad);
  const [below, right] = [missing(s.oh, s.h), missing(s.ow, s.w)];
  return tf.pad(x as tf.Tensor4D, [
    [0, 0],
    [s.pad, below],
    [s.pad, right],
    [0, 0],
  ]);
};

/** Dense layers as matrix products. Weights and gradients lie in arenas, at offsets in floats (multiples of 4). */

import type { Gemm } from '../webgpu/gemm';
import {
  type Into,
  intoBindings,
  type Place,
  putGradient,
  putInto,
  relu,
  reluGradient,
} from '../webgpu/gradient';
import { type Binding, element, four, scalar, vectors } from '../webgpu/kernel';
import type { DenseShape } from './contract';

/** Bindings x, weights, y and, if there is one, bias: y [images, out] = relu?(x * w + b), for at most `capacity` images. */
export function denseForward(s: DenseShape, at: Place, capacity: number, rectified: boolean): Gemm {
  const [xv, wv] = [vectors(s.in), vectors(s.out)];
  const weight = (k: string, n: string) => `${at.kernel}u + (${k}) * ${s.out}u + ${n}`;
  const sum = at.bias === null ? 'value' : `value + biases[${at.bias}u + n]`;
  return {
    label: `dense forward ${s.in}-${s.out}`,
    m: capacity,
    perImage: 1,
    n: s.out,
    bindings: forwardBindings(xv, wv, at.bias !== null),
    code: `${relu()}
fn fa(m: u32, k: u32) -> f32 { return ${scalar('x', xv, `m * ${s.in}u + k`)}; }
fn fb(k: u32, n: u32) -> f32 { return ${scalar('w', wv, weight('k', 'n'))}; }
fn put(split: u32, m: u32, n: u32, value: f32) { y[m * ${s.out}u + n] = ${rectified ? `relu(${sum})` : sum}; }`,
    reads: {
      outer: 1,
      inner: s.in,
      aVector: xv ? 'k' : null,
      row: (i) => `let r${i} = m${i} * ${s.in}u;`,
      a: (i, k) => (xv ? four('x', xv, `r${i} + ${k}`) : `x[r${i} + ${k}]`),
      b: (n, k) => four('w', wv, weight(k, n)),
    },
  };
}
export const forwardBindings = (xv: boolean, wv: boolean, bias: boolean): Binding[] => [
  ['x', element(xv), 'read'],
  ['w', element(wv), 'read'],
  ['y', 'f32', 'read_write'],
  ...(bias ? ([['biases', 'f32', 'read']] as const) : []),
];

/** Bindings x, dy, gradients: dw [in, out] = transpose(x) * dy and db = column sums of dy. */
export function denseBackwardWeights(s: DenseShape, at: Place, batch: number): Gemm {
  const [xv, dv] = [vectors(s.in), vectors(s.out)];
  return {
    label: `dense backward weights ${s.in}-${s.out}`,
    m: s.in,
    n: s.out,
    bindings: [
      ['x', element(xv), 'read'],
      ['dy', element(dv), 'read'],
      ['grads', 'f32', 'read_write'],
    ],
    sums: at.bias !== null,
    code: `fn fa(m: u32, k: u32) -> f32 { return ${scalar('x', xv, `k * ${s.in}u + m`)}; }
fn fb(k: u32, n: u32) -> f32 { return ${scalar('dy', dv, `k * ${s.out}u + n`)}; }
fn put(split: u32, m: u32, n: u32, value: f32) { ${putGradient(s.in, s.out, at)} }`,
    reads: {
      outer: 1,
      inner: batch,
      aVector: xv ? 'm' : null,
      a: (i, k) => (xv ? four('x', xv, `${k} * ${s.in}u + m${i}`) : `x[${k} * ${s.in}u + m${i}]`),
      b: (n, k) => four('dy', dv, `${k} * ${s.out}u + ${n}`),
    },
  };
}
/**
 * Bindings dy, weights, dx, then as of `Into`: dx [batch, in] = dy * transpose(w).
 */
export function denseBackwardInput(s: DenseShape, at: Place, batch: number, into: Into): Gemm {
  const vec = vectors(s.out);
  const weight = (k: string, n: string) => `${at.kernel}u + ${n} * ${s.out}u + ${k}`;
  return {
    label: `dense backward input ${s.in}-${s.out}`,
    m: batch,
    n: s.in,
    bindings: backwardBindings(vec, into),
    code: `${reluGradient()}
fn fa(m: u32, k: u32) -> f32 { return ${scalar('dy', vec, `m * ${s.out}u + k`)}; }
fn fb(k: u32, n: u32) -> f32 { return ${scalar('w', vec, weight('k', 'n'))}; }
fn put(split: u32, m: u32, n: u32, value: f32) { ${putInput(s.in, into)} }`,
    reads: {
      outer: 1,
      inner: s.out,
      aVector: vec ? 'k' : null,
      row: (i) => `let r${i} = m${i} * ${s.out}u;`,
      a: (i, k) => (vec ? four('dy', vec, `r${i} + ${k}`) : `dy[r${i} + ${k}]`),
      b: (n, k) => columnsOf(n, (column) => `w[${weight(k, column)}]`),
      bAlong: vec ? (n, k) => four('w', vec, weight(k, n)) : undefined,
    },
  };
}
export const columnsOf = (n: string, at: (column: string) => string): string =>
  `vec4<f32>(${[0, 1, 2, 3].map((c) => at(`(${n} + ${c}u)`)).join(', ')})`;
export const backwardBindings = (vec: boolean, into: Into): Binding[] => [
  ['dy', element(vec), 'read'],
  ['w', element(vec), 'read'],
  ['dx', 'f32', 'read_write'],
  ...intoBindings(into),
];
export const putInput = (columns: number, into: Into): string =>
  `let to = m * ${columns}u + n; ${putInto(into, 'to', 'value')}`;

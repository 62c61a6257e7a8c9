/** Dense layers as matrix products. Weights and gradients lie in arenas, at offsets in floats (multiples of 4). */

import type { Gemm } from '../webgpu/gemm';
import { bind, element, four, scalar, vectors } from '../webgpu/kernel';
import type { DenseShape } from './contract';

/** Where a layer's kernel and bias begin in an arena; no bias: null. */
export interface Place {
  kernel: number;
  bias: number | null;
}

/** relu that leaves NaN alone. */
export const RELU = 'fn relu(v: f32) -> f32 { return select(v, 0.0, v < 0.0); }';
/** Zero where the output of a relu is not positive. */
export const RELU_GRADIENT = 'fn gradient(v: f32, y: f32) -> f32 { return select(v, 0.0, y <= 0.0); }';

/** Bindings x, weights, biases, y: y [images, out] = relu?(x * w + b), for at most `capacity` images. */
export function denseForward(s: DenseShape, at: Place, capacity: number, relu: boolean): Gemm {
  const [xv, wv] = [vectors(s.in), vectors(s.out)];
  const weight = (k: string, n: string) => `${at.kernel}u + (${k}) * ${s.out}u + ${n}`;
  const sum = at.bias === null ? 'value' : `value + biases[${at.bias}u + n]`;
  return {
    label: `dense forward ${s.in}-${s.out}`,
    m: capacity,
    perImage: 1,
    n: s.out,
    bindings: at.bias === null ? 3 : 4,
    code: `${forwardBindings(xv, wv, at.bias !== null)}
${RELU}
fn fa(m: u32, k: u32) -> f32 { return ${scalar('x', xv, `m * ${s.in}u + k`)}; }
fn fb(k: u32, n: u32) -> f32 { return ${scalar('w', wv, weight('k', 'n'))}; }
fn put(z: u32, m: u32, n: u32, value: f32) { y[m * ${s.out}u + n] = ${relu ? `relu(${sum})` : sum}; }`,
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
/** x, w, y and, if there is one, the bias last. */
export const forwardBindings = (xv: boolean, wv: boolean, bias: boolean): string =>
  bind(
    ['x', element(xv), 'read'],
    ['w', element(wv), 'read'],
    ['y', 'f32', 'read_write'],
    ...(bias ? ([['biases', 'f32', 'read']] as const) : []),
  );

/** Bindings x, dy, gradients: dw [in, out] = transpose(x) * dy and db = column sums of dy. */
export function denseBackwardWeights(s: DenseShape, at: Place, batch: number): Gemm {
  const [xv, dv] = [vectors(s.in), vectors(s.out)];
  return {
    label: `dense backward weights ${s.in}-${s.out}`,
    m: s.in,
    n: s.out,
    bindings: 3,
    sums: at.bias !== null,
    code: `${bind(['x', element(xv), 'read'], ['dy', element(dv), 'read'], ['grads', 'f32', 'read_write'])}
fn fa(m: u32, k: u32) -> f32 { return ${scalar('x', xv, `k * ${s.in}u + m`)}; }
fn fb(k: u32, n: u32) -> f32 { return ${scalar('dy', dv, `k * ${s.out}u + n`)}; }
fn put(z: u32, m: u32, n: u32, value: f32) { ${putGradient(s.in, s.out, at)} }`,
    reads: {
      outer: 1,
      inner: batch,
      aVector: xv ? 'm' : null,
      a: (i, k) => (xv ? four('x', xv, `${k} * ${s.in}u + m${i}`) : `x[${k} * ${s.in}u + m${i}]`),
      b: (n, k) => four('dy', dv, `${k} * ${s.out}u + ${n}`),
    },
  };
}
/** Row `rows` of the product is the gradient of the bias. */
export const putGradient = (rows: number, columns: number, at: Place): string =>
  at.bias === null
    ? `grads[${at.kernel}u + m * ${columns}u + n] = value;`
    : `grads[select(${at.kernel}u + m * ${columns}u, ${at.bias}u, m == ${rows}u) + n] = value;`;

/**
 * Bindings dy, weights, dx and, if `relu`, the layer's input: dx [batch, in] = dy * transpose(w), zero where
 * the input, which came out of a relu, is not positive.
 */
export function denseBackwardInput(s: DenseShape, at: Place, batch: number, relu: boolean): Gemm {
  const vec = vectors(s.out);
  const weight = (k: string, n: string) => `${at.kernel}u + ${n} * ${s.out}u + ${k}`;
  return {
    label: `dense backward input ${s.in}-${s.out}`,
    m: batch,
    n: s.in,
    bindings: relu ? 4 : 3,
    code: `${backwardBindings(vec, relu)}
fn fa(m: u32, k: u32) -> f32 { return ${scalar('dy', vec, `m * ${s.out}u + k`)}; }
fn fb(k: u32, n: u32) -> f32 { return ${scalar('w', vec, weight('k', 'n'))}; }
fn put(z: u32, m: u32, n: u32, value: f32) { ${putInput(s.in, relu)} }`,
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
export const backwardBindings = (vec: boolean, relu: boolean): string =>
  `${bind(
    ['dy', element(vec), 'read'],
    ['w', element(vec), 'read'],
    ['dx', 'f32', 'read_write'],
    ...(relu ? ([['below', 'f32', 'read']] as const) : []),
  )}
${RELU_GRADIENT}`;
export const putInput = (columns: number, relu: boolean): string => {
  const index = `m * ${columns}u + n`;
  return relu ? `dx[${index}] = gradient(value, below[${index}]);` : `dx[${index}] = value;`;
};

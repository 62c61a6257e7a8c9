/** Convolutions as matrix products whose patches are read in place. Images NHWC, kernels HWIO. */

import { backwardBindings, columnsOf, forwardBindings, putInput } from '../dense/wgsl';
import type { Gemm } from '../webgpu/gemm';
import { type Into, type Place, putGradient, relu, reluGradient, sumPartials } from '../webgpu/gradient';
import { ceilDiv, element, four, type Kernel, scalar, vectors } from '../webgpu/kernel';
import type { ConvShape } from './contract';

const ifThere = (there: string, value: string, vec: boolean): string =>
  `select(${vec ? 'vec4<f32>()' : '0.0'}, ${value}, ${there})`;

/** Bindings x, weights, y, biases: y [images * oh * ow, n] = relu?(conv(x, w) + b). */
export function convForward(s: ConvShape, at: Place, capacity: number, rectified: boolean): Gemm {
  const [xv, wv] = [vectors(s.c), vectors(s.n)];
  const sum = at.bias === null ? 'value' : `value + biases[${at.bias}u + n]`;
  const inside = s.pad > 0 || (s.oh - 1) * s.stride + s.k > s.h || (s.ow - 1) * s.stride + s.k > s.w;
  return {
    label: `conv forward ${s.c}-${s.n}@${s.k}`,
    m: capacity * s.oh * s.ow,
    perImage: s.oh * s.ow,
    n: s.n,
    bindings: forwardBindings(xv, wv, at.bias !== null),
    code: `${relu()}
fn fa(m: u32, k: u32) -> f32 {
  let tap = k / ${s.c}u;
  let p = m % ${s.oh * s.ow}u;
  let row = i32((p / ${s.ow}u) * ${s.stride}u + tap / ${s.k}u) - ${s.pad};
  let column = i32((p % ${s.ow}u) * ${s.stride}u + tap % ${s.k}u) - ${s.pad};
  if (row < 0 || column < 0 || row >= ${s.h} || column >= ${s.w}) { return 0.0; }
  let at = ((m / ${s.oh * s.ow}u * ${s.h}u + u32(row)) * ${s.w}u + u32(column)) * ${s.c}u + k % ${s.c}u;
  return ${scalar('x', xv, 'at')};
}
fn fb(k: u32, n: u32) -> f32 { return ${scalar('w', wv, `${at.kernel}u + k * ${s.n}u + n`)}; }
fn put(split: u32, m: u32, n: u32, value: f32) { y[m * ${s.n}u + n] = ${rectified ? `relu(${sum})` : sum}; }`,
    reads: {
      outer: s.k * s.k,
      inner: s.c,
      outerSetup: `let dr = i32(o / ${s.k}u); let dq = i32(o % ${s.k}u);`,
      aVector: xv ? 'k' : null,
      row: (i) => `let image${i} = m${i} / ${s.oh * s.ow}u * ${s.h}u;
  let row${i} = i32((m${i} % ${s.oh * s.ow}u) / ${s.ow}u * ${s.stride}u) - ${s.pad};
  let column${i} = i32(m${i} % ${s.ow}u * ${s.stride}u) - ${s.pad};`,
      rowOuter: (i) => `let y${i} = row${i} + dr; let x${i} = column${i} + dq;
    ${inside ? `let in${i} = y${i} >= 0 && x${i} >= 0 && y${i} < ${s.h} && x${i} < ${s.w};` : ''}
    let r${i} = ${inside ? `select(0u, ((image${i} + u32(y${i})) * ${s.w}u + u32(x${i})) * ${s.c}u, in${i})` : `((image${i} + u32(y${i})) * ${s.w}u + u32(x${i})) * ${s.c}u`};`,
      a(i, k) {
        const value = xv ? four('x', xv, `r${i} + ${k}`) : `x[r${i} + ${k}]`;
        return inside ? ifThere(`in${i}`, value, xv) : value;
      },
      b: (n, k) => four('w', wv, `${at.kernel}u + (o * ${s.c}u + ${k}) * ${s.n}u + ${n}`),
    },
  };
}

/** How many ranges the long sum over images and rows is cut into, so that there are threads enough. */
export function convSplits(s: ConvShape, batch: number): number {
  const blocks = ceilDiv(s.k * s.k * s.c, 4) * ceilDiv(s.n, 4);
  const outer = batch * s.oh;
  const wanted = Math.min(outer, Math.max(1, ceilDiv(4096, blocks)));
  return ceilDiv(outer, ceilDiv(outer, wanted));
}
/** Floats of partial sums: [splits, k*k*c + 1, n]. */
export const convPartials = (s: ConvShape, batch: number): number =>
  convSplits(s, batch) * (s.k * s.k * s.c + 1) * s.n;

/** Bindings x, dy, partials: sums over each range of rows, for `convReduce` to add. */
export function convBackwardWeights(s: ConvShape, at: Place, batch: number): Gemm {
  const [xv, dv] = [vectors(s.c), vectors(s.n)];
  const m = s.k * s.k * s.c;
  const splits = convSplits(s, batch);
  const direct = splits === 1;
  return {
    label: `conv backward weights ${s.c}-${s.n}@${s.k}`,
    m,
    n: s.n,
    bindings: [
      ['x', element(xv), 'read'],
      ['dy', element(dv), 'read'],
      ['grads', 'f32', 'read_write'],
    ],
    sums: at.bias !== null,
    splits,
    code: `fn fa(m: u32, k: u32) -> f32 {
  let tap = m / ${s.c}u;
  let p = k % ${s.oh * s.ow}u;
  let row = i32((p / ${s.ow}u) * ${s.stride}u + tap / ${s.k}u) - ${s.pad};
  let column = i32((p % ${s.ow}u) * ${s.stride}u + tap % ${s.k}u) - ${s.pad};
  if (row < 0 || column < 0 || row >= ${s.h} || column >= ${s.w}) { return 0.0; }
  let at = ((k / ${s.oh * s.ow}u * ${s.h}u + u32(row)) * ${s.w}u + u32(column)) * ${s.c}u + m % ${s.c}u;
  return ${scalar('x', xv, 'at')};
}
fn fb(k: u32, n: u32) -> f32 { return ${scalar('dy', dv, `k * ${s.n}u + n`)}; }
fn put(split: u32, m: u32, n: u32, value: f32) {
  ${direct ? putGradient(m, s.n, at) : `grads[(split * ${m + 1}u + m) * ${s.n}u + n] = value;`}
}`,
    reads: {
      outer: batch * s.oh,
      inner: s.ow,
      outerSetup: `let image = o / ${s.oh}u * ${s.h}u; let top = i32(o % ${s.oh}u * ${s.stride}u) - ${s.pad};`,
      aVector: xv ? 'm' : null,
      row: (i) => `let channel${i} = m${i} % ${s.c}u;
  let dr${i} = i32(m${i} / ${s.c * s.k}u);
  let dq${i} = i32(m${i} / ${s.c}u % ${s.k}u) - ${s.pad};`,
      rowOuter: (i) => `let y${i} = top + dr${i};
    let in${i} = y${i} >= 0 && y${i} < ${s.h};
    let r${i} = select(0u, (image + u32(y${i})) * ${s.w * s.c}u, in${i}) + channel${i};`,
      a(i, k) {
        const column = `i32(${k} * ${s.stride}u) + dq${i}`;
        const there = `in${i} && ${column} >= 0 && ${column} < ${s.w}`;
        const index = `r${i} + u32(clamp(${column}, 0, ${s.w - 1})) * ${s.c}u`;
        return ifThere(there, xv ? four('x', xv, index) : `x[${index}]`, xv);
      },
      b: (n, k) => four('dy', dv, `(o * ${s.ow}u + ${k}) * ${s.n}u + ${n}`),
    },
  };
}

/** Bindings partials, gradients. Null if `convBackwardWeights` writes to the gradients itself. */
export function convReduce(s: ConvShape, at: Place, batch: number): Kernel | null {
  const splits = convSplits(s, batch);
  if (splits === 1) return null;
  return sumPartials(`conv reduce ${s.c}-${s.n}@${s.k}`, s.k * s.k * s.c, s.n, splits, at);
}

/** Bindings dy, weights, dx, then as of `Into`. */
export function convBackwardInput(s: ConvShape, at: Place, batch: number, into: Into): Gemm {
  const vec = vectors(s.n);
  const weight = (k: string, n: string) => `${at.kernel}u + (o * ${s.c}u + ${n}) * ${s.n}u + ${k}`;
  const hits = (y: string, x: string) =>
    `${y} >= 0 && ${x} >= 0 && ${y} % ${s.stride} == 0 && ${x} % ${s.stride} == 0 && ${y} < ${s.oh * s.stride} && ${x} < ${s.ow * s.stride}`;
  const origin = (image: string, y: string, x: string) =>
    `((${image} * ${s.oh}u + u32(${y} / ${s.stride})) * ${s.ow}u + u32(${x} / ${s.stride})) * ${s.n}u`;
  return {
    label: `conv backward input ${s.c}-${s.n}@${s.k}`,
    m: batch * s.h * s.w,
    n: s.c,
    bindings: backwardBindings(vec, into),
    code: `${reluGradient()}
fn fa(m: u32, k: u32) -> f32 {
  let tap = k / ${s.n}u;
  let y = i32(m % ${s.h * s.w}u / ${s.w}u) + ${s.pad} - i32(tap / ${s.k}u);
  let x = i32(m % ${s.w}u) + ${s.pad} - i32(tap % ${s.k}u);
  if (!(${hits('y', 'x')})) { return 0.0; }
  let at = ${origin(`m / ${s.h * s.w}u`, 'y', 'x')} + k % ${s.n}u;
  return ${scalar('dy', vec, 'at')};
}
fn fb(k: u32, n: u32) -> f32 {
  let o = k / ${s.n}u;
  let at = ${weight(`k % ${s.n}u`, 'n')};
  return ${scalar('w', vec, 'at')};
}
fn put(split: u32, m: u32, n: u32, value: f32) { ${putInput(s.c, into)} }`,
    reads: {
      outer: s.k * s.k,
      inner: s.n,
      outerSetup: `let dr = i32(o / ${s.k}u); let dq = i32(o % ${s.k}u);`,
      aVector: vec ? 'k' : null,
      row: (i) => `let image${i} = m${i} / ${s.h * s.w}u;
  let row${i} = i32(m${i} % ${s.h * s.w}u / ${s.w}u) + ${s.pad};
  let column${i} = i32(m${i} % ${s.w}u) + ${s.pad};`,
      rowOuter: (i) => `let y${i} = row${i} - dr; let x${i} = column${i} - dq;
    let in${i} = ${hits(`y${i}`, `x${i}`)};
    let r${i} = select(0u, ${origin(`image${i}`, `y${i}`, `x${i}`)}, in${i});`,
      a: (i, k) => ifThere(`in${i}`, vec ? four('dy', vec, `r${i} + ${k}`) : `dy[r${i} + ${k}]`, vec),
      b: (n, k) => columnsOf(n, (column) => `w[${weight(k, column)}]`),
      bAlong: vec ? (n, k) => four('w', vec, weight(k, n)) : undefined,
    },
  };
}

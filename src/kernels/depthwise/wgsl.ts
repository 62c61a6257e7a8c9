/** Depthwise convolution, a thread per value; channels in fours where there are such. Images NHWC, kernel [k, k, c]. */
import {
  type Into,
  intoBindings,
  type Place,
  putInto,
  relu,
  reluGradient,
  sumPartials,
} from '../webgpu/gradient';
import { type Binding, ceilDiv, element, elementwise, type Kernel, vectors } from '../webgpu/kernel';
import type { DepthwiseShape } from './contract';

/** Element type, and channels and arena offsets counted in elements. */
function units(s: DepthwiseShape) {
  const vec = vectors(s.c);
  return { type: element(vec), c: vec ? s.c / 4 : s.c, offset: (at: number) => (vec ? at / 4 : at) };
}

/** Bindings x, weights, y and, if there is one, bias: y = relu?(x (*) w + b), for at most `capacity` images. */
export function depthwiseForward(s: DepthwiseShape, at: Place, capacity: number, rectified: boolean): Kernel {
  const { type, c, offset } = units(s);
  const out = s.oh * s.ow * c;
  const sum = at.bias === null ? 'sum' : `sum + biases[${offset(at.bias)}u + c]`;
  const bias: Binding[] = at.bias === null ? [] : [['biases', type, 'read']];
  return elementwise(
    `depthwise forward ${s.c}@${s.k}`,
    [['x', type, 'read'], ['w', type, 'read'], ['y', type, 'read_write'], ...bias],
    relu(type),
    (images) => images * out,
    `  if (i >= ${capacity * out}u) { return; }
  let c = i % ${c}u;
  let top = i32(i / ${s.ow * c}u % ${s.oh}u * ${s.stride}u) - ${s.pad};
  let left = i32(i / ${c}u % ${s.ow}u * ${s.stride}u) - ${s.pad};
  let image = i / ${out}u * ${s.h}u;
  var sum = ${type}();
  for (var r = max(0, -top); r < min(${s.k}, ${s.h} - top); r++) {
    for (var q = max(0, -left); q < min(${s.k}, ${s.w} - left); q++) {
      sum += x[((image + u32(top + r)) * ${s.w}u + u32(left + q)) * ${c}u + c]
        * w[${offset(at.kernel)}u + u32(r * ${s.k} + q) * ${c}u + c];
    }
  }
  y[i] = ${rectified ? `relu(${sum})` : sum};`,
  );
}

/** Ranges that the sum over images and rows is cut into, so that there are threads enough. */
export function depthwiseSplits(s: DepthwiseShape, batch: number): number {
  const outer = batch * s.oh;
  const wanted = Math.min(outer, ceilDiv(8192, (s.k * s.k + 1) * units(s).c));
  return ceilDiv(outer, ceilDiv(outer, wanted));
}
/** Floats of partial sums: [splits, k*k + 1, c]. */
export const depthwisePartials = (s: DepthwiseShape, batch: number): number =>
  depthwiseSplits(s, batch) * (s.k * s.k + 1) * s.c;

/** Bindings x, dy, partials: sums over each range of rows, the last one of a range those of dy. */
export function depthwiseBackwardWeights(s: DepthwiseShape, batch: number): Kernel {
  const { type, c } = units(s);
  const splits = depthwiseSplits(s, batch);
  const each = ceilDiv(batch * s.oh, splits);
  const row = (s.k * s.k + 1) * c;
  return elementwise(
    `depthwise backward weights ${s.c}@${s.k}`,
    [
      ['x', type, 'read'],
      ['dy', type, 'read'],
      ['partials', type, 'read_write'],
    ],
    '',
    () => splits * row,
    `  if (i >= ${splits * row}u) { return; }
  let c = i % ${c}u;
  let tap = i / ${c}u % ${s.k * s.k + 1}u;
  let first = i / ${row}u * ${each}u;
  var sum = ${type}();
  for (var o = first; o < min(first + ${each}u, ${batch * s.oh}u); o++) {
    let row = i32(o % ${s.oh}u * ${s.stride}u + tap / ${s.k}u) - ${s.pad};
    if (tap == ${s.k * s.k}u) {
      for (var p = 0u; p < ${s.ow}u; p++) { sum += dy[(o * ${s.ow}u + p) * ${c}u + c]; }
    } else if (row >= 0 && row < ${s.h}) {
      let line = (o / ${s.oh}u * ${s.h}u + u32(row)) * ${s.w}u;
      for (var p = 0u; p < ${s.ow}u; p++) {
        let column = i32(p * ${s.stride}u + tap % ${s.k}u) - ${s.pad};
        if (column < 0 || column >= ${s.w}) { continue; }
        sum += x[(line + u32(column)) * ${c}u + c] * dy[(o * ${s.ow}u + p) * ${c}u + c];
      }
    }
  }
  partials[i] = sum;`,
  );
}
/** Bindings partials, gradients. */
export const depthwiseReduce = (s: DepthwiseShape, at: Place, batch: number): Kernel =>
  sumPartials(`depthwise reduce ${s.c}@${s.k}`, s.k * s.k, s.c, depthwiseSplits(s, batch), at);

/** Bindings dy, weights, dx, then as of `Into`. */
export function depthwiseBackwardInput(s: DepthwiseShape, at: Place, batch: number, into: Into): Kernel {
  const { type, c, offset } = units(s);
  const all = batch * s.h * s.w * c;
  // Output rows that read input row y through tap r: (y + pad - r) / stride, where that is whole and there.
  const reads = (from: string, to: string, limit: number) =>
    `if (${from} < 0 || ${from} % ${s.stride} != 0 || ${from} >= ${limit * s.stride}) { continue; }
      let ${to} = u32(${from} / ${s.stride});`;
  return elementwise(
    `depthwise backward input ${s.c}@${s.k}`,
    [['dy', type, 'read'], ['w', type, 'read'], ['dx', type, 'read_write'], ...intoBindings(into, type)],
    reluGradient(type),
    () => all,
    `  if (i >= ${all}u) { return; }
  let c = i % ${c}u;
  let y = i32(i / ${s.w * c}u % ${s.h}u) + ${s.pad};
  let x = i32(i / ${c}u % ${s.w}u) + ${s.pad};
  let image = i / ${s.h * s.w * c}u * ${s.oh}u;
  var sum = ${type}();
  for (var r = 0; r < ${s.k}; r++) {
    let above = y - r;
    ${reads('above', 'oy', s.oh)}
    for (var q = 0; q < ${s.k}; q++) {
      let before = x - q;
      ${reads('before', 'ox', s.ow)}
      sum += dy[((image + oy) * ${s.ow}u + ox) * ${c}u + c]
        * w[${offset(at.kernel)}u + u32(r * ${s.k} + q) * ${c}u + c];
    }
  }
  ${putInto(into, 'i', 'sum')}`,
  );
}

/** Cases of depthwise/contract.ts. */
import { noise, sparse } from '../testing/bench';
import { given, made, type OpCase, planted, ROUNDING } from '../testing/suite';
import type { DepthwiseShape } from './contract';

export type DepthwiseCase =
  | OpCase<'depthwiseForward', DepthwiseShape & { batch: number; relu: boolean; biased: boolean }>
  | OpCase<'depthwiseBackwardWeights' | 'depthwiseBackwardInput', DepthwiseShape & { batch: number }>;

/** A square image; `oh` tells how many zeros there are at bottom and right. */
export const depthwise = (
  h: number,
  c: number,
  k: number,
  stride = 1,
  pad = 0,
  oh?: number,
): DepthwiseShape => {
  const out = oh ?? Math.floor((h + 2 * pad - k) / stride) + 1;
  return { h, w: h, c, oh: out, ow: out, k, stride, pad };
};
const EVEN = depthwise(8, 16, 3, 1, 1);
const SHAPES: DepthwiseShape[] = [
  depthwise(1, 1, 1),
  depthwise(1, 4, 3, 1, 1),
  depthwise(2, 5, 3, 1, 1),
  depthwise(2, 4, 3, 1, 1),
  depthwise(3, 8, 3, 1, 1),
  depthwise(8, 12, 3, 2, 1),
  depthwise(7, 3, 3),
  EVEN,
  depthwise(9, 13, 3, 2, 1),
  // As TensorFlow pads an even size: zeros at bottom and right only.
  depthwise(8, 8, 3, 2, 0, 4),
  depthwise(6, 7, 5, 1, 2),
  depthwise(7, 4, 2, 2),
  depthwise(9, 4, 3, 3),
  depthwise(12, 4, 12),
  { h: 5, w: 9, c: 11, oh: 3, ow: 7, k: 3, stride: 1, pad: 0 },
  { h: 4, w: 3, c: 4, oh: 2, ow: 2, k: 3, stride: 2, pad: 1 },
];
const name = (s: DepthwiseShape, batch: number) =>
  `${batch} of ${s.h}x${s.w}x${s.c} to ${s.oh}x${s.ow}, kernel ${s.k}, stride ${s.stride}, pad ${s.pad}`;
const sizes = (s: DepthwiseShape, batch: number) => ({
  input: batch * s.h * s.w * s.c,
  output: batch * s.oh * s.ow * s.c,
  weights: s.k * s.k * s.c,
});

function forward(
  s: DepthwiseShape,
  batch: number,
  relu: boolean,
  biased: boolean,
  x?: Float32Array,
): DepthwiseCase {
  const { input, output, weights } = sizes(s, batch);
  return {
    op: 'depthwiseForward',
    label: `${name(s, batch)}${relu ? ', relu' : ''}${biased ? ', bias' : ''}${x ? ', NaN' : ''}`,
    shape: { ...s, batch, relu, biased },
    operands: {
      x: given(x ?? noise(input, 1)),
      w: given(noise(weights, 2)),
      ...(biased ? { bias: given(noise(s.c, 3)) } : {}),
      y: made(output),
    },
    onMachine: (m, at) => void m.depthwiseForward(s, at.x, at.w, biased ? at.bias : 0, at.y, batch, relu),
    tolerance: ROUNDING,
  };
}
function backwardWeights(s: DepthwiseShape, batch: number, density = 1): DepthwiseCase {
  const { input, output, weights } = sizes(s, batch);
  return {
    op: 'depthwiseBackwardWeights',
    label: `${name(s, batch)}, density of dy ${density}`,
    shape: { ...s, batch },
    operands: {
      x: given(noise(input, 4)),
      dy: given(sparse(output, 5, density)),
      dw: made(weights),
    },
    onMachine: (m, at) => void m.depthwiseBackwardWeights(s, at.x, at.dy, at.dw, batch),
    tolerance: ROUNDING,
  };
}
function backwardInput(s: DepthwiseShape, batch: number, dy?: Float32Array): DepthwiseCase {
  const { input, output, weights } = sizes(s, batch);
  return {
    op: 'depthwiseBackwardInput',
    label: `${name(s, batch)}${dy ? ', NaN' : ''}`,
    shape: { ...s, batch },
    operands: { dy: given(dy ?? noise(output, 6)), w: given(noise(weights, 7)), dx: made(input) },
    onMachine: (m, at) => void m.depthwiseBackwardInput(s, at.dy, at.w, at.dx, batch),
    tolerance: ROUNDING,
  };
}
const withNan = (n: number) => planted(noise(n, 8), 50, n, Number.NaN);

export const depthwiseSuite: DepthwiseCase[] = [
  ...SHAPES.flatMap((s) => [
    forward(s, 1, false, false),
    forward(s, 3, true, true),
    backwardWeights(s, 1),
    backwardWeights(s, 3),
    backwardInput(s, 1),
    backwardInput(s, 3),
  ]),
  backwardWeights(EVEN, 2, 0.2),
  backwardWeights(EVEN, 2, 0),
  forward(EVEN, 2, true, true, withNan(sizes(EVEN, 2).input)),
  backwardInput(EVEN, 2, withNan(sizes(EVEN, 2).output)),
];

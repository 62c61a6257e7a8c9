/** Cases of conv/contract.ts. */
import { noise, sparse } from '../testing/bench';
import { given, made, type OpCase, planted, ROUNDING } from '../testing/suite';
import type { ConvShape } from './contract';

export type ConvCase =
  | OpCase<'convForward', ConvShape & { batch: number; relu: boolean; biased: boolean }>
  | OpCase<'convBackwardWeights' | 'convBackwardInput', ConvShape & { batch: number }>;

/** A square image; `oh` tells how many zeros there are at bottom and right. */
export const conv = (
  h: number,
  c: number,
  n: number,
  k: number,
  stride = 1,
  pad = 0,
  oh?: number,
): ConvShape => {
  const out = oh ?? Math.floor((h + 2 * pad - k) / stride) + 1;
  return { h, w: h, c, oh: out, ow: out, n, k, stride, pad };
};
const SHAPES: ConvShape[] = [
  conv(1, 1, 1, 1),
  conv(1, 3, 5, 3, 1, 1),
  conv(7, 1, 3, 3),
  conv(8, 3, 7, 5),
  conv(9, 2, 13, 3, 2),
  conv(10, 4, 5, 3, 3),
  conv(7, 3, 4, 3, 1, 1),
  conv(8, 1, 6, 5, 1, 2),
  // As TensorFlow pads an even size: zeros at bottom and right only.
  conv(8, 2, 9, 3, 2, 0, 4),
  conv(12, 20, 50, 5),
  conv(8, 16, 16, 3, 1, 1),
  conv(9, 8, 24, 3, 1, 1),
  // Tiles that reach beyond the image, channels that fill no vector.
  conv(9, 17, 22, 3, 1, 1),
  conv(7, 23, 13, 3),
  conv(9, 14, 19, 5, 1, 2),
  conv(16, 32, 40, 3, 1, 1),
  conv(8, 16, 32, 3, 2, 1),
  conv(8, 16, 32, 1, 2),
  conv(6, 13, 17, 1),
  { h: 5, w: 9, c: 3, oh: 3, ow: 7, n: 11, k: 3, stride: 1, pad: 0 },
];
const name = (s: ConvShape, batch: number) =>
  `${batch} of ${s.h}x${s.w}x${s.c} to ${s.oh}x${s.ow}x${s.n}, kernel ${s.k}, stride ${s.stride}, pad ${s.pad}`;
const sizes = (s: ConvShape, batch: number) => ({
  input: batch * s.h * s.w * s.c,
  output: batch * s.oh * s.ow * s.n,
  weights: s.k * s.k * s.c * s.n,
});

function forward(s: ConvShape, batch: number, relu: boolean, biased: boolean, x?: Float32Array): ConvCase {
  const { input, output, weights } = sizes(s, batch);
  return {
    op: 'convForward',
    label: `${name(s, batch)}${relu ? ', relu' : ''}${biased ? ', bias' : ''}${x ? ', NaN' : ''}`,
    shape: { ...s, batch, relu, biased },
    operands: {
      x: given(x ?? noise(input, 1)),
      w: given(noise(weights, 2)),
      ...(biased ? { bias: given(noise(s.n, 3)) } : {}),
      y: made(output),
    },
    onMachine(m, at, room) {
      const packed = room(m.packedConvBytes(s));
      m.setScratch(room(m.scratchConv(s)));
      m.packConv(s, at.w, packed);
      m.convForward(s, at.x, at.w, packed, biased ? at.bias : 0, at.y, batch, relu);
      return undefined;
    },
    tolerance: ROUNDING,
  };
}
function backwardWeights(s: ConvShape, batch: number, density = 1): ConvCase {
  const { input, output, weights } = sizes(s, batch);
  return {
    op: 'convBackwardWeights',
    label: `${name(s, batch)}, density of dy ${density}`,
    shape: { ...s, batch },
    operands: { x: given(noise(input, 4)), dy: given(sparse(output, 5, density)), dw: made(weights) },
    onMachine(m, at, room) {
      m.setScratch(room(m.scratchConv(s)));
      m.convBackwardWeights(s, at.x, at.dy, at.dw, batch);
      return undefined;
    },
    tolerance: ROUNDING,
  };
}
function backwardInput(s: ConvShape, batch: number, density = 1): ConvCase {
  const { input, output, weights } = sizes(s, batch);
  return {
    op: 'convBackwardInput',
    label: `${name(s, batch)}, density of dy ${density}`,
    shape: { ...s, batch },
    operands: { dy: given(sparse(output, 5, density)), w: given(noise(weights, 6)), dx: made(input) },
    onMachine(m, at, room) {
      m.setScratch(room(m.scratchConv(s)));
      m.convBackwardInput(s, at.dy, at.w, at.dx, batch);
      return undefined;
    },
    tolerance: ROUNDING,
  };
}
const DENSITIES: [batch: number, density: number][] = [
  [1, 1],
  [3, 1],
  [3, 0.25],
  [2, 0],
];

export const convSuite: ConvCase[] = [
  ...SHAPES.flatMap((s) => [
    ...[1, 3].flatMap((batch) => [forward(s, batch, false, false), forward(s, batch, true, true)]),
    ...DENSITIES.flatMap(([batch, density]) => [
      backwardWeights(s, batch, density),
      backwardInput(s, batch, density),
    ]),
  ]),
  forward(conv(7, 3, 4, 3, 1, 1), 2, true, true, planted(noise(294, 1), 200, 294, Number.NaN)),
];

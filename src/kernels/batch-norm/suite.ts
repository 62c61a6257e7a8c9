/** Cases of batch-norm/contract.ts. */
import { noise } from '../testing/bench';
import { changed, given, made, type OpCase, planted, ROUNDING } from '../testing/suite';
import type { BatchNormShape } from './contract';

export type BatchNormCase =
  | OpCase<'batchNormTrain' | 'batchNormEval', BatchNormShape & { rows: number; relu: boolean }>
  | OpCase<'batchNormBackward', BatchNormShape & { rows: number; inPlace: boolean }>;

const SIZES: [rows: number, c: number][] = [
  [2, 1],
  [3, 3],
  [4, 4],
  [5, 13],
  [61, 7],
  [64, 16],
  [130, 8],
  [9, 261],
  [1537, 20],
];
/** Sums around a mean: rounding grows with rows, and is measured against values of size 1. */
const TOLERANCE = 4 * ROUNDING;

const shapeOf = (c: number): BatchNormShape => ({ c, epsilon: 1e-5, momentum: 0.1 });
const bySeed = (seed: number) => (n: number) => noise(n, seed);
const positive = (n: number, seed: number) => noise(n, seed).map((v) => 0.1 + Math.abs(v));

function train(
  [rows, c]: [number, number],
  relu: boolean,
  x: (n: number) => Float32Array = bySeed(1),
  what = '',
): BatchNormCase {
  const s = shapeOf(c);
  return {
    op: 'batchNormTrain',
    label: `${rows} x ${c}${relu ? ', relu' : ''}${what}`,
    shape: { ...s, rows, relu },
    operands: {
      x: given(x(rows * c)),
      gamma: given(noise(c, 2)),
      beta: given(noise(c, 3)),
      mean: changed(noise(c, 4)),
      variance: changed(positive(c, 5)),
      y: made(rows * c),
      saved: made(2 * c),
    },
    onMachine: (m, at) =>
      void m.batchNormTrain(s, at.x, at.gamma, at.beta, at.mean, at.variance, at.y, at.saved, rows, relu),
    tolerance: TOLERANCE,
  };
}
function evaluate(
  [rows, c]: [number, number],
  relu: boolean,
  x: (n: number) => Float32Array = bySeed(6),
  what = '',
): BatchNormCase {
  const s = shapeOf(c);
  return {
    op: 'batchNormEval',
    label: `${rows} x ${c}${relu ? ', relu' : ''}${what}`,
    shape: { ...s, rows, relu },
    operands: {
      x: given(x(rows * c)),
      gamma: given(noise(c, 7)),
      beta: given(noise(c, 8)),
      mean: given(noise(c, 9)),
      variance: given(positive(c, 10)),
      y: made(rows * c),
    },
    onMachine: (m, at) =>
      void m.batchNormEval(s, at.x, at.gamma, at.beta, at.mean, at.variance, at.y, rows, relu),
    tolerance: TOLERANCE,
  };
}
function backward(
  [rows, c]: [number, number],
  inPlace: boolean,
  x: (n: number) => Float32Array = bySeed(11),
  dy: (n: number) => Float32Array = bySeed(12),
  what = '',
): BatchNormCase {
  const s = shapeOf(c);
  const grad = dy(rows * c);
  return {
    op: 'batchNormBackward',
    label: `${rows} x ${c}${inPlace ? ', in place' : ''}${what}`,
    shape: { ...s, rows, inPlace },
    operands: {
      x: given(x(rows * c)),
      dy: inPlace ? changed(grad) : given(grad),
      gamma: given(noise(c, 13)),
      // Mean and rstd, as a forward pass leaves them.
      saved: given(Float32Array.of(...noise(c, 14), ...positive(c, 15))),
      ...(inPlace ? {} : { dx: made(rows * c) }),
      dgamma: made(c),
      dbeta: made(c),
    },
    onMachine: (m, at) =>
      void m.batchNormBackward(
        s,
        at.x,
        at.dy,
        at.gamma,
        at.saved,
        inPlace ? at.dy : at.dx,
        at.dgamma,
        at.dbeta,
        rows,
      ),
    tolerance: TOLERANCE,
  };
}
/** Channel 1 of c holds something else. */
const channel = (c: number, of: (i: number) => number) => (n: number) =>
  noise(n, 16).map((v, i) => (i % c === 1 ? of(Math.floor(i / c)) : v));
const withNan = (n: number) => planted(noise(n, 17), 8, n, Number.NaN);

export const batchNormSuite: BatchNormCase[] = [
  ...SIZES.flatMap((size) => [
    train(size, false),
    train(size, true),
    evaluate(size, size[1] % 2 === 0),
    backward(size, size[0] % 2 === 0),
  ]),
  evaluate([1, 5], true, undefined, ', one row'),
  train(
    [50, 6],
    false,
    channel(6, () => 3),
    ', a constant channel',
  ),
  train([50, 6], true, (n) => new Float32Array(n), ', zeros'),
  train([61, 7], false, withNan, ', NaN'),
  train(
    [61, 7],
    true,
    channel(7, (i) => (i === 5 ? Infinity : 1)),
    ', an infinity',
  ),
  train(
    [61, 7],
    false,
    channel(7, (i) => (i === 0 ? -Infinity : 1)),
    ', an infinity in the first row',
  ),
  evaluate([61, 7], true, (n) => planted(withNan(n), 9, n, -Infinity), ', NaN and an infinity'),
  backward([61, 7], false, withNan, bySeed(18), ', NaN in x'),
  backward([61, 7], true, bySeed(19), withNan, ', NaN in dy'),
  backward([50, 6], true, bySeed(20), (n) => new Float32Array(n), ', zeros'),
];

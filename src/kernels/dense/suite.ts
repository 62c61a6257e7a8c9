/** Cases of dense/contract.ts. */
import { noise, sparse } from '../testing/bench';
import { changed, given, made, type OpCase, planted, ROUNDING } from '../testing/suite';
import type { DenseShape } from './contract';

export type DenseCase =
  | OpCase<'denseForward', DenseShape & { batch: number; relu: boolean; biased: boolean }>
  | OpCase<'denseBackwardWeights' | 'denseBackwardInput', DenseShape & { batch: number }>
  | OpCase<'biasGrad', { rows: number; n: number }>
  | OpCase<'reluBackward', { n: number }>;

type Size = [batch: number, inn: number, out: number];
export const SIZES: Size[] = [
  [1, 1, 1],
  [1, 13, 7],
  [3, 7, 13],
  [4, 60, 10],
  [5, 1, 3],
  [7, 61, 9],
  [13, 3, 11],
  [60, 61, 12],
  [61, 60, 20],
  [60, 13, 50],
  [6, 33, 17],
  // Strips of w one after the other.
  [9, 530, 300],
];
const name = ([batch, inn, out]: Size) => `batch ${batch}, ${inn} -> ${out}`;

interface ForwardOptions {
  relu: boolean;
  biased: boolean;
  /** Share of x that is not zero: executors may skip zeros. */
  density?: number;
  x?: Float32Array;
}
function forward(size: Size, { relu, biased, density = 1, x }: ForwardOptions): DenseCase {
  const [batch, inn, out] = size;
  const s = { in: inn, out };
  return {
    op: 'denseForward',
    label: `${name(size)}, density of x ${density}${relu ? ', relu' : ''}${biased ? ', bias' : ''}${x ? ', NaN' : ''}`,
    shape: { ...s, batch, relu, biased },
    operands: {
      x: given(x ?? sparse(batch * inn, 1, density)),
      w: given(noise(inn * out, 2)),
      ...(biased ? { bias: given(noise(out, 3)) } : {}),
      y: made(batch * out),
    },
    onMachine(m, at, room) {
      m.setScratch(room(m.scratchDense(s, batch)));
      m.denseForward(s, at.x, at.w, biased ? at.bias : 0, at.y, batch, relu);
      return undefined;
    },
    tolerance: ROUNDING,
  };
}
function backwardWeights(size: Size, density: number): DenseCase {
  const [batch, inn, out] = size;
  const s = { in: inn, out };
  return {
    op: 'denseBackwardWeights',
    label: `${name(size)}, density of x ${density}`,
    shape: { ...s, batch },
    operands: {
      x: given(sparse(batch * inn, 4, density)),
      dy: given(noise(batch * out, 5)),
      dw: made(inn * out),
    },
    onMachine(m, at, room) {
      m.setScratch(room(m.scratchDense(s, batch)));
      m.denseBackwardWeights(s, at.x, at.dy, at.dw, batch);
      return undefined;
    },
    tolerance: ROUNDING,
  };
}
function backwardInput(size: Size): DenseCase {
  const [batch, inn, out] = size;
  const s = { in: inn, out };
  return {
    op: 'denseBackwardInput',
    label: name(size),
    shape: { ...s, batch },
    operands: { dy: given(noise(batch * out, 5)), w: given(noise(inn * out, 6)), dx: made(batch * inn) },
    onMachine(m, at, room) {
      m.setScratch(room(m.scratchDense(s, batch)));
      m.denseBackwardInput(s, at.dy, at.w, at.dx, batch);
      return undefined;
    },
    tolerance: ROUNDING,
  };
}
const biasGrad = (rows: number, n: number): DenseCase => ({
  op: 'biasGrad',
  label: `${rows} x ${n}`,
  shape: { rows, n },
  operands: { dy: given(noise(rows * n, 7)), db: made(n) },
  onMachine: (m, at) => void m.biasGrad(at.dy, at.db, rows, n),
  tolerance: ROUNDING,
});
const reluBackward = (n: number, y: Float32Array): DenseCase => ({
  op: 'reluBackward',
  label: `${n} values`,
  shape: { n },
  operands: { dy: changed(noise(n, 8)), y: given(y) },
  onMachine: (m, at) => void m.reluBackward(at.dy, at.y, n),
  tolerance: 0,
});
const flags = [false, true];

export const denseSuite: DenseCase[] = [
  ...SIZES.flatMap((size) =>
    [1, 0.2].flatMap((density) => [
      ...flags.flatMap((relu) => flags.map((biased) => forward(size, { relu, biased, density }))),
      backwardWeights(size, density),
    ]),
  ),
  ...SIZES.map(backwardInput),
  ...SIZES.map(([batch, , out]) => biasGrad(batch, out)),
  biasGrad(61, 43),
  ...[1, 3].map((batch) =>
    forward([batch, 9, 5], {
      relu: true,
      biased: true,
      x: planted(noise(batch * 9, 1), 4, batch * 9, Number.NaN),
    }),
  ),
  forward([6, 9, 5], { relu: true, biased: false, x: planted(noise(54, 1), 22, 54, Number.NaN) }),
  ...[1, 3, 7, 61].map((n) =>
    reluBackward(n, planted(planted(planted(noise(n, 9), 0, 3, 0), 1, 7, Number.NaN), 2, 5, -0)),
  ),
];

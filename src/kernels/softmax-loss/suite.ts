/** Cases of softmax-loss/contract.ts. */
import { noise } from '../testing/bench';
import { given, made, type OpCase, planted, ROUNDING } from '../testing/suite';

export interface SoftmaxLossShape {
  rows: number;
  classes: number;
  /** Present: operand `teacher` is there, too. */
  soft?: { hard: number; temperature: number };
  /** False: `dz` is 0, as in an evaluation. */
  gradient: boolean;
}
/** Scalars: `loss`, the sum over rows, and `correct`. */
export type SoftmaxLossCase = OpCase<'softmaxLoss', SoftmaxLossShape>;

interface Options {
  z: Float32Array;
  labels?: number[];
  soft?: SoftmaxLossShape['soft'];
  teacher?: Float32Array;
  gradient?: boolean;
}
function loss(label: string, classes: number, options: Options): SoftmaxLossCase {
  const { z, soft, gradient = true } = options;
  const rows = z.length / classes;
  const labels = options.labels ?? Array.from({ length: rows }, (_, i) => (i * 7) % classes);
  const teacher = options.teacher ?? noise(z.length, 2).map((v) => v * 8);
  return {
    op: 'softmaxLoss',
    label: `${label}${soft ? `, hard ${soft.hard}, temperature ${soft.temperature}` : ''}`,
    shape: { rows, classes, soft, gradient },
    operands: {
      z: given(z),
      labels: given(Uint8Array.from(labels)),
      ...(gradient ? { dz: made(z.length) } : {}),
      ...(soft ? { teacher: given(teacher) } : {}),
    },
    onMachine(m, at) {
      const softLabels = soft && { ...soft, teacher: at.teacher };
      const sum = m.softmaxLoss(at.z, at.labels, gradient ? at.dz : 0, rows, classes, softLabels);
      return { loss: sum, correct: m.lastCorrect() };
    },
    tolerance: ROUNDING,
  };
}
const SIZES: [rows: number, classes: number][] = [
  [1, 1],
  [1, 10],
  [7, 3],
  [61, 10],
  [60, 13],
  [3, 100],
];
const SOFTS = [
  { hard: 0, temperature: 1 },
  { hard: 0.1, temperature: 4 },
  { hard: 1, temperature: 20 },
  { hard: 0.5, temperature: 0.5 },
];
const logits = (n: number) => noise(n, 1).map((v) => v * 20);
const one = { hard: 0.3, temperature: 2 };
const row = (...values: number[]) => Float32Array.from(values);

export const softmaxLossSuite: SoftmaxLossCase[] = [
  ...SIZES.flatMap(([rows, classes]) => {
    const z = logits(rows * classes);
    const name = `${rows} rows of ${classes} classes`;
    return [
      loss(name, classes, { z }),
      loss(`${name}, no gradient`, classes, { z, gradient: false }),
      ...SOFTS.map((soft) => loss(name, classes, { z, soft })),
    ];
  }),
  loss('soft, no gradient', 10, { z: logits(70), soft: one, gradient: false }),
  loss('zero logits', 10, { z: new Float32Array(20) }),
  loss('huge logits', 3, { z: row(1e30, -1e30, 0), labels: [0] }),
  loss('huge logits of both', 3, {
    z: row(1e30, -1e30, 0),
    labels: [0],
    soft: one,
    teacher: row(1e30, 0, -1e30),
  }),
  loss('the teacher’s own logits', 5, { z: logits(10), soft: one, teacher: logits(10) }),
  loss('ties', 3, { z: row(2, 2, 1, 2, 2, 1, 1, 2, 2, 1, 2, 2), labels: [0, 1, 1, 2] }),
  loss('NaN in one row', 3, { z: planted(logits(9), 4, 9, Number.NaN), labels: [0, 2, 1] }),
  loss('NaN in one row, soft', 3, { z: planted(logits(9), 4, 9, Number.NaN), labels: [0, 2, 1], soft: one }),
  loss('NaN of the teacher', 3, {
    z: logits(9),
    labels: [0, 2, 1],
    soft: one,
    teacher: planted(noise(9, 3), 4, 9, Number.NaN),
  }),
];

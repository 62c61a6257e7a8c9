/** Cases of contract.ts: one scale and one per column, inputs that fill words and that do not. */
import { sparse } from '../../testing/bench';
import { ROUNDING } from '../../testing/suite';
import { codedSource } from '../testing/coded';
import { type FormCase, formSuite } from '../testing/suite';
import { xnor } from './form';

const SIZES = [
  [1, 1],
  [13, 7],
  [31, 5],
  [32, 16],
  [33, 9],
  [65, 12],
  [150, 20],
  [1100, 3],
] as const;
const sources = SIZES.flatMap(([inn, out]) =>
  [false, true].map((single) => codedSource({ in: inn, out }, { bits: 1, single, seed: inn })),
);
const suite = (x?: (n: number) => Float32Array) =>
  formSuite(xnor, 'xnorForward', { sources, tolerance: ROUNDING, x });

export const xnorSuite: readonly FormCase[] = [
  ...suite(),
  // Zeros of both signs count as positive.
  ...suite((n) => sparse(n, 7, 0.3).map((v, i) => (v === 0 && i % 2 ? -0 : v))).map((test) => ({
    ...test,
    label: `${test.label}, zeros in x`,
  })),
];

/** Cases of contract.ts: the same bits everywhere. */
import { noise } from '../../testing/bench';
import { ROUNDING } from '../../testing/suite';
import { codedSource, codedSources } from '../testing/coded';
import { type FormCase, formSuite } from '../testing/suite';
import { int8 } from './form';

const shape = { in: 29, out: 11 };
const tricky = [codedSource(shape, { bits: 8 }), codedSource(shape, { bits: 7, symmetric: true })];
/** Every row has another magnitude. */
const rows = (n: number, of: (v: number, i: number) => number) => noise(n, 5).map(of);
const named = (what: string, x: (n: number) => Float32Array): FormCase[] =>
  formSuite(int8, 'int8Forward', { sources: tricky, tolerance: 0, x }).map((test) => ({
    ...test,
    label: `${test.label}, x ${what}`,
  }));

export const int8Suite: readonly FormCase[] = [
  ...formSuite(int8, 'int8Forward', { sources: codedSources([1, 5, 8]), tolerance: 0 }),
  ...formSuite(int8, 'int8Forward', {
    sources: codedSources([8]),
    tolerance: 0,
    x: (n) => rows(n, (v) => Math.max(0, v)),
  }).map((test) => ({ ...test, label: `${test.label}, x >= 0` })),
  ...named('of halves', (n) => rows(n, (v, i) => (i % 29 === 0 ? 127 : Math.round(v * 127) + 0.5))),
  ...named('all zero', (n) => new Float32Array(n)),
  ...named('tiny', (n) => rows(n, (v) => v * 1e-43)),
  ...named('huge', (n) => rows(n, (v) => v * 3e38)),
  ...named('with infinity', (n) => rows(n, (v, i) => (i % 61 === 17 ? Number.POSITIVE_INFINITY : v))),
  ...named('partly >= 0', (n) => rows(n, (v, i) => (Math.floor(i / 29) % 7 < 4 ? Math.abs(v) : v))),
];

/** WGSL may flush the smallest numbers to zero and fuse the last product with the bias. */
export const int8GpuSuite: readonly FormCase[] = int8Suite
  .filter(({ label }) => !label.endsWith('tiny'))
  .map((test) => ({ ...test, tolerance: ROUNDING }));

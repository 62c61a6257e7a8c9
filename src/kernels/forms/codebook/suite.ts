/** Cases of contract.ts: tables of one value to the most, some of them zero. */
import { noise } from '../../testing/bench';
import { ROUNDING } from '../../testing/suite';
import { type FormCase, formSuite, type NamedSource } from '../testing/suite';
import { codebook } from './form';

/** Weights drawn from so many values, the first of them 0. */
export function shared(inn: number, out: number, count: number): NamedSource {
  const table = noise(count, 3);
  table[0] = 0;
  const drawn = noise(inn * out, count).map((v) => Math.floor(((v + 1) / 2) * count));
  const values = Float32Array.from(drawn, (i) => table[i]);
  return { label: `${inn} -> ${out}, ${count} values`, source: { shape: { in: inn, out }, values } };
}

const SIZES = [
  [1, 1],
  [13, 7],
  [7, 18],
  [32, 16],
  [65, 9],
  [150, 37],
] as const;
export const codebookSuite: readonly FormCase[] = formSuite(codebook, 'codebookForward', {
  sources: SIZES.flatMap(([inn, out]) => [1, 2, 16, 17, 256].map((count) => shared(inn, out, count))),
  tolerance: ROUNDING,
});

/** Cases of nm/contract.ts: every group size, with groups that are full, partly full and empty. */
import { noise } from '../../testing/bench';
import { planted } from '../../testing/suite';
import { formSuite, type NamedSource } from '../testing/suite';
import { nm } from './form';

/** Kernel of which every group of m inputs of an output keeps n, or (not `full`) n at most and the first group n. */
export function nmKernel(inn: number, out: number, n: number, m: number, full = false): Float32Array {
  const values = new Float32Array(inn * out);
  const draw = noise(inn * out, 9);
  for (let o = 0; o < out; o++) {
    for (let g = 0; g < inn; g += m) {
      const group = Array.from({ length: Math.min(m, inn - g) }, (_, i) => (g + i) * out + o);
      const count = full || g === 0 ? n : ((g / m) * 7 + o) % (n + 1);
      for (const at of group.sort((a, b) => draw[b] - draw[a]).slice(0, count)) values[at] = draw[at] || 0.5;
    }
  }
  return values;
}

const SHAPES = [
  [1, 1],
  [13, 7],
  [31, 5],
  [64, 16],
  [150, 21],
] as const;
const PATTERNS = [
  [1, 4],
  [2, 4],
  [1, 8],
  [3, 8],
  [4, 8],
  [1, 16],
  [5, 16],
  [8, 16],
] as const;
const sources: NamedSource[] = SHAPES.flatMap(([inn, out]) => [
  ...PATTERNS.filter(([, m]) => m <= inn).map(([n, m]) => ({
    label: `${inn} -> ${out}, ${n}:${m}`,
    source: { shape: { in: inn, out }, values: nmKernel(inn, out, n, m) },
  })),
  {
    label: `${inn} -> ${out}, nothing kept`,
    source: { shape: { in: inn, out }, values: new Float32Array(inn * out) },
  },
  {
    label: `${inn} -> ${out}, NaN`,
    source: {
      shape: { in: inn, out },
      values: planted(new Float32Array(inn * out), inn * out - 1, inn * out, Number.NaN),
    },
  },
]);

export const nmSuite = formSuite(nm, 'nmForward', { sources });

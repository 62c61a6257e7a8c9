/** Sources for forms of quantized kernels: codes of every width, per column and for all, some pruned. */
import type { DenseShape } from '../../dense/contract';
import type { Machine } from '../../machine';
import { noise } from '../../testing/bench';
import type { Coded, Form } from '../types';
import { type FormCase, formSuite, type NamedSource } from './suite';

interface CodedOptions {
  readonly bits: number;
  /** Zero points in the middle, as symmetric codes have them. */
  readonly symmetric?: boolean;
  /** One scale for all. */
  readonly single?: boolean;
  /** Share of weights that are pruned. */
  readonly pruned?: number;
  readonly seed?: number;
}

/** Random codes and what they decode to. */
export function codedSource(shape: DenseShape, options: CodedOptions): NamedSource {
  const { bits, symmetric = false, single = false, pruned = 0, seed = 1 } = options;
  const n = single ? 1 : shape.out;
  const length = shape.in * shape.out;
  const unit = (seed: number, count: number) => noise(count, seed).map((v) => (v + 1) / 2);
  const [limit, most] = [2 ** (bits - 1) - 1, 2 ** bits - 1];
  const scales = unit(seed + 1, n).map((v) => (0.05 + v) / most);
  const zeros = Uint8Array.from(unit(seed + 2, n), (v) =>
    bits === 1 ? 0 : symmetric ? limit : Math.floor(v * most),
  );
  const chance = unit(seed + 3, length);
  const drawn = Uint8Array.from(unit(seed, length), (v) =>
    Math.floor(v * (symmetric ? 2 * limit + 1 : most + 1)),
  );
  const kept = (i: number) => chance[i] >= pruned;
  const codes = drawn.map((code, i) => (kept(i) ? code : zeros[i % n]));
  const values = Float32Array.from(codes, (code, i) => {
    if (!kept(i)) return 0;
    return bits === 1 ? (code === 1 ? scales[i % n] : -scales[i % n]) : scales[i % n] * (code - zeros[i % n]);
  });
  const what = [symmetric ? 'symmetric' : 'affine', single ? 'one scale' : 'by column'];
  const label = `${shape.in} -> ${shape.out}, ${bits} bits ${what.join(', ')}${pruned ? `, ${pruned * 100} % pruned` : ''}`;
  const coded: Coded = { bits, codes, scales, zeros };
  return { label, source: { shape, values, codes: coded } };
}

const SIZES: readonly DenseShape[] = [
  { in: 1, out: 1 },
  { in: 13, out: 7 },
  { in: 7, out: 13 },
  { in: 32, out: 16 },
  { in: 65, out: 9 },
  { in: 150, out: 20 },
];
/** For each width of codes sizes that fill tiles and that do not. */
export const codedSources = (widths: readonly number[]): NamedSource[] =>
  widths.flatMap((bits) =>
    SIZES.flatMap((shape, i) => [
      codedSource(shape, { bits, symmetric: i % 2 === 0, single: i % 3 === 0, seed: 10 * i }),
      codedSource(shape, { bits, symmetric: i % 2 === 1, single: i % 3 === 1, pruned: 0.6, seed: 10 * i }),
      ...(i === 4 ? [codedSource(shape, { bits, pruned: 1 })] : []),
    ]),
  );

/** Rows on which sums are hard: one value dwarfs all others, tiny, huge; one long enough for several runs. */
export function spreadSuite(form: Form, op: keyof Machine, bits: number): FormCase[] {
  const shape = { in: 29, out: 11 };
  const rows: Record<string, (v: number, i: number) => number> = {
    'one value above all': (v, i) => (i % 29 === 5 ? 1e6 * v : v),
    tiny: (v) => v * 1e-41,
    huge: (v) => v * 1e33,
    zero: () => 0,
  };
  const source = codedSource(shape, { bits });
  return [
    ...Object.entries(rows).flatMap(([what, of]) =>
      formSuite(form, op, { sources: [source], tolerance: 1e-5, x: (n) => noise(n, 5).map(of) }).map(
        (test) => ({
          ...test,
          label: `${test.label}, x ${what}`,
        }),
      ),
    ),
    ...formSuite(form, op, { sources: [codedSource({ in: 9001, out: 3 }, { bits })], tolerance: 1e-5 }),
  ];
}

/**
 * Cases of executable forms, the same for all: sparse kernels of odd sizes with empty rows and columns, nothing and
 * everything kept, NaN; rows 1, 3, 7 and 64; relu and bias. They are cases of the form's op, so that `checkSuite`
 * holds every executor against the plain reference, and the browser's harness the WGSL variants.
 */
import type { DenseShape } from '../../dense/contract';
import type { Machine } from '../../machine';
import { noise } from '../../testing/bench';
import { given, made, type OpCase, planted, ROUNDING } from '../../testing/suite';
import type { Buffers, Form, PackSource, Places } from '../types';

export interface NamedSource {
  readonly label: string;
  readonly source: PackSource;
}
export interface FormShape {
  readonly form: Form;
  readonly source: PackSource;
  readonly packed: Buffers;
  readonly rows: number;
  /** Rows of an image, for kernels of the GPU; divides `rows`. */
  readonly perImage: number;
  readonly relu: boolean;
  readonly biased: boolean;
}
export type FormCase = OpCase<keyof Machine, FormShape>;

/** Kernel [in, out] of which about `sparsity` is 0, scattered; the same for every seed everywhere. */
export function sparseKernel({ in: inn, out }: DenseShape, sparsity: number, seed = 1): Float32Array {
  const chance = noise(inn * out, seed + 1000);
  return noise(inn * out, seed).map((v, i) => ((chance[i] + 1) / 2 < sparsity ? 0 : v || 0.5));
}
/** Every third row and every fourth column is 0: inputs that nothing reads, outputs that read nothing. */
function withGaps({ out }: DenseShape, values: Float32Array): Float32Array {
  return values.map((v, i) => (Math.floor(i / out) % 3 === 1 || (i % out) % 4 === 2 ? 0 : v));
}

const SIZES: readonly DenseShape[] = [
  { in: 1, out: 1 },
  { in: 13, out: 7 },
  { in: 7, out: 13 },
  { in: 31, out: 5 },
  { in: 32, out: 16 },
  { in: 65, out: 9 },
  { in: 100, out: 33 },
  { in: 150, out: 20 },
];
/** For forms of any pattern; others make their own in the same way. */
export const sparseSources: readonly NamedSource[] = SIZES.flatMap((shape) => {
  const name = `${shape.in} -> ${shape.out}`;
  const of = (what: string, values: Float32Array) => ({
    label: `${name}, ${what}`,
    source: { shape, values },
  });
  const n = shape.in * shape.out;
  return [
    ...[0.5, 0.9, 0.98].map((p) => of(`${p * 100} % zero`, sparseKernel(shape, p))),
    of('empty rows and columns', withGaps(shape, sparseKernel(shape, 0.6, 2))),
    of('nothing kept', new Float32Array(n)),
    of('everything kept', sparseKernel(shape, 0, 3)),
    of('NaN', planted(sparseKernel(shape, 0.8, 4), n >> 1, n, Number.NaN)),
  ];
});

const FLAGS = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

export interface FormSuiteOptions {
  readonly sources?: readonly NamedSource[];
  readonly tolerance?: number;
  /** Rows of x; default noise. */
  readonly x?: (n: number) => Float32Array;
}
/** @throws Error where a source cannot be packed: what is refused is tested apart */
export function formSuite(form: Form, op: keyof Machine, options: FormSuiteOptions = {}): FormCase[] {
  const { sources = sparseSources, tolerance = ROUNDING, x = (n: number) => noise(n, 5) } = options;
  return sources.flatMap(({ label, source }, nth) => {
    const packed = form.pack(source);
    if (!packed) throw new Error(`${form.id} cannot hold ${label}`);
    const make = (rows: number, perImage: number, flags: number, data: Float32Array, what = '') => {
      const [relu, biased] = FLAGS[flags % 4];
      const shape = { form, source, packed, rows, perImage, relu, biased };
      const name = `${label}, ${rows} rows${relu ? ', relu' : ''}${biased ? ', bias' : ''}${what}`;
      return formCase(op, name, shape, data, tolerance);
    };
    const n = source.shape.in;
    return [
      make(1, 1, nth, x(n)),
      make(3, 1, nth + 1, x(3 * n)),
      make(7, 7, nth + 2, x(7 * n)),
      make(64, 4, nth + 3, x(64 * n)),
      ...(nth % 7 === 1
        ? [1, 7].map((rows) =>
            make(rows, 1, 3, planted(x(rows * n), n >> 1, rows * n, Number.NaN), ', NaN in x'),
          )
        : []),
    ];
  });
}

function formCase(
  op: keyof Machine,
  label: string,
  shape: FormShape,
  x: Float32Array,
  tolerance: number,
): FormCase {
  const { form, source, packed, rows, relu, biased } = shape;
  const s = source.shape;
  const names = Object.keys(packed);
  return {
    op,
    label,
    shape,
    operands: {
      x: given(x),
      ...Object.fromEntries(names.map((name) => [`packed ${name}`, given(packed[name])])),
      ...(biased ? { bias: given(noise(s.out, 6)) } : {}),
      y: made(rows * s.out),
    },
    onMachine(m, at, room) {
      const places: Places = Object.fromEntries(names.map((name) => [name, at[`packed ${name}`]]));
      m.setScratch(room(form.scratch(m, s, rows)));
      form.forward(m, s, at.x, places, biased ? at.bias : 0, at.y, rows, relu);
      return undefined;
    },
    tolerance,
  };
}
/** Whether a case tells apart 0 * NaN that is computed from one that is skipped: there a form differs from dense. */
export const hasNaN = (test: FormCase): boolean => (test.operands.x.data as Float32Array).some(Number.isNaN);

/** How kernels write gradients: those of a layer's input, and partial sums of those of its parameters. */
import { type Binding, elementwise, type Kernel } from './kernel';

/** What the kernel that writes the gradient of a value does beside: saves dispatches of their own. */
export interface Into {
  /** The value came out of a relu and this is all of its gradient: zero where the value is not positive. */
  relu: boolean;
  /** Gradients from that many other readers of the value, to be added. */
  others: number;
}
export const PLAIN: Into = { relu: false, others: 0 };

/** relu that leaves NaN alone, of scalars or vectors. */
export const relu = (type = 'f32'): string =>
  `fn relu(v: ${type}) -> ${type} { return select(v, ${type}(), v < ${type}()); }`;
/** Zero where the output of a relu is not positive. */
export const reluGradient = (type = 'f32'): string =>
  `fn gradient(v: ${type}, y: ${type}) -> ${type} { return select(v, ${type}(), y <= ${type}()); }`;

/** Bindings after all others: the value itself, then the other gradients. */
export const intoBindings = (into: Into, type = 'f32'): Binding[] => [
  ...(into.relu ? ([['below', type, 'read']] as const) : []),
  ...Array.from({ length: into.others }, (_, i) => [`other${i}`, type, 'read'] as const),
];
/** Writes to `dx`; needs `reluGradient` in the head. `index` is a name. */
export function putInto({ relu, others }: Into, index: string, value: string): string {
  const sum = [value, ...Array.from({ length: others }, (_, i) => `other${i}[${index}]`)].join(' + ');
  return `dx[${index}] = ${relu ? `gradient(${sum}, below[${index}])` : sum};`;
}

/** Bindings dx, then as of `Into`: the gradient of a value of `length` floats that is only the sum of others'. */
export const sumGradients = (length: number, into: Into): Kernel =>
  elementwise(
    'sum of gradients',
    [['dx', 'f32', 'read_write'], ...intoBindings(into)],
    reluGradient(),
    () => length,
    `  if (i >= ${length}u) { return; }
  ${putInto({ ...into, others: into.others - 1 }, 'i', `other${into.others - 1}[i]`)}`,
  );

/** Where a layer's kernel and bias begin in an arena; no bias: null. */
export interface Place {
  kernel: number;
  bias: number | null;
}
/** Row `rows` of the product is the gradient of the bias. */
export const putGradient = (rows: number, columns: number, at: Place): string =>
  at.bias === null
    ? `grads[${at.kernel}u + m * ${columns}u + n] = value;`
    : `grads[select(${at.kernel}u + m * ${columns}u, ${at.bias}u, m == ${rows}u) + n] = value;`;

/** Bindings partials [splits, m + 1, n], gradients: adds up the splits; row m belongs to the bias. */
export function sumPartials(label: string, m: number, n: number, splits: number, at: Place): Kernel {
  const rows = at.bias === null ? m : m + 1;
  return elementwise(
    label,
    [
      ['partials', 'f32', 'read'],
      ['grads', 'f32', 'read_write'],
    ],
    '',
    () => rows * n,
    `  if (i >= ${rows * n}u) { return; }
  let m = i / ${n}u;
  let n = i % ${n}u;
  var value = 0.0;
  for (var z = 0u; z < ${splits}u; z++) { value += partials[z * ${(m + 1) * n}u + i]; }
  ${putGradient(m, n, at)}`,
  );
}

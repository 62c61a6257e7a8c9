/** Sparse products on the GPU: every thread sums four outputs, half of a slice, without barriers. */
import type { DenseShape } from '../../dense/contract';
import { relu } from '../../webgpu/gradient';
import { type Binding, ceilDiv, elementwise, type Kernel } from '../../webgpu/kernel';
import type { Buffers, GpuCall, GpuVariant } from '../types';
import { LANES } from './contract';

/** Outputs of a thread. */
const EACH = 4;
const HALVES = LANES / EACH;

const LISTS: readonly Binding[] = [
  ['slices', 'u32', 'read'],
  ['slots', 'u32', 'read'],
  ['index', 'vec2<u32>', 'read'],
  ['values', 'vec4<f32>', 'read'],
];
const NAMES = LISTS.map(([name]) => name);
const BIAS: Binding = ['bias', 'f32', 'read'];

/**
 * Code that walks over the steps of half a slice with their indices `k` and values `v`: in `full` all four slots have
 * some, and then `slot` sees those that still have.
 */
function walk(full: string, slot: (lane: number) => string): string {
  const unpack = `let p = index[j];
    let k = vec4<u32>(p.x & 0xffffu, p.x >> 16u, p.y & 0xffffu, p.y >> 16u);
    let v = values[j];`;
  const lasting = lanes((lane) => `if (step < slots[half * 8u + ${2 * lane + 1}u]) { ${slot(lane)} }`);
  return `let even = slots[half * 8u + 7u];
  let most = slots[half * 8u + 1u];
  var j = slices[half / ${HALVES}u] * ${HALVES}u + half % ${HALVES}u;
  for (var step = 0u; step < even; step++) {
    ${unpack}
    ${full}
    j += ${HALVES}u;
  }
  for (var step = even; step < most; step++) {
    ${unpack}
    ${lasting.join('\n    ')}
    j += ${HALVES}u;
  }`;
}
/** Writes `value` to the output of slot `lane` of row `row`. */
const put = ({ out }: DenseShape, call: GpuCall, lane: number, row: string, value: string): string => {
  const sum = call.biased ? `${value} + bias[o${lane}]` : value;
  return `y[(${row}) * ${out}u + o${lane}] = ${call.relu ? `relu(${sum})` : sum};`;
};
const lanes = <T>(of: (lane: number) => T): T[] => Array.from({ length: EACH }, (_, lane) => of(lane));
const outputs = lanes((lane) => `let o${lane} = slots[half * 8u + ${2 * lane}u];`).join('\n  ');

/** One row per thread: for few images. */
function byRow(s: DenseShape, call: GpuCall): Kernel {
  const count = ceilDiv(s.out, EACH);
  const capacity = call.images * call.perImage;
  const full = `sum += v * vec4<f32>(${['x', 'y', 'z', 'w'].map((c) => `x[at + k.${c}]`).join(', ')});`;
  return elementwise(
    `csr ${s.in}-${s.out} by row`,
    [['x', 'f32', 'read'], ['y', 'f32', 'read_write'], ...LISTS, ...(call.biased ? [BIAS] : [])],
    relu(),
    (images) => images * call.perImage * count,
    `  if (i >= ${capacity * count}u) { return; }
  let half = i % ${count}u;
  let row = i / ${count}u;
  let at = row * ${s.in}u;
  var sum = vec4<f32>();
  ${walk(full, (lane) => `sum[${lane}] += v[${lane}] * x[at + k[${lane}]];`)}
  ${outputs}
  ${lanes((lane) => `if (o${lane} < ${s.out}u) { ${put(s, call, lane, 'row', `sum[${lane}]`)} }`).join('\n  ')}`,
  );
}

/** turned [in, rows / 4] = transpose(x), in vectors of four rows; rows that are not there are 0. */
export function turn(inn: number, call: GpuCall): Kernel {
  const capacity = call.images * call.perImage;
  const wide = ceilDiv(capacity, 4);
  const row = (r: number) =>
    `select(0.0, x[min(4u * q + ${r}u, ${capacity - 1}u) * ${inn}u + k], 4u * q + ${r}u < ${capacity}u)`;
  return elementwise(
    `turn ${inn}`,
    [
      ['x', 'f32', 'read'],
      ['turned', 'vec4<f32>', 'read_write'],
    ],
    '',
    (images) => ceilDiv(images * call.perImage, 4) * inn,
    `  if (i >= ${wide * inn}u) { return; }
  let k = i % ${inn}u;
  let q = i / ${inn}u;
  turned[k * ${wide}u + q] = vec4<f32>(${[0, 1, 2, 3].map(row).join(', ')});`,
  );
}

/** Four rows per thread, read as one vector. Neighbours have other rows of the same slice. */
function byFour(s: DenseShape, call: GpuCall): Kernel {
  const count = ceilDiv(s.out, EACH);
  const capacity = call.images * call.perImage;
  const wide = ceilDiv(capacity, 4);
  const slot = (lane: number) => `s${lane} += v[${lane}] * turned[k[${lane}] * ${wide}u + q];`;
  const four = (images: number) => ceilDiv(images * call.perImage, 4);
  const rows = (lane: number) =>
    [0, 1, 2, 3]
      .map(
        (r) =>
          `if (4u * q + ${r}u < ${capacity}u) { ${put(s, call, lane, `4u * q + ${r}u`, `s${lane}[${r}]`)} }`,
      )
      .join('\n    ');
  const kernel = elementwise(
    `csr ${s.in}-${s.out} by four rows`,
    [['turned', 'vec4<f32>', 'read'], ['y', 'f32', 'read_write'], ...LISTS, ...(call.biased ? [BIAS] : [])],
    relu(),
    four,
    '',
  );
  return {
    ...kernel,
    threads: [16, 4],
    body: `  let q = id.x;
  let half = id.y;
  if (q >= ${wide}u || half >= ${count}u) { return; }
  ${lanes((lane) => `var s${lane} = vec4<f32>();`).join(' ')}
  ${walk(lanes(slot).join('\n    '), slot)}
  ${outputs}
  ${lanes((lane) => `if (o${lane} < ${s.out}u) {\n    ${rows(lane)}\n  }`).join('\n  ')}`,
    groups: (images) => [ceilDiv(four(images), 16), ceilDiv(count, 4)],
  };
}

/** Variants that multiply lists in the layout of contract.ts. */
export function csrVariants(s: DenseShape, _packed: Buffers, call: GpuCall): readonly GpuVariant[] {
  const lists = [...NAMES, ...(call.biased ? ['bias'] : [])];
  const single: GpuVariant = {
    label: 'row per thread',
    scratch: {},
    steps: [{ kernel: byRow(s, call), names: ['x', 'y', ...lists] }],
  };
  const rows = call.images * call.perImage;
  if (rows < 4) return [single];
  const turned: GpuVariant = {
    label: 'four rows per thread',
    scratch: { turned: ceilDiv(rows, 4) * 4 * s.in },
    steps: [
      { kernel: turn(s.in, call), names: ['x', 'turned'] },
      { kernel: byFour(s, call), names: ['turned', 'y', ...lists] },
    ],
  };
  return [single, turned];
}

/** Products with one bit per weight on the GPU: every thread sums the eight outputs of a group, without barriers. */
import type { DenseShape } from '../../dense/contract';
import { relu } from '../../webgpu/gradient';
import { type Binding, ceilDiv, elementwise, type Kernel } from '../../webgpu/kernel';
import { turn } from '../csr/wgsl';
import type { Buffers, GpuCall, GpuVariant } from '../types';
import { GROUP, INPUTS } from './contract';

const ARRAYS: readonly Binding[] = [
  ['masks', 'u32', 'read'],
  ['starts', 'u32', 'read'],
  ['values', 'f32', 'read'],
];
const NAMES = ARRAYS.map(([name]) => name);
const BIAS: Binding = ['bias', 'f32', 'read'];
const lanes = (of: (lane: number) => string): string =>
  Array.from({ length: GROUP }, (_, lane) => of(lane)).join('\n  ');

/** Code that sums over the inputs of group `g`; `input` reads input `k` of one row, or of several as a vector. */
function walk({ in: inn }: DenseShape, type: string, input: string): string {
  const words = ceilDiv(inn, INPUTS);
  const add = lanes((lane) => `    if ((bits & ${1 << lane}u) != 0u) { s${lane} += values[at] * xk; at++; }`);
  return `${lanes((lane) => `var s${lane} = ${type}();`)}
  var at = starts[g];
  for (var w = 0u; w < ${words}u; w++) {
    let word = masks[g * ${words}u + w];
    for (var b = 0u; b < ${INPUTS}u; b++) {
      let bits = (word >> (8u * b)) & 0xffu;
      if (bits == 0u) { continue; }
      let k = ${INPUTS}u * w + b;
      let xk = ${input};
  ${add}
    }
  }`;
}
/** Writes the sum of output `o` of row `row`. */
const put = ({ out }: DenseShape, call: GpuCall, o: string, row: string, value: string): string => {
  const sum = call.biased ? `${value} + bias[${o}]` : value;
  return `if (${o} < ${out}u) { y[(${row}) * ${out}u + ${o}] = ${call.relu ? `relu(${sum})` : sum}; }`;
};
const output = (lane: number): string => `${GROUP}u * g + ${lane}u`;

/** One row per thread: for few images. */
function byRow(s: DenseShape, call: GpuCall): Kernel {
  const groups = ceilDiv(s.out, GROUP);
  const capacity = call.images * call.perImage;
  return elementwise(
    `bitmap ${s.in}-${s.out} by row`,
    [['x', 'f32', 'read'], ['y', 'f32', 'read_write'], ...ARRAYS, ...(call.biased ? [BIAS] : [])],
    relu(),
    (images) => images * call.perImage * groups,
    `  if (i >= ${capacity * groups}u) { return; }
  let g = i % ${groups}u;
  let row = i / ${groups}u;
  ${walk(s, 'f32', `x[row * ${s.in}u + k]`)}
  ${lanes((lane) => put(s, call, output(lane), 'row', `s${lane}`))}`,
  );
}

/** Four rows per thread, read as one vector. */
function byFour(s: DenseShape, call: GpuCall): Kernel {
  const groups = ceilDiv(s.out, GROUP);
  const capacity = call.images * call.perImage;
  const wide = ceilDiv(capacity, 4);
  const rows = (lane: number) =>
    [0, 1, 2, 3]
      .map(
        (r) =>
          `if (4u * q + ${r}u < ${capacity}u) { ${put(s, call, output(lane), `4u * q + ${r}u`, `s${lane}[${r}]`)} }`,
      )
      .join('\n  ');
  return elementwise(
    `bitmap ${s.in}-${s.out} by four rows`,
    [['turned', 'vec4<f32>', 'read'], ['y', 'f32', 'read_write'], ...ARRAYS, ...(call.biased ? [BIAS] : [])],
    relu(),
    (images) => ceilDiv(images * call.perImage, 4) * groups,
    `  if (i >= ${wide * groups}u) { return; }
  let g = i % ${groups}u;
  let q = i / ${groups}u;
  ${walk(s, 'vec4<f32>', `turned[k * ${wide}u + q]`)}
  ${lanes(rows)}`,
  );
}

export function bitmapVariants(s: DenseShape, _packed: Buffers, call: GpuCall): readonly GpuVariant[] {
  const arrays = [...NAMES, ...(call.biased ? ['bias'] : [])];
  const single: GpuVariant = {
    label: 'row per thread',
    scratch: {},
    steps: [{ kernel: byRow(s, call), names: ['x', 'y', ...arrays] }],
  };
  const rows = call.images * call.perImage;
  if (rows < 4) return [single];
  const four: GpuVariant = {
    label: 'four rows per thread',
    scratch: { turned: ceilDiv(rows, 4) * 4 * s.in },
    steps: [
      { kernel: turn(s.in, call), names: ['x', 'turned'] },
      { kernel: byFour(s, call), names: ['turned', 'y', ...arrays] },
    ],
  };
  return [single, four];
}

/**
 * WGSL of products whose weights are unpacked on the way, the same skeleton for all packed forms: a thread has four
 * neighbouring outputs of a few rows. With few rows in all, a workgroup shares the inputs of four outputs of one row.
 */
import type { DenseShape } from '../dense/contract';
import { relu } from '../webgpu/gradient';
import { type Binding, ceilDiv, element, four, type Groups, type Kernel, vectors } from '../webgpu/kernel';
import type { GpuCall, GpuStep } from './types';

export interface Product {
  readonly label: string;
  readonly shape: DenseShape;
  readonly call: GpuCall;
  /** All but those of y and bias. */
  readonly bindings: readonly Binding[];
  readonly head?: string;
  readonly directives?: string;
  /** Type of the sums of four outputs. */
  readonly sums: 'vec4<f32>' | 'vec4<i32>';
  /** Steps along the inputs, and the statements that unpack what outputs 4 * `o4`.. have at step `k`. */
  readonly steps: number;
  readonly unpack: string;
  /** Statements before the first step. */
  readonly once?: string;
  /** Statements that add to `sum` what row `row` has at step `k`; all names but these two end in `suffix`. */
  add(sum: string, row: string, suffix: string): string;
  /** The four outputs before bias, vec4<f32>, from their sum. */
  finish(sum: string, row: string): string;
}

/** Up to that many rows a workgroup shares the inputs of a row. */
const FEW = 8;
/** Rows per thread, threads along outputs and rows, and threads that share a row. */
const ROWS = 4;
const WIDE = 8;
const TALL = 8;
const SHARED = 64;

export function productStep(p: Product): GpuStep {
  const bindings: Binding[] = [...p.bindings, ['y', 'f32', 'read_write']];
  if (p.call.biased) bindings.push(['bias', 'f32', 'read']);
  const few = p.call.images * p.call.perImage <= FEW;
  const kernel = { label: p.label, bindings, directives: p.directives, ...(few ? shared(p) : block(p)) };
  return { kernel, names: bindings.map(([name]) => name) };
}
const quadsOf = (p: Product): number => ceilDiv(p.shape.out, 4);
const rowsOf = ({ call }: Product, images: number): number => Math.min(images, call.images) * call.perImage;

/** Function `put(o4, row, values)`. */
function putOf({ shape, call }: Product): string {
  const value = call.biased ? 'values[j] + bias[o]' : 'values[j]';
  return `${call.relu ? relu() : ''}
fn put(o4: u32, row: u32, values: vec4<f32>) {
  for (var j = 0u; j < 4u; j++) {
    let o = o4 * 4u + j;
    if (o < ${shape.out}u) { y[row * ${shape.out}u + o] = ${call.relu ? `relu(${value})` : value}; }
  }
}`;
}

function block(p: Product): Pick<Kernel, 'head' | 'threads' | 'body' | 'groups'> {
  const most = p.call.images * p.call.perImage;
  const rows = Array.from({ length: ROWS }, (_, i) => i);
  return {
    head: `${p.head ?? ''}
${putOf(p)}`,
    threads: [WIDE, TALL],
    body: `  let o4 = id.x;
  let first = id.y * ${ROWS}u;
  if (o4 >= ${quadsOf(p)}u || first >= ${most}u) { return; }
  ${rows.map((i) => `let r${i} = min(first + ${i}u, ${most - 1}u); var s${i} = ${p.sums}();`).join('\n  ')}
  ${p.once ?? ''}
  for (var k = 0u; k < ${p.steps}u; k++) {
    ${p.unpack}
    ${rows.map((i) => p.add(`s${i}`, `r${i}`, `${i}`)).join('\n    ')}
  }
  ${rows.map((i) => `if (first + ${i}u < ${most}u) { put(o4, r${i}, ${p.finish(`s${i}`, `r${i}`)}); }`).join('\n  ')}`,
    groups: (images) => [ceilDiv(quadsOf(p), WIDE), ceilDiv(rowsOf(p, images), ROWS * TALL)],
  };
}

function shared(p: Product): Pick<Kernel, 'head' | 'threads' | 'body' | 'groups'> {
  return {
    head: `${p.head ?? ''}
${putOf(p)}
var<workgroup> parts: array<${p.sums}, ${SHARED}>;`,
    threads: [SHARED, 1],
    body: `  let o4 = group.x;
  let row = group.y;
  var sum = ${p.sums}();
  ${p.once ?? ''}
  for (var k = thread; k < ${p.steps}u; k += ${SHARED}u) {
    ${p.unpack}
    ${p.add('sum', 'row', '')}
  }
  parts[thread] = sum;
  for (var half = ${SHARED / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) { parts[thread] += parts[thread + half]; }
  }
  if (thread == 0u) {
    let total = parts[0];
    put(o4, row, ${p.finish('total', 'row')});
  }`,
    groups: (images) => [quadsOf(p), rowsOf(p, images)],
  };
}

/** Workgroups where each has a row, numbered along x first. */
export function rowGroups({ images: most, perImage }: GpuCall, images: number): Groups {
  const rows = Math.min(images, most) * perImage;
  // One axis holds 65535 groups at most.
  const tall = ceilDiv(rows, 32768);
  return [ceilDiv(rows, tall), tall];
}

/** Binding of x and the function `inputs(row, k)`: its four inputs from 4 * k, zeros behind the row. */
export function quadInputs({ in: inn }: DenseShape): { binding: Binding; head: string } {
  const vec = vectors(inn);
  const at = (q: number) => `select(0.0, x[i + ${q}u], 4u * k + ${q}u < ${inn}u)`;
  const value = vec ? four('x', vec, 'i') : `vec4<f32>(${[0, 1, 2, 3].map(at).join(', ')})`;
  return {
    binding: ['x', element(vec), 'read'],
    head: `fn inputs(row: u32, k: u32) -> vec4<f32> { let i = row * ${inn}u + 4u * k; return ${value}; }`,
  };
}

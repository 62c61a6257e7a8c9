/**
 * Batch normalisation in two dispatches each way: sums over ranges of rows, then their total (which every workgroup
 * adds up for itself) and the values. A thread serves one channel of every so many rows.
 */
import { type Into, intoBindings, putInto, relu, reluGradient } from '../webgpu/gradient';
import { type Binding, ceilDiv, elementwise, type Kernel } from '../webgpu/kernel';
import type { BatchNormShape } from './contract';

/** Where the four tensors of the layer begin in their arenas, in floats. */
export interface NormPlace {
  gamma: number;
  beta: number;
  mean: number;
  variance: number;
}
const THREADS = 128;
const MOST_RANGES = 48;
/** Rows that a thread of the second dispatch serves. */
const ROWS = 16;

/** How rows and channels are dealt out to workgroups. */
function grid(c: number, rows: number) {
  let wide = 1;
  while (wide < c && wide < 64) wide *= 2;
  const tall = THREADS / wide;
  const each = Math.max(8 * tall, ceilDiv(rows, MOST_RANGES));
  const block = Math.max(ROWS * tall, ceilDiv(rows, 32768));
  return { wide, tall, each, ranges: ceilDiv(rows, each), block, blocks: ceilDiv(rows, block) };
}
/** Floats of `stats`: mean and 1 / standard deviation [2, c], then sums [ranges, 2, c]. */
export const normStats = (c: number, rows: number): number => (1 + grid(c, rows).ranges) * 2 * c;

/** Two sums per channel and range, by threads that share a column: `start` once per thread, `row` for row r. */
function sums(
  label: string,
  c: number,
  rows: number,
  bindings: Binding[],
  start: string,
  row: string,
  put: string,
): Kernel {
  const { wide, tall, each, ranges } = grid(c, rows);
  return {
    label,
    bindings: [...bindings, ['stats', 'f32', 'read_write']],
    threads: [wide, tall],
    head: `var<workgroup> found: array<vec2<f32>, ${THREADS}>;`,
    body: `  let c = id.x;
  let first = group.y * ${each}u;
  let end = min(first + ${each}u, ${rows}u);
  var sum = vec2<f32>();
  ${start}
  if (c < ${c}u) {
    for (var r = first + local.y; r < end; r += ${tall}u) {
      ${row}
    }
  }
  found[thread] = sum;
  workgroupBarrier();
  for (var half = ${tall / 2}u; half > 0u; half /= 2u) {
    if (local.y < half) { found[thread] += found[thread + half * ${wide}u]; }
    workgroupBarrier();
  }
  if (local.y == 0u && c < ${c}u) {
    let total = found[thread];
    let count = f32(end - first);
    let to = (group.y + 1u) * ${2 * c}u + c;
    ${put}
  }`,
    groups: () => [ceilDiv(c, wide), ranges],
  };
}

/** Bindings x, stats: mean and sum of squared differences from it, of each range. */
export const normSums = (c: number, rows: number): Kernel =>
  sums(
    'batch norm sums',
    c,
    rows,
    [['x', 'f32', 'read']],
    // A value of the column taken off first: squares of large numbers would leave nothing of a small spread.
    `let some = x[first * ${c}u + min(c, ${c - 1}u)];
  let near = select(0.0, some, (bitcast<u32>(some) & 0x7f800000u) != 0x7f800000u);`,
    `let v = x[r * ${c}u + c] - near;
      sum += vec2<f32>(v, v * v);`,
    `let spread = total.y - total.x * total.x / count;
    stats[to] = near + total.x / count;
    stats[to + ${c}u] = select(spread, 0.0, spread < 0.0);`,
  );

/** The workgroup's block of rows, a thread at a time. */
const everyRow = (c: number, rows: number, work: string): string => {
  const { tall, block } = grid(c, rows);
  return `for (var r = group.y * ${block}u + local.y; r < min((group.y + 1u) * ${block}u, ${rows}u); r += ${tall}u) {
    let i = r * ${c}u + c;
    ${work}
  }`;
};

/** Bindings x, stats, parameters, y: from the sums; running statistics are brought up to date. */
export function normTrain(s: BatchNormShape, at: NormPlace, rows: number, rectified: boolean): Kernel {
  const { c } = s;
  const { wide, tall, each, ranges, blocks } = grid(c, rows);
  const value = 'scale * (x[i] - mean) + beta';
  return {
    label: 'batch norm',
    bindings: [
      ['x', 'f32', 'read'],
      ['stats', 'f32', 'read_write'],
      ['params', 'f32', 'read_write'],
      ['y', 'f32', 'read_write'],
    ],
    threads: [wide, tall],
    head: relu(),
    body: `  let c = id.x;
  if (c >= ${c}u) { return; }
  var mean = 0.0;
  for (var s = 0u; s < ${ranges}u; s++) {
    let count = f32(min(${rows}u - s * ${each}u, ${each}u));
    mean += stats[(s + 1u) * ${2 * c}u + c] * (count / ${rows}.0);
  }
  var squares = 0.0;
  for (var s = 0u; s < ${ranges}u; s++) {
    let count = f32(min(${rows}u - s * ${each}u, ${each}u));
    let off = stats[(s + 1u) * ${2 * c}u + c] - mean;
    squares += stats[(s + 1u) * ${2 * c}u + ${c}u + c] + count * off * off;
  }
  let rstd = 1.0 / sqrt(squares / ${rows}.0 + ${float(s.epsilon)});
  if (group.y == 0u && local.y == 0u) {
    stats[c] = mean;
    stats[${c}u + c] = rstd;
    let m = ${at.mean}u + c;
    let v = ${at.variance}u + c;
    params[m] = ${float(1 - s.momentum)} * params[m] + ${float(s.momentum)} * mean;
    params[v] = ${float(1 - s.momentum)} * params[v] + ${float(s.momentum)} * (squares / ${rows - 1}.0);
  }
  let scale = params[${at.gamma}u + c] * rstd;
  let beta = params[${at.beta}u + c];
  ${everyRow(c, rows, `y[i] = ${rectified ? `relu(${value})` : value};`)}`,
    groups: () => [ceilDiv(c, wide), blocks],
  };
}

/** Bindings x, parameters, y: with the running statistics, for at most `capacity` images of `positions` rows. */
export function normEval(
  { c, epsilon }: BatchNormShape,
  at: NormPlace,
  positions: number,
  capacity: number,
  rectified: boolean,
): Kernel {
  const size = positions * c;
  const value = `params[${at.gamma}u + c] * rstd * (x[i] - params[${at.mean}u + c]) + params[${at.beta}u + c]`;
  return elementwise(
    'batch norm, running statistics',
    [
      ['x', 'f32', 'read'],
      ['params', 'f32', 'read'],
      ['y', 'f32', 'read_write'],
    ],
    relu(),
    (images) => images * size,
    `  if (i >= ${capacity * size}u) { return; }
  let c = i % ${c}u;
  let rstd = 1.0 / sqrt(params[${at.variance}u + c] + ${float(epsilon)});
  y[i] = ${rectified ? `relu(${value})` : value};`,
  );
}

/** Bindings x, dy, stats: sums of dy and of dy * normalised x, of each range. */
export const normBackwardSums = (c: number, rows: number): Kernel =>
  sums(
    'batch norm backward sums',
    c,
    rows,
    [
      ['x', 'f32', 'read'],
      ['dy', 'f32', 'read'],
    ],
    `let near = min(c, ${c - 1}u);
  let mean = stats[near];
  let rstd = stats[${c}u + near];`,
    `let g = dy[r * ${c}u + c];
      sum += vec2<f32>(g, g * ((x[r * ${c}u + c] - mean) * rstd));`,
    `stats[to] = total.x;
    stats[to + ${c}u] = total.y;`,
  );

/**
 * Bindings x, dy, stats, parameters, gradients and, unless `into` is null (nothing before needs a
 * gradient), dx, then as of `Into`.
 */
export function normBackward(c: number, at: NormPlace, rows: number, into: Into | null): Kernel {
  const { wide, tall, ranges, blocks } = grid(c, rows);
  const input = `let normal = (x[i] - mean) * rstd;
    let value = scale * (dy[i] - sum / ${rows}.0 - normal * (product / ${rows}.0));
    ${into ? putInto(into, 'i', 'value') : ''}`;
  return {
    label: 'batch norm backward',
    bindings: [
      ['x', 'f32', 'read'],
      ['dy', 'f32', 'read'],
      ['stats', 'f32', 'read'],
      ['params', 'f32', 'read'],
      ['grads', 'f32', 'read_write'],
      ...(into ? ([['dx', 'f32', 'read_write'], ...intoBindings(into)] as const) : []),
    ],
    threads: [wide, tall],
    head: reluGradient(),
    body: `  let c = id.x;
  if (c >= ${c}u) { return; }
  var sum = 0.0;
  var product = 0.0;
  for (var s = 0u; s < ${ranges}u; s++) {
    sum += stats[(s + 1u) * ${2 * c}u + c];
    product += stats[(s + 1u) * ${2 * c}u + ${c}u + c];
  }
  if (group.y == 0u && local.y == 0u) {
    grads[${at.gamma}u + c] = product;
    grads[${at.beta}u + c] = sum;
  }
  ${
    into
      ? `let mean = stats[c];
  let rstd = stats[${c}u + c];
  let scale = params[${at.gamma}u + c] * rstd;
  ${everyRow(c, rows, input)}`
      : ''
  }`,
    groups: () => [ceilDiv(c, wide), into ? blocks : 1],
  };
}
const float = (v: number): string => (Number.isInteger(v) ? `${v}.0` : `${v}`);

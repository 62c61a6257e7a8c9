/**
 * WGSL kernels of forms whose weights lie in vectors of four outputs: a thread sums up some rows of one vector of
 * outputs, or a part of that, and no thread waits for another. Which of them is fastest depends on how many rows there
 * are and on the device.
 */
import type { DenseShape } from '../dense/contract';
import { relu } from '../webgpu/gradient';
import { type Binding, ceilDiv, element, elementwise, type Kernel, vectors } from '../webgpu/kernel';
import type { GpuCall, GpuStep, GpuVariant } from './types';

/** How a form walks through its weights. */
export interface VectorWalk {
  readonly label: string;
  /** Buffers of the packed kernel. */
  readonly packed: readonly Binding[];
  /** From `p`, the number of a thread's vector, to `g`, that of its outputs, and the range `first`..`last` of steps. */
  readonly setup: string;
  /** At step `b`: `w`, four weights, and the inputs that `inputs` names. */
  readonly step: string;
  /** Names of the inputs of the four outputs; one name where they share it. */
  readonly inputs: readonly string[];
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const lanes = ['x', 'y', 'z', 'w'] as const;
const rowsOf = ({ images, perImage }: GpuCall): number => images * perImage;
/** Parts of a vector's steps where there are few rows. */
const SPLITS = 8;
const FEW_ROWS = 16;

/** All ways that make sense for so many rows. */
export function vectorVariants(walk: VectorWalk, s: DenseShape, call: GpuCall): GpuVariant[] {
  const rows = rowsOf(call);
  const plain = (each: number): GpuVariant => ({
    label: `${each} rows`,
    scratch: {},
    steps: [rowsStep(walk, s, call, each)],
  });
  const turned = (fours: number): GpuVariant => ({
    label: `${4 * fours} rows, turned`,
    scratch: { turned: s.in * quadsOf(rows) * 4 },
    steps: [turn(s, call), turnedStep(walk, s, call, fours)],
  });
  if (rows === 1) return [plain(1), splitVariant(walk, s, call)];
  const few = rows <= FEW_ROWS ? [splitVariant(walk, s, call)] : [];
  return [plain(1), plain(4), turned(1), ...(rows > 4 ? [turned(2)] : []), ...few];
}

const quadsOf = (rows: number): number => ceilDiv(rows, 4);
const vectorsOf = (s: DenseShape): number => ceilDiv(s.out, 4);
const named = (bindings: readonly Binding[]): string[] => bindings.map(([name]) => name);

function ends(s: DenseShape, { biased }: GpuCall): Binding[] {
  const type = element(vectors(s.out));
  return [['y', type, 'read_write'], ...(biased ? ([['bias', type, 'read']] as const) : [])];
}
/** `put(row, g, value)`: bias, relu, and only outputs that there are. */
function put(s: DenseShape, { biased, relu: clipped }: GpuCall): string {
  const finish = (value: string) => (clipped ? `relu(${value})` : value);
  const body = vectors(s.out)
    ? `y[row * ${s.out / 4}u + g] = ${finish(biased ? 'value + bias[g]' : 'value')};`
    : `for (var i = 0u; i < min(4u, ${s.out}u - 4u * g); i++) {
    y[row * ${s.out}u + 4u * g + i] = ${finish(biased ? 'value[i] + bias[4u * g + i]' : 'value[i]')};
  }`;
  return `${relu(element(vectors(s.out)))}
fn put(row: u32, g: u32, value: vec4<f32>) { ${body} }`;
}
/** What a row from offset `at` of x adds to four outputs. */
const term = ({ inputs }: VectorWalk, at: string): string =>
  inputs.length === 1
    ? `x[${at} + ${inputs[0]}] * w`
    : `vec4<f32>(${inputs.map((k) => `x[${at} + ${k}]`).join(', ')}) * w`;

/** Workgroups where `along` threads of x walk through vectors, those of y through units of `each` rows. */
const grid =
  (s: DenseShape, { perImage }: GpuCall, each: number, along: number, across: number) =>
  (images: number) =>
    [ceilDiv(vectorsOf(s), along), ceilDiv(ceilDiv(images * perImage, each), across)] as const;

/** x as it lies, `each` rows at a time. */
function rowsStep(walk: VectorWalk, s: DenseShape, call: GpuCall, each: number): GpuStep {
  const rows = rowsOf(call);
  const bindings: Binding[] = [['x', 'f32', 'read'], ...walk.packed, ...ends(s, call)];
  const kernel: Kernel = {
    label: `${walk.label} ${s.in}-${s.out} ${each} rows`,
    bindings,
    head: put(s, call),
    threads: rows === 1 ? [64, 1] : [8, 8],
    groups: rows === 1 ? grid(s, call, each, 64, 1) : grid(s, call, each, 8, 8),
    body: `  let p = id.x;
  let row = id.y * ${each}u;
  if (p >= ${vectorsOf(s)}u || row >= ${rows}u) { return; }
  ${walk.setup}
  ${range(each)
    .map((i) => `let r${i} = min(row + ${i}u, ${rows - 1}u) * ${s.in}u; var c${i} = vec4<f32>();`)
    .join('\n  ')}
  for (var b = first; b < last; b++) {
    ${walk.step}
    ${range(each)
      .map((i) => `c${i} += ${term(walk, `r${i}`)};`)
      .join('\n    ')}
  }
  ${range(each)
    .map((i) => `if (row + ${i}u < ${rows}u) { put(row + ${i}u, g, c${i}); }`)
    .join('\n  ')}`,
  };
  return { kernel, names: named(bindings) };
}

/** turned [in][rows / 4][4]: four rows side by side; rows that are not there are 0. */
function turn(s: DenseShape, call: GpuCall): GpuStep {
  const rows = rowsOf(call);
  const kernel = elementwise(
    `turn ${rows} rows of ${s.in}`,
    [
      ['x', 'f32', 'read'],
      ['turned', 'vec4<f32>', 'read_write'],
    ],
    '',
    (images) => s.in * quadsOf(images * call.perImage),
    `  let q = i / ${s.in}u;
  let k = i % ${s.in}u;
  if (q >= ${quadsOf(rows)}u) { return; }
  var four = vec4<f32>();
  for (var r = 0u; r < min(4u, ${rows}u - 4u * q); r++) { four[r] = x[(4u * q + r) * ${s.in}u + k]; }
  turned[k * ${quadsOf(rows)}u + q] = four;`,
  );
  return { kernel, names: ['x', 'turned'] };
}

/** Neighbouring threads take neighbouring rows of the same vector: they read the same weights, and x in one piece. */
function turnedStep(walk: VectorWalk, s: DenseShape, call: GpuCall, fours: number): GpuStep {
  const rows = rowsOf(call);
  const quads = quadsOf(rows);
  const bindings: Binding[] = [['turned', 'vec4<f32>', 'read'], ...walk.packed, ...ends(s, call)];
  const [across, along] = quads / fours >= 16 ? [16, 4] : [4, 16];
  const cells = range(fours).flatMap((j) => range(4).map((lane) => [j, lane] as const));
  const input = (lane: number) => walk.inputs[walk.inputs.length === 1 ? 0 : lane];
  const reads = range(fours).flatMap((j) =>
    walk.inputs.map((k) => `let x${j}${k} = turned[${k} * ${quads}u + q${j}];`),
  );
  const kernel: Kernel = {
    label: `${walk.label} ${s.in}-${s.out} ${4 * fours} rows, turned`,
    bindings,
    head: put(s, call),
    threads: [across, along],
    groups: (images) => [
      ceilDiv(quadsOf(images * call.perImage), fours * across),
      ceilDiv(vectorsOf(s), along),
    ],
    body: `  let p = id.y;
  let q = id.x * ${fours}u;
  if (p >= ${vectorsOf(s)}u || q >= ${quads}u) { return; }
  ${walk.setup}
  ${range(fours)
    .map((j) => `let q${j} = min(q + ${j}u, ${quads - 1}u);`)
    .join('\n  ')}
  ${cells.map(([j, lane]) => `var c${j}${lane} = vec4<f32>();`).join(' ')}
  for (var b = first; b < last; b++) {
    ${walk.step}
    ${reads.join('\n    ')}
    ${cells.map(([j, lane]) => `c${j}${lane} += w.${lanes[lane]} * x${j}${input(lane)};`).join('\n    ')}
  }
  ${range(fours)
    .map(
      (j) => `for (var r = 0u; r < 4u; r++) {
    let row = 4u * (q + ${j}u) + r;
    if (row < ${rows}u) { put(row, g, vec4<f32>(${range(4)
      .map((lane) => `c${j}${lane}[r]`)
      .join(', ')})); }
  }`,
    )
    .join('\n  ')}`,
  };
  return { kernel, names: named(bindings) };
}

/** Few rows do not keep a GPU busy: the steps of a vector are shared out, and their sums are added up after that. */
function splitVariant(walk: VectorWalk, s: DenseShape, call: GpuCall): GpuVariant {
  const rows = rowsOf(call);
  const cells = rows * vectorsOf(s);
  const bindings: Binding[] = [['x', 'f32', 'read'], ...walk.packed, ['partial', 'vec4<f32>', 'read_write']];
  const parts: Kernel = {
    label: `${walk.label} ${s.in}-${s.out} in parts`,
    bindings,
    head: '',
    threads: [64, 1],
    depth: SPLITS,
    groups: grid(s, call, 1, 64, 1),
    body: `  let p = id.x;
  let row = id.y;
  if (p >= ${vectorsOf(s)}u || row >= ${rows}u) { return; }
  ${walk.setup}
  let span = (last - first + ${SPLITS - 1}u) / ${SPLITS}u;
  let begin = first + split * span;
  let end = min(begin + span, last);
  let r0 = row * ${s.in}u;
  var sum = vec4<f32>();
  for (var b = begin; b < end; b++) {
    ${walk.step}
    sum += ${term(walk, 'r0')};
  }
  partial[split * ${cells}u + row * ${vectorsOf(s)}u + g] = sum;`,
  };
  const last = ends(s, call);
  const whole = elementwise(
    `${walk.label} ${s.in}-${s.out}, sum of parts`,
    [['partial', 'vec4<f32>', 'read'], ...last],
    put(s, call),
    (images) => images * call.perImage * vectorsOf(s),
    `  if (i >= ${cells}u) { return; }
  var sum = partial[i];
  for (var part = 1u; part < ${SPLITS}u; part++) { sum += partial[part * ${cells}u + i]; }
  put(i / ${vectorsOf(s)}u, i % ${vectorsOf(s)}u, sum);`,
  );
  return {
    label: 'in parts',
    scratch: { partial: SPLITS * cells * 4 },
    steps: [
      { kernel: parts, names: named(bindings) },
      { kernel: whole, names: ['partial', ...named(last)] },
    ],
  };
}

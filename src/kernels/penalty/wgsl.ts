/** Penalties on one kernel inside an arena of parameters, at float `offset` (a multiple of 4). Contract: contract.ts. */
import { type Binding, elementwise, type Kernel } from '../webgpu/kernel';

/** Compared by bits: compilers may take NaN for impossible. */
const head = `fn isNan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }`;
const number = (x: number) => `bitcast<f32>(${new Uint32Array(Float32Array.of(x).buffer)[0]}u)`;

/** Bindings g, w. */
export const l1Gradient = (offset: number, n: number, strength: number): Kernel =>
  elementwise(
    'l1 gradient',
    [
      ['g', 'f32', 'read_write'],
      ['w', 'f32', 'read'],
    ],
    head,
    () => n,
    `  if (i >= ${n}u) { return; }
  let at = ${offset}u + i;
  let x = w[at];
  g[at] = g[at] + select(${number(strength)} * sign(x), x, isNan(x));`,
  );

const weights: readonly Binding[] = [['w', 'f32', 'read_write']];

/** Binding w. */
export const softThreshold = (offset: number, n: number, t: number): Kernel =>
  elementwise(
    'soft threshold',
    weights,
    head,
    () => n,
    `  if (i >= ${n}u) { return; }
  let at = ${offset}u + i;
  let x = w[at];
  let size = abs(x);
  let least = ${number(t)};
  w[at] = select(select(x - sign(x) * least, 0.0, size <= least), x, isNan(x));`,
  );

/** Binding w: a thread per column. */
export const shrinkColumns = (offset: number, rows: number, cols: number, t: number): Kernel =>
  elementwise(
    'shrink columns',
    weights,
    head,
    () => cols,
    `  if (i >= ${cols}u) { return; }
  let first = ${offset}u + i;
  var squares = 0.0;
  for (var r = 0u; r < ${rows}u; r++) { let x = w[first + r * ${cols}u]; squares += x * x; }
  let norm = sqrt(squares);
  let reach = ${number(t * Math.sqrt(rows))};
  let gone = norm <= reach && !isNan(squares);
  for (var r = 0u; r < ${rows}u; r++) {
    let at = first + r * ${cols}u;
    w[at] = select(w[at] * (1.0 - reach / norm), 0.0, gone);
  }`,
  );

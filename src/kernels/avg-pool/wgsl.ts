/** Average pooling and the mean over the image; every thread asks for what it needs. */
import type { PoolShape } from '../max-pool/contract';
import { windowsOver } from '../max-pool/wgsl';
import { type Into, intoBindings, putInto, reluGradient } from '../webgpu/gradient';
import { elementwise, type Kernel } from '../webgpu/kernel';
import type { GlobalPoolShape } from './contract';

/** Bindings x, y. */
export function avgPoolForward(s: PoolShape, capacity: number): Kernel {
  const out = s.oh * s.ow * s.c;
  return elementwise(
    `average pool forward ${s.size}/${s.stride}`,
    [
      ['x', 'f32', 'read'],
      ['y', 'f32', 'read_write'],
    ],
    '',
    (images) => images * out,
    `  if (i >= ${capacity * out}u) { return; }
  let c = i % ${s.c}u;
  let ox = i / ${s.c}u % ${s.ow}u;
  let oy = i / ${s.c * s.ow}u % ${s.oh}u;
  let first = ((i / ${out}u * ${s.h}u + oy * ${s.stride}u) * ${s.w}u + ox * ${s.stride}u) * ${s.c}u + c;
  var sum = 0.0;
  for (var r = 0u; r < ${s.size}u; r++) {
    for (var q = 0u; q < ${s.size}u; q++) { sum += x[first + (r * ${s.w}u + q) * ${s.c}u]; }
  }
  y[i] = sum / ${s.size ** 2}.0;`,
  );
}

/** Bindings dy, dx, then as of `Into`. */
export function avgPoolBackward(s: PoolShape, batch: number, into: Into): Kernel {
  return elementwise(
    `average pool backward ${s.size}/${s.stride}`,
    [['dy', 'f32', 'read'], ['dx', 'f32', 'read_write'], ...intoBindings(into)],
    reluGradient(),
    () => batch * s.h * s.w * s.c,
    `  if (i >= ${batch * s.h * s.w * s.c}u) { return; }
  var sum = 0.0;
  ${windowsOver(s, `if (r < ${s.size}u && q < ${s.size}u) { sum += dy[at]; }`)}
  let value = sum / ${s.size ** 2}.0;
  ${putInto(into, 'i', 'value')}`,
  );
}

/** Bindings x, y. */
export function globalPoolForward({ h, w, c }: GlobalPoolShape, capacity: number): Kernel {
  return elementwise(
    'global pool forward',
    [
      ['x', 'f32', 'read'],
      ['y', 'f32', 'read_write'],
    ],
    '',
    (images) => images * c,
    `  if (i >= ${capacity * c}u) { return; }
  let first = i / ${c}u * ${h * w * c}u + i % ${c}u;
  var sum = 0.0;
  for (var p = 0u; p < ${h * w}u; p++) { sum += x[first + p * ${c}u]; }
  y[i] = sum / ${h * w}.0;`,
  );
}

/** Bindings dy, dx, then as of `Into`. */
export function globalPoolBackward({ h, w, c }: GlobalPoolShape, batch: number, into: Into): Kernel {
  const image = h * w * c;
  return elementwise(
    'global pool backward',
    [['dy', 'f32', 'read'], ['dx', 'f32', 'read_write'], ...intoBindings(into)],
    reluGradient(),
    () => batch * image,
    `  if (i >= ${batch * image}u) { return; }
  let value = dy[i / ${image}u * ${c}u + i % ${c}u] / ${h * w}.0;
  ${putInto(into, 'i', 'value')}`,
  );
}

/** Max pooling. Taps as in the contract: which element of its window an output came from. */

import { type Into, intoBindings, putInto, reluGradient } from '../webgpu/gradient';
import { elementwise, type Kernel } from '../webgpu/kernel';
import type { PoolShape } from './contract';

/** True for NaN by its bits, which compilers that assume there is none cannot optimize away. */
export const IS_NAN = 'fn isNan(v: f32) -> bool { return (bitcast<u32>(v) & 0x7fffffffu) > 0x7f800000u; }';

/** Bindings x, y, taps. */
export function poolForward(s: PoolShape, capacity: number): Kernel {
  const out = s.oh * s.ow * s.c;
  return elementwise(
    `pool forward ${s.size}/${s.stride}`,
    [
      ['x', 'f32', 'read'],
      ['y', 'f32', 'read_write'],
      ['taps', 'u32', 'read_write'],
    ],
    IS_NAN,
    (images) => images * out,
    `  if (i >= ${capacity * out}u) { return; }
  let c = i % ${s.c}u;
  let ox = i / ${s.c}u % ${s.ow}u;
  let oy = i / ${s.c * s.ow}u % ${s.oh}u;
  let first = ((i / ${out}u * ${s.h}u + oy * ${s.stride}u) * ${s.w}u + ox * ${s.stride}u) * ${s.c}u + c;
  var best = x[first];
  var tap = 0u;
  for (var t = 1u; t < ${s.size * s.size}u; t++) {
    let v = x[first + ((t / ${s.size}u) * ${s.w}u + t % ${s.size}u) * ${s.c}u];
    if (v > best || isNan(v)) { best = v; tap = t; }
  }
  y[i] = best;
  taps[i] = tap;`,
  );
}

/**
 * Code that finds the windows that input element `i` lies in: `each` sees output `at`, and row `r` and column `q` of
 * the element in its window, which are too large where it is not in it after all.
 */
export function windowsOver(s: PoolShape, each: string): string {
  // Windows that hold row y begin at or before it and less than `size` before it.
  const firstWindow = (v: string) => `u32(max(0, (i32(${v}) - ${s.size - s.stride}) / ${s.stride}))`;
  return `let c = i % ${s.c}u;
  let x = i / ${s.c}u % ${s.w}u;
  let y = i / ${s.c * s.w}u % ${s.h}u;
  let base = i / ${s.h * s.w * s.c}u * ${s.oh}u;
  for (var oy = ${firstWindow('y')}; oy <= min(y / ${s.stride}u, ${s.oh - 1}u); oy++) {
    for (var ox = ${firstWindow('x')}; ox <= min(x / ${s.stride}u, ${s.ow - 1}u); ox++) {
      let r = y - oy * ${s.stride}u;
      let q = x - ox * ${s.stride}u;
      let at = ((base + oy) * ${s.ow}u + ox) * ${s.c}u + c;
      ${each}
    }
  }`;
}

/** Bindings dy, taps, dx, then as of `Into`. Every input element asks the windows it lies in. */
export function poolBackward(s: PoolShape, batch: number, into: Into): Kernel {
  const image = s.h * s.w * s.c;
  const mine = `if (r < ${s.size}u && q < ${s.size}u && taps[at] == r * ${s.size}u + q) { sum += dy[at]; }`;
  return elementwise(
    `pool backward ${s.size}/${s.stride}`,
    [['dy', 'f32', 'read'], ['taps', 'u32', 'read'], ['dx', 'f32', 'read_write'], ...intoBindings(into)],
    reluGradient(),
    () => batch * image,
    `  if (i >= ${batch * image}u) { return; }
  var sum = 0.0;
  ${windowsOver(s, mine)}
  ${putInto(into, 'i', 'sum')}`,
  );
}

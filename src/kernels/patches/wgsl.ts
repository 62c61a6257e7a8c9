/** The matrix of patches on the GPU. */
import type { ConvShape } from '../conv/contract';
import { elementwise, type Kernel, vectors } from '../webgpu/kernel';

/** Bindings x, y: all rows of the patches of at most `capacity` images, four channels at a time where they allow it. */
export function patches(s: ConvShape, capacity: number): Kernel {
  const vec = vectors(s.c);
  const type = vec ? 'vec4<f32>' : 'f32';
  const c = vec ? s.c / 4 : s.c;
  const image = s.oh * s.ow * s.k * s.k * c;
  return elementwise(
    `patches ${s.k}/${s.stride}`,
    [
      ['x', type, 'read'],
      ['y', type, 'read_write'],
    ],
    '',
    (images) => images * image,
    `  if (i >= ${capacity * image}u) { return; }
  let c = i % ${c}u;
  let q = i / ${c}u % ${s.k}u;
  let r = i / ${c * s.k}u % ${s.k}u;
  let ox = i / ${c * s.k * s.k}u % ${s.ow}u;
  let oy = i / ${c * s.k * s.k * s.ow}u % ${s.oh}u;
  // Below 0 it wraps around to more than any size.
  let ix = ox * ${s.stride}u + q - ${s.pad}u;
  let iy = oy * ${s.stride}u + r - ${s.pad}u;
  if (ix < ${s.w}u && iy < ${s.h}u) {
    y[i] = x[((i / ${image}u * ${s.h}u + iy) * ${s.w}u + ix) * ${c}u + c];
  } else {
    y[i] = ${type}();
  }`,
  );
}

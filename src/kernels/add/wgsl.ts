/** Residual sums. Their gradient needs no kernel: whoever writes next adds it (webgpu/gradient.ts). */
import { relu } from '../webgpu/gradient';
import { elementwise, type Kernel } from '../webgpu/kernel';

/** Bindings a, b, y: `size` floats per image. */
export const addForward = (size: number, capacity: number, rectified: boolean): Kernel =>
  elementwise(
    'add',
    [
      ['a', 'f32', 'read'],
      ['b', 'f32', 'read'],
      ['y', 'f32', 'read_write'],
    ],
    relu(),
    (images) => images * size,
    `  if (i >= ${capacity * size}u) { return; }
  y[i] = ${rectified ? 'relu(a[i] + b[i])' : 'a[i] + b[i]'};`,
  );

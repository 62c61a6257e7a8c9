/** From the data set's bytes on the device to a batch of floats. */
import { bind, elementwise, type Kernel } from '../webgpu/kernel';

/** Words of `state`: the number of the step, then what an evaluation is about. */
export const STATE = { step: 0, from: 1, end: 2 } as const;
export const STATE_WORDS = 4;

const byte = (name: string, at: string) => `(${name}[(${at}) / 4u] >> (8u * ((${at}) % 4u))) & 0xffu`;

/** Scale and shift of the pixels. */
const norm = 'struct Norm { scale: f32, shift: f32 }';

/**
 * Bindings pixels, labels, state, schedule, norm, x, picked labels. Schedule holds `ring` steps of `stride`
 * words, the first `batch` of each the images of that step.
 */
export function gatherTraining(size: number, batch: number, ring: number, stride: number): Kernel {
  return elementwise(
    'gather a batch',
    7,
    `${norm}
${bind(
  ['pixels', 'u32', 'read'],
  ['labels', 'u32', 'read'],
  ['state', 'u32', 'read'],
  ['schedule', 'u32', 'read'],
  ['norm', 'Norm', 'uniform'],
  ['x', 'f32', 'read_write'],
  ['picked', 'u32', 'read_write'],
)}`,
    () => batch * size,
    `  if (i >= ${batch * size}u) { return; }
  let row = i / ${size}u;
  let image = schedule[state[${STATE.step}] % ${ring}u * ${stride}u + row];
  x[i] = f32(${byte('pixels', `image * ${size}u + i % ${size}u`)}) * norm.scale + norm.shift;
  if (i % ${size}u == 0u) { picked[row] = ${byte('labels', 'image')}; }`,
  );
}

/** Bindings pixels, labels, state, norm, x, picked labels: images from..end of an evaluation's current part. */
export function gatherRange(size: number, capacity: number): Kernel {
  return elementwise(
    'gather a range',
    6,
    `${norm}
${bind(
  ['pixels', 'u32', 'read'],
  ['labels', 'u32', 'read'],
  ['state', 'u32', 'read'],
  ['norm', 'Norm', 'uniform'],
  ['x', 'f32', 'read_write'],
  ['picked', 'u32', 'read_write'],
)}`,
    (images) => images * size,
    `  let row = i / ${size}u;
  let image = state[${STATE.from}] + state[${STATE.step}] * ${capacity}u + row;
  if (row >= ${capacity}u || image >= state[${STATE.end}]) { return; }
  x[i] = f32(${byte('pixels', `image * ${size}u + i % ${size}u`)}) * norm.scale + norm.shift;
  if (i % ${size}u == 0u) { picked[row] = ${byte('labels', 'image')}; }`,
  );
}

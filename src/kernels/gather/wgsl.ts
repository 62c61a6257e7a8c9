/** From the data set's bytes on the device to a batch of floats. */
import { type Binding, elementwise, type Kernel } from '../webgpu/kernel';
import type { ImageShape } from './contract';

/** Words of `state`: the number of the step, then what an evaluation is about. */
export const STATE = { step: 0, from: 1, end: 2 } as const;
export const STATE_WORDS = 4;

/** A part of a data set that fits into one buffer: images [first, first + count). */
export interface Page {
  first: number;
  count: number;
}
/**
 * What a training is going to do, on the device: `ring` steps, each with the numbers of its images, the moves of its
 * images where there are any (MOVE_BYTES each), and the bias corrections of Adam.
 */
export interface ScheduleShape {
  batch: number;
  ring: number;
  moves: boolean;
}
/** Words of one step. */
export const scheduleStride = ({ batch, moves }: ScheduleShape): number => batch * (moves ? 2 : 1) + 2;
/** Where in the schedule step `step` begins. */
export const scheduleAt = (s: ScheduleShape, step: string): string =>
  `${step} % ${s.ring}u * ${scheduleStride(s)}u`;

const byte = (name: string, at: string) => `(${name}[(${at}) / 4u] >> (8u * ((${at}) % 4u))) & 0xffu`;

/** Scale and shift of the pixels. */
const norm = 'struct Norm { scale: f32, shift: f32 }';
const source: readonly Binding[] = [
  ['pixels', 'u32', 'read'],
  ['labels', 'u32', 'read'],
  ['state', 'u32', 'read'],
  ['norm', 'Norm', 'uniform'],
];
const target: readonly Binding[] = [
  ['x', 'f32', 'read_write'],
  ['picked', 'u32', 'read_write'],
];
/** Another page holds the image. */
const elsewhere = ({ first, count }: Page) =>
  first === 0
    ? `if (image >= ${count}u) { return; }`
    : `if (image < ${first}u || image >= ${first + count}u) { return; }`;

/**
 * Bindings pixels (of the page), labels (of all), state, norm, x, picked labels, schedule. Writes those images of
 * the step that are on the page.
 */
export function gatherTraining({ h, w, c }: ImageShape, s: ScheduleShape, page: Page): Kernel {
  const size = h * w * c;
  const plain = `x[i] = f32(${byte('pixels', 'start + i % SIZEu')}) * norm.scale + norm.shift;`;
  const moved = `let shift = bitcast<i32>(schedule[begin + ${s.batch}u + row]);
  let column = i32(i / ${c}u % ${w}u);
  let r = i32(i % SIZEu / ${w * c}u) + extractBits(shift, 8u, 8u);
  let q = select(column, ${w - 1} - column, (shift & 0xff) != 0) + extractBits(shift, 16u, 8u);
  var value = 0u;
  if (r >= 0 && r < ${h} && q >= 0 && q < ${w}) {
    let pixel = start + (u32(r) * ${w}u + u32(q)) * ${c}u + i % ${c}u;
    value = ${byte('pixels', 'pixel')};
  }
  x[i] = f32(value) * norm.scale + norm.shift;`;
  return elementwise(
    s.moves ? 'gather and augment a batch' : 'gather a batch',
    [...source, ...target, ['schedule', 'u32', 'read']],
    norm,
    () => s.batch * size,
    `  if (i >= ${s.batch * size}u) { return; }
  let row = i / SIZEu;
  let begin = ${scheduleAt(s, `state[${STATE.step}]`)};
  let image = schedule[begin + row];
  ${elsewhere(page)}
  let start = (image - ${page.first}u) * SIZEu;
  ${s.moves ? moved : plain}
  if (i % SIZEu == 0u) { picked[row] = ${byte('labels', 'image')}; }`.replaceAll('SIZE', `${size}`),
  );
}

/**
 * Bindings pixels (of the page), labels (of all), state, norm, x, picked labels: images from..end of an evaluation's
 * current part, as far as they are on the page.
 */
export function gatherRange(size: number, capacity: number, page: Page): Kernel {
  return elementwise(
    'gather a range',
    [...source, ...target],
    norm,
    (images) => images * size,
    `  let row = i / ${size}u;
  let image = state[${STATE.from}] + state[${STATE.step}] * ${capacity}u + row;
  if (row >= ${capacity}u || image >= state[${STATE.end}]) { return; }
  ${elsewhere(page)}
  x[i] = f32(${byte('pixels', `(image - ${page.first}u) * ${size}u + i % ${size}u`)}) * norm.scale + norm.shift;
  if (i % ${size}u == 0u) { picked[row] = ${byte('labels', 'image')}; }`,
  );
}

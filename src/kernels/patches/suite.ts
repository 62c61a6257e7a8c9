/** Cases of patches/contract.ts. */
import type { ConvShape } from '../conv/contract';
import { noise } from '../testing/bench';
import { given, made, type OpCase, planted } from '../testing/suite';

export type PatchesCase = OpCase<'patches', ConvShape & { batch: number; from: number; rows: number }>;

const SHAPES: ConvShape[] = [
  { h: 1, w: 1, c: 1, oh: 1, ow: 1, n: 1, k: 1, stride: 1, pad: 0 },
  // Nothing but zeros around one pixel, and lines of a kernel that lie wholly outside.
  { h: 1, w: 1, c: 3, oh: 3, ow: 3, n: 1, k: 5, stride: 1, pad: 3 },
  { h: 7, w: 7, c: 1, oh: 5, ow: 5, n: 1, k: 3, stride: 1, pad: 0 },
  { h: 8, w: 8, c: 1, oh: 8, ow: 8, n: 1, k: 5, stride: 1, pad: 2 },
  { h: 5, w: 9, c: 3, oh: 3, ow: 7, n: 1, k: 3, stride: 1, pad: 0 },
  { h: 9, w: 6, c: 4, oh: 5, ow: 3, n: 1, k: 3, stride: 2, pad: 1 },
  // As TensorFlow pads an even size: zeros at bottom and right only.
  { h: 8, w: 8, c: 2, oh: 4, ow: 4, n: 1, k: 3, stride: 2, pad: 0 },
  { h: 10, w: 10, c: 5, oh: 3, ow: 3, n: 1, k: 3, stride: 3, pad: 0 },
  { h: 8, w: 8, c: 16, oh: 4, ow: 4, n: 1, k: 1, stride: 2, pad: 0 },
  { h: 6, w: 6, c: 20, oh: 6, ow: 6, n: 1, k: 3, stride: 1, pad: 1 },
];
const name = (s: ConvShape) =>
  `${s.h}x${s.w}x${s.c} to ${s.oh}x${s.ow}, kernel ${s.k}, stride ${s.stride}, pad ${s.pad}`;

function make(s: ConvShape, batch: number, from: number, rows: number, x: Float32Array): PatchesCase {
  return {
    op: 'patches',
    label: `${batch} of ${name(s)}, ${rows} rows from ${from}${x.some(Number.isNaN) ? ', NaN' : ''}`,
    shape: { ...s, batch, from, rows },
    operands: { x: given(x), y: made(rows * s.k * s.k * s.c) },
    onMachine: (m, at) => void m.patches(s, at.x, at.y, from, rows),
    tolerance: 0,
  };
}
export const patchesSuite: PatchesCase[] = SHAPES.flatMap((s) => {
  const all = 3 * s.oh * s.ow;
  const x = noise(3 * s.h * s.w * s.c, 1);
  return [
    make(s, 3, 0, all, x),
    make(s, 3, 0, all, planted(x, x.length >> 1, x.length, Number.NaN)),
    // From the middle of an image to that of the next.
    make(s, 3, all >> 1, Math.ceil(all / 3), x),
    make(s, 3, all - 1, 1, x),
  ];
});

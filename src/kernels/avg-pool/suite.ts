/** Cases of avg-pool/contract.ts. */
import type { PoolShape } from '../max-pool/contract';
import { noise } from '../testing/bench';
import { given, made, type OpCase, planted, ROUNDING } from '../testing/suite';
import type { GlobalPoolShape } from './contract';

export type AvgPoolCase =
  | OpCase<'avgPoolForward' | 'avgPoolBackward', PoolShape & { batch: number }>
  | OpCase<'globalPoolForward' | 'globalPoolBackward', GlobalPoolShape & { batch: number }>;

const square = (h: number, c: number, size: number, stride: number): PoolShape => {
  const out = Math.floor((h - size) / stride) + 1;
  return { h, w: h, c, oh: out, ow: out, size, stride };
};
const POOLS: PoolShape[] = [
  square(1, 1, 1, 1),
  square(2, 4, 2, 2),
  { h: 6, w: 8, c: 7, oh: 3, ow: 4, size: 2, stride: 2 },
  // The last line and column belong to no window.
  square(7, 5, 2, 2),
  square(7, 3, 3, 2),
  square(8, 20, 3, 1),
  square(7, 6, 2, 3),
];
const GLOBALS: GlobalPoolShape[] = [
  { h: 1, w: 1, c: 1 },
  { h: 3, w: 5, c: 3 },
  { h: 4, w: 4, c: 16 },
  { h: 7, w: 6, c: 13 },
  { h: 8, w: 8, c: 64 },
];
const strange = (n: number) => planted(planted(noise(n, 5), 3, 11, Number.NaN), 2, 13, Infinity);

function forward(s: PoolShape, batch: number, x: (n: number) => Float32Array, what = ''): AvgPoolCase {
  return {
    op: 'avgPoolForward',
    label: `${batch} of ${s.h}x${s.w}x${s.c}, window ${s.size}, stride ${s.stride}${what}`,
    shape: { ...s, batch },
    operands: { x: given(x(batch * s.h * s.w * s.c)), y: made(batch * s.oh * s.ow * s.c) },
    onMachine: (m, at) => void m.avgPoolForward(s, at.x, at.y, batch),
    tolerance: ROUNDING,
  };
}
function backward(s: PoolShape, batch: number, dy: (n: number) => Float32Array, what = ''): AvgPoolCase {
  return {
    op: 'avgPoolBackward',
    label: `${batch} of ${s.h}x${s.w}x${s.c}, window ${s.size}, stride ${s.stride}${what}`,
    shape: { ...s, batch },
    operands: { dy: given(dy(batch * s.oh * s.ow * s.c)), dx: made(batch * s.h * s.w * s.c) },
    onMachine: (m, at) => void m.avgPoolBackward(s, at.dy, at.dx, batch),
    tolerance: ROUNDING,
  };
}
function globalForward(
  s: GlobalPoolShape,
  batch: number,
  x: (n: number) => Float32Array,
  what = '',
): AvgPoolCase {
  return {
    op: 'globalPoolForward',
    label: `${batch} of ${s.h}x${s.w}x${s.c}${what}`,
    shape: { ...s, batch },
    operands: { x: given(x(batch * s.h * s.w * s.c)), y: made(batch * s.c) },
    onMachine: (m, at) => void m.globalPoolForward(s, at.x, at.y, batch),
    tolerance: ROUNDING,
  };
}
function globalBackward(
  s: GlobalPoolShape,
  batch: number,
  dy: (n: number) => Float32Array,
  what = '',
): AvgPoolCase {
  return {
    op: 'globalPoolBackward',
    label: `${batch} of ${s.h}x${s.w}x${s.c}${what}`,
    shape: { ...s, batch },
    operands: { dy: given(dy(batch * s.c)), dx: made(batch * s.h * s.w * s.c) },
    onMachine: (m, at) => void m.globalPoolBackward(s, at.dy, at.dx, batch),
    tolerance: ROUNDING,
  };
}
const some = (seed: number) => (n: number) => noise(n, seed);

export const avgPoolSuite: AvgPoolCase[] = [
  ...POOLS.flatMap((s) =>
    [1, 3].flatMap((batch) => [forward(s, batch, some(1)), backward(s, batch, some(2))]),
  ),
  ...GLOBALS.flatMap((s) =>
    [1, 3].flatMap((batch) => [globalForward(s, batch, some(3)), globalBackward(s, batch, some(4))]),
  ),
  forward(POOLS[4], 2, strange, ', NaN and infinities'),
  backward(POOLS[4], 2, strange, ', NaN and infinities'),
  forward(POOLS[2], 2, (n) => new Float32Array(n), ', zeros'),
  globalForward(GLOBALS[3], 2, strange, ', NaN and infinities'),
  globalBackward(GLOBALS[3], 2, strange, ', NaN and infinities'),
];

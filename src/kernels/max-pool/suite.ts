/** Cases of max-pool/contract.ts. */
import { noise } from '../testing/bench';
import { given, made, madeWhole, type OpCase, planted, ROUNDING } from '../testing/suite';
import type { PoolShape } from './contract';

export type MaxPoolCase = OpCase<'poolForward' | 'poolBackward', PoolShape & { batch: number }>;

export const POOLS: PoolShape[] = [
  { h: 1, w: 1, c: 1, oh: 1, ow: 1, size: 1, stride: 1 },
  { h: 2, w: 2, c: 1, oh: 1, ow: 1, size: 2, stride: 2 },
  { h: 6, w: 8, c: 7, oh: 3, ow: 4, size: 2, stride: 2 },
  // The last line and column belong to no window.
  { h: 7, w: 7, c: 5, oh: 3, ow: 3, size: 2, stride: 2 },
  // Windows overlap.
  { h: 7, w: 7, c: 3, oh: 3, ow: 3, size: 3, stride: 2 },
  { h: 6, w: 6, c: 20, oh: 2, ow: 2, size: 3, stride: 3 },
];
const BATCH = 3;
const CONTENTS: Record<string, (n: number) => Float32Array> = {
  noise: (n) => noise(n, 1),
  ties: (n) => noise(n, 2).map((v) => Math.sign(Math.round(v))),
  zeros: (n) => new Float32Array(n),
  negative: (n) => noise(n, 3).map((v) => -1 - Math.abs(v)),
  NaN: (n) => planted(noise(n, 4), 0, 5, Number.NaN),
  infinities: (n) => noise(n, 5).map((v) => (v < 0 ? -Infinity : Infinity)),
};
const name = (s: PoolShape) => `${s.h}x${s.w}x${s.c}, window ${s.size}, stride ${s.stride}`;

const forward = (s: PoolShape, what: string, x: Float32Array): MaxPoolCase => ({
  op: 'poolForward',
  label: `${name(s)}, ${what}`,
  shape: { ...s, batch: BATCH },
  operands: {
    x: given(x),
    y: made(BATCH * s.oh * s.ow * s.c),
    taps: madeWhole(BATCH * s.oh * s.ow * s.c),
  },
  onMachine: (m, at) => void m.poolForward(s, at.x, at.y, at.taps, BATCH),
  tolerance: 0,
});
const backward = (s: PoolShape, what: string, dy: Float32Array): MaxPoolCase => ({
  op: 'poolBackward',
  label: `${name(s)}, ${what}`,
  shape: { ...s, batch: BATCH },
  operands: {
    dy: given(dy),
    taps: given(Uint32Array.from(dy, (_, i) => (i * 7) % (s.size * s.size))),
    dx: made(BATCH * s.h * s.w * s.c),
  },
  onMachine: (m, at) => void m.poolBackward(s, at.dy, at.taps, at.dx, BATCH),
  tolerance: ROUNDING,
});

export const maxPoolSuite: MaxPoolCase[] = POOLS.flatMap((s) => [
  ...Object.entries(CONTENTS).map(([what, of]) => forward(s, what, of(BATCH * s.h * s.w * s.c))),
  backward(s, 'noise', noise(BATCH * s.oh * s.ow * s.c, 6)),
  backward(s, 'NaN', planted(noise(BATCH * s.oh * s.ow * s.c, 7), 1, 6, Number.NaN)),
]);

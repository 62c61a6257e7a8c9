/** Cases of fake-quant/contract.ts. */
import { noise } from '../testing/bench';
import { given, made, type OpCase, planted } from '../testing/suite';
import type { FakeQuantShape } from './contract';

/** Scalar `finite`: 1 or 0 for what the op returns. Only finite kept weights are in here. */
export type FakeQuantCase = OpCase<'fakeQuant', FakeQuantShape & { masked: boolean }>;

const SIZES: [n: number, channels: number][] = [
  [1, 1],
  [7, 7],
  [39, 13],
  [80, 20],
  [300, 4],
  [1300, 10],
  [786, 262],
];
const maskOf = (n: number) => Uint8Array.from({ length: n }, (_, i) => (i % 3 === 1 ? 0 : 0xff));

export function quantCase(s: FakeQuantShape, w: Float32Array, mask?: Uint8Array, what = ''): FakeQuantCase {
  return {
    op: 'fakeQuant',
    label: `${s.n} weights, ${s.ranges} ranges, ${s.bits} bits, ${s.scheme}${mask ? ', masked' : ''}${what}`,
    shape: { ...s, masked: mask !== undefined },
    operands: { w: given(w), ...(mask ? { mask: given(mask) } : {}), y: made(s.n) },
    onMachine: (m, at) => ({ finite: m.fakeQuant(s, at.w, mask ? at.mask : 0, at.y) ? 1 : 0 }),
    tolerance: 0,
  };
}
const schemes = ['affine', 'symmetric'] as const;
const wild = (n: number) => planted(planted(noise(n, 2), 1, 6, Number.NaN), 4, 6, -Infinity);
const shapes = (n: number, channels: number): FakeQuantShape[] =>
  [...new Set([1, channels])].flatMap((ranges) =>
    [1, 2, 4, 8].flatMap((bits) => schemes.map((scheme) => ({ n, ranges, bits, scheme }))),
  );

export const fakeQuantSuite: FakeQuantCase[] = [
  ...SIZES.flatMap(([n, channels]) =>
    shapes(n, channels).flatMap((s) => [quantCase(s, noise(n, 1)), quantCase(s, noise(n, 1), maskOf(n))]),
  ),
  ...shapes(60, 4).flatMap((s) => [
    quantCase(s, wild(60), maskOf(60), ', NaN and infinities where pruned'),
    quantCase(s, new Float32Array(60), undefined, ', zeros'),
    quantCase(s, noise(60, 3), new Uint8Array(60), ', all pruned'),
    quantCase(
      s,
      noise(60, 4).map((v) => 1 + Math.abs(v)),
      undefined,
      ', all positive',
    ),
    quantCase(
      s,
      noise(60, 5).map((v) => v * 1e-13),
      undefined,
      ', smaller than the least scale',
    ),
    // Half-way between two codes of many scales.
    quantCase(
      s,
      Float32Array.from({ length: 60 }, (_, i) => (i - 30) / 2),
      undefined,
      ', halves',
    ),
  ]),
];

/** Cases of mask/contract.ts. */
import { noise } from '../testing/bench';
import { changed, given, made, type OpCase, planted } from '../testing/suite';

export type MaskCase = OpCase<'applyMask', { n: number; inPlace: boolean }>;

/** The first two of every three are pruned, or all, or none. */
const MASKS = {
  'a third kept': (i: number) => (i % 3 === 2 ? 0xff : 0),
  'all kept': () => 0xff,
  'none kept': () => 0,
};
const strange = (n: number) => planted(planted(noise(n, 1), 0, 4, Number.NaN), 1, 5, -Infinity);

export const maskSuite: MaskCase[] = [1, 3, 4, 7, 60, 61].flatMap((n) =>
  Object.entries(MASKS).flatMap(([what, of]) =>
    [false, true].map(
      (inPlace): MaskCase => ({
        op: 'applyMask',
        label: `${n} values, ${what}${inPlace ? ', in place' : ''}`,
        shape: { n, inPlace },
        operands: {
          x: inPlace ? changed(strange(n)) : given(strange(n)),
          mask: given(Uint8Array.from({ length: n }, (_, i) => of(i))),
          ...(inPlace ? {} : { y: made(n) }),
        },
        onMachine: (m, at) => void m.applyMask(at.x, at.mask, inPlace ? at.x : at.y, n),
        tolerance: 0,
      }),
    ),
  ),
);

/** Cases of scores/contract.ts: odd sizes, masks, scores at which everything or nothing is there, zeros, NaN. */
import { noise } from '../testing/bench';
import { changed, given, made, type OpCase, planted, ROUNDING } from '../testing/suite';
import type { DrawSeed } from './contract';

export type ScoreCase =
  | OpCase<'drawWeights', { n: number; alive: number; seed: DrawSeed; masked: boolean }>
  | OpCase<'scoreGradient', { n: number; factor: number; drawn: boolean }>;

const SEED: DrawSeed = [0x12345678, -7, 0x0badcafe];
const SIZES = [1, 3, 4, 7, 60, 257];
const maskOf = (n: number) => Uint8Array.from({ length: n }, (_, i) => (i % 3 === 1 ? 0 : 0xff));
const strange = (n: number) =>
  [0, -0, 40, -40, 200, -200, Number.NaN, Infinity, -Infinity].reduce(
    (s, value, k) => planted(s, k, 13, value),
    noise(n, 7),
  );

const draw = (s: Float32Array, what: string, rescale: boolean, mask?: Uint8Array): ScoreCase => {
  const n = s.length;
  const alive = rescale ? (mask?.filter((m) => m > 0).length ?? n) : 0;
  return {
    op: 'drawWeights',
    label: `${n} ${what}${rescale ? ', rescaled' : ''}${mask ? ', masked' : ''}`,
    shape: { n, alive, seed: SEED, masked: mask !== undefined },
    operands: { w: given(noise(n, 1)), s: given(s), ...(mask && { mask: given(mask) }), y: made(n) },
    onMachine: (m, at) => ({ there: m.drawWeights(at.w, at.s, mask ? at.mask : 0, at.y, n, alive, SEED) }),
    tolerance: rescale ? ROUNDING : 0,
  };
};
const gradient = (s: Float32Array, what: string, drawn: boolean): ScoreCase => ({
  op: 'scoreGradient',
  label: `${s.length} ${what}, ${drawn ? 'drawn' : 'by sign'}`,
  shape: { n: s.length, factor: 1.5, drawn },
  operands: { g: changed(noise(s.length, 2)), w: given(noise(s.length, 3)), s: given(s) },
  onMachine: (m, at) => void m.scoreGradient(at.g, at.w, at.s, s.length, 1.5, drawn),
  tolerance: ROUNDING,
});

export const scoreSuite: ScoreCase[] = SIZES.flatMap((n) =>
  [false, true].flatMap((on) => [
    draw(noise(n, 4), 'scores', on),
    draw(noise(n, 5), 'scores', on, maskOf(n)),
    draw(strange(n), 'strange scores', on),
    draw(new Float32Array(n), 'zeros', on),
    draw(noise(n, 6), 'scores, all pruned', on, new Uint8Array(n)),
    gradient(noise(n, 4), 'scores', on),
    gradient(strange(n), 'strange scores', on),
  ]),
);
